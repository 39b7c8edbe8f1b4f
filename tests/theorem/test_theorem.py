"""The consent theorem over HTTP: what was not released for a purpose changes no byte, log line, figure or write.

PAIRS says how many pairs of shops are tried for each call (1,000 by default), SEED where drawing begins.
"""

import pytest

from tests.theorem.calls import CALLS
from tests.theorem.telling import tell_none_apart

ABOUT_SOMEBODY = [call for call in CALLS if call.relation != "nothing"]


@pytest.mark.no_cover  # counting lines would take as long as the theorem itself
@pytest.mark.parametrize("call", ABOUT_SOMEBODY, ids=lambda call: call.name)
def test_two_shops_that_agree_on_what_was_released_cannot_be_told_apart(call, together, two_shops, world, request):
    tell_none_apart(request.node, together, two_shops, world)
