"""Choosing the blend: how much each scorer counts, by the size of the basket, on orders that none was fitted on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.dataset import Case
from models.metrics import FEW, MANY, Ranks, ranks_in, standard_error
from models.parts import BlendWeights
from service.cross_sell.blend import Scorer
from service.cross_sell.factors import Context, Floats

GRID = (0.0, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0, 1.5, 2.5, 4.0)  # beside the best scorer's 1, scores of equal spread
MOST_CELLS = 12_000_000  # cases by products that one scorer's scores are kept for while weights are tried
SIZES = (1, 2, 3, 5, 9, 17)
FEWEST_OF_A_SIZE = 200
SWEEPS = 3
ERRORS_AHEAD = 1.0  # that weights of a basket size must be better than those of all sizes

Weights = tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Trial:
    """Every scorer's scores for some cases, spread alike, and the products that may be ranked.

    `starts`: where the cases of one basket begin, if only the best ranked item of each basket counts.
    """

    scores: Sequence[Floats]
    targets: NDArray[np.intp]
    allowed: NDArray[np.bool_]
    starts: NDArray[np.intp] | None = None

    def merit(self, weights: Weights) -> NDArray[np.float64]:
        """How well each case's item is found: the mean of a hit among 5, a hit among 10, and its reciprocal rank."""
        return self.merit_of_total(self.total(weights))

    def total(self, weights: Weights) -> Floats:
        """The weighted sum of the scores."""
        total = np.zeros_like(self.scores[0])
        for weight, scores in zip(weights, self.scores, strict=True):
            if weight:
                total += np.float32(weight) * scores
        return total

    def merit_of_total(self, total: Floats) -> NDArray[np.float64]:
        """The same for scores that are summed already."""
        found = ranks_in(total, self.targets, self.allowed)
        return merit_of(found if self.starts is None else np.minimum.reduceat(found, self.starts))

    def of(self, cases: NDArray[np.bool_]) -> "_Trial":
        """The same for some of the cases."""
        return _Trial([scores[cases] for scores in self.scores], self.targets[cases], self.allowed[cases])


def merit_of(found: Ranks) -> NDArray[np.float64]:
    """What the blend is chosen by, for each rank."""
    return ((found <= FEW) + (found <= MANY) + 1 / found) / 3


def choose(scorers: Mapping[str, Scorer], cases: Sequence[Case], sold: NDArray[np.bool_], seed: int) -> BlendWeights:
    """The weights of the blend that finds the cases' items best; each may be 0.

    Starts from the best single scorer and only ever takes what finds more, so no part alone is better on these cases.
    Weights of their own for a class of basket sizes are taken where they are better by a standard error.
    """
    picked = _picked(cases, len(sold), seed)
    spread, trial = _trial(scorers, picked, sold)
    overall = _ascended(trial, _best_single(trial))
    sizes, by_size = [SIZES[0]], [overall]
    for size, members in _classes(np.array([len(case.context.basket) for case in picked])):
        own = _own(trial.of(members), overall)
        if size == SIZES[0]:
            by_size = [own]
        elif own != by_size[-1]:
            sizes, by_size = [*sizes, size], [*by_size, own]
    opened, opening = _opening(scorers, picked, sold)
    return BlendWeights(
        sizes=tuple(sizes),
        by_scorer={
            name: tuple(_plain(weights[at] / spread[at]) for weights in by_size) for at, name in enumerate(scorers)
        },
        opening={name: _plain(opening[at] / opened[at]) for at, name in enumerate(scorers)},
    )


def opening_cases(cases: Sequence[Case]) -> tuple[list[Case], NDArray[np.intp]]:
    """A basket's beginning: each held-out item alone as the context, and then every other item as a target.

    The second part says where each beginning's cases start.
    """
    starts = np.cumsum([0, *(len(case.context.basket) for case in cases)])
    begun = [
        Case(Context(np.array([case.target]), case.context.traits, case.context.past, opening=True), int(other))
        for case in cases
        for other in case.context.basket
    ]
    return begun, starts[:-1]


def _opening(
    scorers: Mapping[str, Scorer], cases: Sequence[Case], sold: NDArray[np.bool_]
) -> tuple[list[float], Weights]:
    most = max(1, MOST_CELLS // max(len(sold), 1))
    begun, starts = opening_cases(cases)
    ends = np.append(starts[1:], len(begun))
    fitting = max(1, int(np.searchsorted(ends, most, side="right")))
    begun, starts = begun[: ends[fitting - 1]], starts[:fitting]
    spread, trial = _trial(scorers, begun, sold)
    trial = replace(trial, starts=starts)
    return spread, _ascended(trial, _best_single(trial))


def _picked(cases: Sequence[Case], products: int, seed: int) -> Sequence[Case]:
    most = max(1, MOST_CELLS // max(products, 1))
    if len(cases) <= most:
        return cases
    chosen = np.random.default_rng(seed).choice(len(cases), most, replace=False)
    return [cases[number] for number in chosen]


def _trial(scorers: Mapping[str, Scorer], cases: Sequence[Case], sold: NDArray[np.bool_]) -> tuple[list[float], _Trial]:
    scores = [np.stack([scorer.scores(case.context) for case in cases]) for scorer in scorers.values()]
    spread = [float(each[:, sold].std(axis=1).mean()) or 1.0 for each in scores]
    scores = [each / np.float32(width) for each, width in zip(scores, spread, strict=True)]
    allowed = np.repeat(sold[None], len(cases), axis=0)
    for row, case in enumerate(cases):
        allowed[row, case.context.basket] = False
    return spread, _Trial(scores, np.array([case.target for case in cases], dtype=np.intp), allowed)


def _best_single(trial: _Trial) -> Weights:
    singles = [tuple(np.eye(len(trial.scores))[at].tolist()) for at in range(len(trial.scores))]
    return max(singles, key=lambda weights: float(trial.merit(weights).mean()))


def _ascended(trial: _Trial, weights: Weights) -> Weights:
    """Weight after weight, the value of the grid that finds most, until none finds more."""
    best = float(trial.merit(weights).mean())
    for _ in range(SWEEPS):
        before = weights
        for at in range(len(weights)):
            best, weights = _best_value(trial, weights, at, best)
        if weights == before:
            break
    return weights


def _best_value(trial: _Trial, weights: Weights, at: int, best: float) -> tuple[float, Weights]:
    others = (*weights[:at], 0.0, *weights[at + 1 :])
    rest = trial.total(others)
    for value in GRID:
        tried = (*weights[:at], value, *weights[at + 1 :])
        if not any(tried) or tried == weights:
            continue
        merit = float(trial.merit_of_total(rest + np.float32(value) * trial.scores[at]).mean())
        if merit > best:
            best, weights = merit, tried
    return best, weights


def _own(trial: _Trial, overall: Weights) -> Weights:
    own = _ascended(trial, overall)
    lead = trial.merit(own) - trial.merit(overall)
    return own if float(lead.mean()) > ERRORS_AHEAD * standard_error(lead) else overall


def _classes(counts: NDArray[np.intp]) -> Sequence[tuple[int, NDArray[np.bool_]]]:
    """Classes of basket sizes with enough cases, each by its smallest size; the first holds all below the second."""
    bounds = [SIZES[0]]
    for size in SIZES[1:]:
        enough_below = np.count_nonzero((counts >= bounds[-1]) & (counts < size)) >= FEWEST_OF_A_SIZE
        if enough_below and np.count_nonzero(counts >= size) >= FEWEST_OF_A_SIZE:
            bounds.append(size)
    ends = [*bounds[1:], np.iinfo(np.intp).max]
    return [(start, (counts >= start) & (counts < end)) for start, end in zip(bounds, ends, strict=True)]


def _plain(weight: float) -> float:
    return float(f"{weight:.6g}")
