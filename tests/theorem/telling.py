"""Whether a call tells two shops apart that agree in its sense; if so, the smallest pair of them that shows it."""

import os

import pytest

from tests.theorem.calls import Call, Request
from tests.theorem.pairs import Pair, World, shrunk
from tests.theorem.together import Together
from tests.theorem.twins import Twins

PAIRS = int(os.environ.get("PAIRS", "1000"))


def tell_none_apart(item: pytest.Function, together: Together, two_shops: Twins, world: World) -> None:
    """Fail if this item's call tells any pair apart."""

    def difference(call: Call, asked: Request, pair: Pair) -> str | None:
        return two_shops.difference(pair, asked, besides=call.besides)

    found = together.first_wrong(item, difference, pairs=PAIRS)

    if found is not None:
        call = item.callspec.params["call"]
        pytest.fail(f"{found}\n{_smallest(call, found.request, found.pair, two_shops, world)}")


def _smallest(call: Call, request: Request, pair: Pair, two_shops: Twins, world: World) -> str:
    def difference(each: Pair) -> str | None:
        return two_shops.difference(each, request, besides=call.besides)

    def still(each: Pair) -> bool:
        return world.agree(each, call.relation) and difference(each) is not None

    small = pair if os.environ.get("SHRINK") == "no" else shrunk(pair, still)
    return f"{small}\n{difference(small)}"
