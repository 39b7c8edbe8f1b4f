"""The theorem where nothing is released: guests, and whoever a call is not about, learn nothing of what is stored.

A file of its own, so that a second process can try it; PAIRS and SEED are as in the other.
"""

import pytest

from tests.theorem.calls import CALLS
from tests.theorem.telling import tell_none_apart

ABOUT_NOBODY = [call for call in CALLS if call.relation == "nothing"]


@pytest.mark.no_cover  # as in the other
@pytest.mark.parametrize("call", ABOUT_NOBODY, ids=lambda call: call.name)
def test_two_shops_that_agree_on_nothing_cannot_be_told_apart(call, together, two_shops, world, request):
    tell_none_apart(request.node, together, two_shops, world)
