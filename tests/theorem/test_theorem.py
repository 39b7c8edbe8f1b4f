"""The consent theorem over HTTP: what was not released for a purpose changes no byte, no log line, no figure, no write.

PAIRS says how many pairs of shops are tried for each call (60 by default), SEED where drawing begins.
"""

import os
from random import Random

import pytest

from tests.theorem.calls import CALLS
from tests.theorem.pairs import shrunk

PAIRS = int(os.environ.get("PAIRS", "60"))
SEED = os.environ.get("SEED", "begleiter")


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_two_shops_that_agree_on_what_was_released_cannot_be_told_apart(call, two_shops, world, keys):
    for number in range(PAIRS):
        rng = Random(f"{SEED} {call.name} {number}")
        request = call.request(rng, keys)
        pair = world.pair(rng, call.relation)

        difference = two_shops.difference(pair, request, besides=call.besides)

        if difference is not None:
            pytest.fail(f"pair {number} of seed {SEED}: {request}\n{told_apart(call, request, pair, two_shops, world)}")


def told_apart(call, request, pair, two_shops, world):
    """The smallest pair that this request still tells apart."""

    def still(each):
        return (
            world.agree(each, call.relation) and two_shops.difference(each, request, besides=call.besides) is not None
        )

    small = pair if os.environ.get("SHRINK") == "no" else shrunk(pair, still)
    difference = two_shops.difference(small, request, besides=call.besides)
    return f"{small}\n{difference}"
