"""How far what the running service meets is from what a model met in the orders that it was judged on."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.cross_sell.refusal import ArtefactRefused
from service.cross_sell.request import OCCASIONS, Occasion
from service.cross_sell.told import Told

STRENGTHS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
"""Upper edges of the buckets in which strengths of first suggestions are counted; the last bucket is open."""

SHIFTING, SHIFTED = (
    0.1,
    0.25,
)  # the usual limits of the population stability index (Siddiqi 2006, Credit Risk Scorecards)
MORE_UNKNOWN = 0.05  # of the baskets
FEWEST = 500  # of either side: below, chance alone gives an index of about 9 (1/n + 1/m) with ten buckets
SMOOTHED = 0.5  # counted into every bucket, so that an empty one has a logarithm


@dataclass(frozen=True, slots=True)
class Met:
    """Baskets of one occasion: how many, how many hold a product never bought in the orders before, and strengths.

    `strengths` counts, by bucket, how strongly a basket spoke for what was suggested first; without a suggestion of the
    model there is none.
    """

    baskets: int = 0
    unknown: int = 0
    strengths: tuple[int, ...] = (0,) * (len(STRENGTHS) + 1)

    def as_json(self) -> dict[str, object]:
        """The manifest's form."""
        return {"baskets": self.baskets, "unknown": self.unknown, "strengths": list(self.strengths)}


@dataclass(frozen=True, slots=True)
class Reference:
    """What a model met, by occasion, in orders from one day to another."""

    since: str
    until: str
    met: Mapping[Occasion, Met]

    def as_json(self) -> dict[str, object]:
        """The manifest's form."""
        met = {occasion: each.as_json() for occasion, each in self.met.items()}
        return {"from": self.since, "until": self.until, "strengths_up_to": list(STRENGTHS), "occasions": met}


def reference_in(everything: Mapping[str, object]) -> Reference | None:
    """The one in a manifest; None if it has none, or one in other buckets. Raises `ArtefactRefused`."""
    if everything.get("reference") is None:
        return None
    told = Told(everything).inner("reference")
    if told.numbers("strengths_up_to") != STRENGTHS:
        return None
    met: dict[Occasion, Met] = {}
    for occasion in OCCASIONS:
        each = told.inner("occasions").inner(occasion)
        met[occasion] = Met(each.whole("baskets"), each.whole("unknown"), each.whole_numbers("strengths"))
        if len(met[occasion].strengths) != len(STRENGTHS) + 1:
            raise ArtefactRefused("the manifest's reference has another number of buckets than it says")
    return Reference(told.text("from"), told.text("until"), met)


def stability_index(expected: Sequence[int], found: Sequence[int]) -> float:
    """The population stability index of two histograms: sum of (p - q) ln(p / q), 0 where they are alike."""
    before, now = _shares(expected), _shares(found)
    return sum((q - p) * math.log(q / p) for p, q in zip(before, now, strict=True))


def drift(reference: Met, running: Met) -> Iterator[str]:
    """What is to be said of one occasion, in sentences: how its scores and its unknown products compare."""
    scored, before = sum(running.strengths), sum(reference.strengths)
    if min(scored, before) < FEWEST:
        yield f"scores: too few to compare ({scored} now, {before} in its orders; {FEWEST} of each are needed)"
    else:
        yield f"scores {_moved(stability_index(reference.strengths, running.strengths))}"
    if min(running.baskets, reference.baskets) < FEWEST:
        yield f"unknown products: too few baskets to compare ({running.baskets} now, {reference.baskets} in its orders)"
        return
    now, then = running.unknown / running.baskets, reference.unknown / reference.baskets
    verdict = (
        f"more than {MORE_UNKNOWN * 100:.0f} points ahead: retrain" if now - then > MORE_UNKNOWN else "no drift in that"
    )
    yield f"{now:.1%} hold a product that nobody had bought, {then:.1%} did in its orders; {verdict}"


def _moved(index: float) -> str:
    if index < SHIFTING:
        return f"are spread as in its orders (PSI {index:.2f}, below {SHIFTING:g})"
    if index < SHIFTED:
        return f"begin to shift (PSI {index:.2f}, {SHIFTING:g} or more): look again soon"
    return f"have shifted (PSI {index:.2f}, {SHIFTED:g} or more): retrain, or find out what changed in shop or pages"


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts) + SMOOTHED * len(counts)
    return [(count + SMOOTHED) / total for count in counts]
