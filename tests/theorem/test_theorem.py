"""The consent theorem over HTTP: what was not released for a purpose changes no byte, log line, figure or write.

PAIRS says how many pairs of shops are tried for each call (1,000 by default), SEED where drawing begins.
"""

import os

import pytest

from tests.theorem.calls import CALLS
from tests.theorem.pairs import shrunk

PAIRS = int(os.environ.get("PAIRS", "1000"))
IN_GROUPS = [pytest.param(each, id=each.name, marks=pytest.mark.xdist_group(each.relation)) for each in CALLS]


@pytest.mark.no_cover  # counting lines would take as long as the theorem itself
@pytest.mark.parametrize("call", IN_GROUPS)
def test_two_shops_that_agree_on_what_was_released_cannot_be_told_apart(call, together, two_shops, world, request):
    def difference(each, asked, pair):
        return two_shops.difference(pair, asked, besides=each.besides)

    found = together.first_wrong(request.node, difference, pairs=PAIRS)

    if found is not None:
        pytest.fail(f"{found}\n{told_apart(call, found.request, found.pair, two_shops, world)}")


def told_apart(call, request, pair, two_shops, world):
    """The smallest pair that this request still tells apart."""

    def still(each):
        return (
            world.agree(each, call.relation) and two_shops.difference(each, request, besides=call.besides) is not None
        )

    small = pair if os.environ.get("SHRINK") == "no" else shrunk(pair, still)
    difference = two_shops.difference(small, request, besides=call.besides)
    return f"{small}\n{difference}"
