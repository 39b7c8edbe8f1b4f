"""Many calls asked of the same pairs of shops: to draw a pair and to set it up costs more than most calls."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import pytest

from tests.theorem.calls import Call, Keys, Request
from tests.theorem.pairs import Pair, Relation, World

SEED = os.environ.get("SEED", "begleiter")

Judge = Callable[[Call, Request, Pair], object]
"""What is wrong with the reply to this request in this pair of shops; None if nothing is."""


@dataclass(frozen=True)
class Found:
    """The first pair in which something is wrong with a call."""

    number: int
    request: Request
    pair: Pair
    wrong: object

    def __str__(self) -> str:
        return f"pair {self.number} of seed {SEED}: {self.request}\n{self.wrong}"


@dataclass(frozen=True)
class Together:
    """The calls of a test that agree in the same sense are tried when the first of them has its turn."""

    items: Sequence[pytest.Function]
    world: World
    keys: Keys
    known: dict[object, dict[str, Found]] = field(default_factory=dict)

    def first_wrong(
        self, item: pytest.Function, judge: Judge, *, pairs: int, agreed: Relation | None = None
    ) -> Found | None:
        """The first pair in which something is wrong with this item's call. The pairs agree as given, or as it says."""
        call = item.callspec.params["call"]
        relation = agreed or call.relation
        which = (item.function, relation)
        if which not in self.known:
            calls = [each.callspec.params["call"] for each in self.items if each.function is item.function]
            alike = [each for each in calls if (agreed or each.relation) == relation]
            self.known[which] = self._tried(alike, relation, judge, pairs)
        return self.known[which].get(call.name)

    def _tried(self, calls: list[Call], relation: Relation, judge: Judge, pairs: int) -> dict[str, Found]:
        found: dict[str, Found] = {}
        for number in range(pairs):
            pair = self.world.pair(Random(f"{SEED} {relation} {number}"), relation)
            for call in calls:
                request = call.request(Random(f"{SEED} {call.name} {number}"), self.keys)
                wrong = judge(call, request, pair)
                if wrong is not None:
                    found[call.name] = Found(number, request, pair, wrong)
            calls = [call for call in calls if call.name not in found]
            if not calls:
                break
        return found
