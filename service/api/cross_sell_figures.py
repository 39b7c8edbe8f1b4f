"""How cross-sell is doing: does the model know the baskets, how strongly does it speak, what comes of it. No ids."""

from typing import Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Histogram

from service.cross_sell.drift import STRENGTHS
from service.cross_sell.request import Occasion
from service.cross_sell.suggestions import Kind, Suggestions

Outcome = Literal["clicked", "bought"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


class CrossSellFigures:
    """Counters whose labels are words of this service alone."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._replies = Counter(
            "begleiter_cross_sell_replies",
            "Replies with suggestions, by occasion and by what was missing for them.",
            ("occasion", "degraded"),
            registry=registry,
        )
        self._baskets = Counter(
            "begleiter_cross_sell_baskets",
            "Baskets, by how many of their products were bought in the orders that the model learnt from.",
            ("known", "model", "occasion"),
            registry=registry,
        )
        self._strength = Histogram(
            "begleiter_cross_sell_strength",
            "How much the basket adds to the score of the strongest suggestion.",
            ("model", "occasion"),
            buckets=STRENGTHS,
            registry=registry,
        )
        self._suggestions = Counter(
            "begleiter_suggestions",
            "Suggestions by kind and by what came of them.",
            ("kind", "outcome"),
            registry=registry,
        )

        self._children: dict[tuple[Counter, tuple[str, ...]], Counter] = {}
        self._strengths: dict[tuple[str, Occasion], Histogram] = {}

    def replied(self, occasion: Occasion, suggestions: Suggestions) -> None:
        """Count one reply and what it shows."""
        self._count(self._replies, occasion, suggestions.degraded or "nothing")
        model = suggestions.version or "none"
        self._count(self._baskets, suggestions.known, model, occasion)
        strengths = [each.strength for each in suggestions.found if each.strength is not None]
        if strengths and suggestions.degraded is None:
            self._observed(model, occasion).observe(max(strengths))
        kinds = [each.kind for each in suggestions.found]
        for kind in dict.fromkeys(kinds):
            self._count(self._suggestions, kind, "shown", times=kinds.count(kind))

    def came_of(self, kind: Kind, outcome: Outcome) -> None:
        """Count what a frontend tells of one suggestion."""
        self._count(self._suggestions, kind, outcome)

    def _observed(self, model: str, occasion: Occasion) -> Histogram:
        child = self._strengths.get((model, occasion))
        if child is None:
            child = self._strengths[model, occasion] = self._strength.labels(model, occasion)
        return child

    def _count(self, counter: Counter, *labels: str, times: int = 1) -> None:
        child = self._children.get((counter, labels))
        if child is None:
            child = self._children[counter, labels] = counter.labels(*labels)
        child.inc(times)
