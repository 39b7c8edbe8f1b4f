"""Hit rate and reciprocal rank over held-out items, with standard errors."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.dataset import Case
from service.cross_sell.factors import Context, Floats

Score = Callable[[Context], NDArray[np.floating]]
Ranks = NDArray[np.int64]
FEW, MANY = 5, 10


@dataclass(frozen=True, slots=True)
class Metrics:
    """HR@5, HR@10 and MRR of one scorer over cases; errors are standard errors of the mean."""

    cases: int
    hit_5: float
    hit_5_error: float
    hit_10: float
    hit_10_error: float
    reciprocal_rank: float
    reciprocal_rank_error: float

    def __str__(self) -> str:
        return f"HR@5={self.hit_5:.3f} HR@10={self.hit_10:.3f} MRR={self.reciprocal_rank:.3f}"

    def as_json(self) -> dict[str, object]:
        """The manifest's form, rounded to what the number of cases can bear."""
        return {
            "cases": self.cases,
            "hr_5": round(self.hit_5, 4),
            "hr_5_error": round(self.hit_5_error, 4),
            "hr_10": round(self.hit_10, 4),
            "hr_10_error": round(self.hit_10_error, 4),
            "mrr": round(self.reciprocal_rank, 4),
            "mrr_error": round(self.reciprocal_rank_error, 4),
        }


def ranks(score: Score, cases: Iterable[Case], among: NDArray[np.bool_] | None = None) -> Ranks:
    """The rank of each held-out item, from 1, among all products outside its context; ties go by position.

    `among` leaves out the products that it is false for.
    """
    return np.array([rank_of(score(case.context), case, among) for case in cases], dtype=np.int64)


def rank_of(scores: NDArray[np.floating], case: Case, among: NDArray[np.bool_] | None = None) -> int:
    """The held-out item's rank among these scores."""
    allowed = np.ones(len(scores), dtype=bool) if among is None else among.copy()
    allowed[case.context.basket] = False
    return int(ranks_in(scores[None], np.array([case.target]), allowed[None])[0])


def ranks_in(scores: NDArray[np.floating], targets: NDArray[np.intp], allowed: NDArray[np.bool_]) -> Ranks:
    """The rank of each row's target among the row's allowed products (cases, products), from 1; ties by position."""
    own = np.take_along_axis(scores, targets[:, None], axis=1)
    tied_before = (scores == own) & (np.arange(scores.shape[1]) < targets[:, None])
    ahead = ((scores > own) | tied_before) & allowed
    found: Ranks = 1 + np.count_nonzero(ahead, axis=1)
    return found


def metrics_of(found: Ranks) -> Metrics:
    """The means over the ranks (at least one)."""
    reciprocal = 1 / found
    return Metrics(
        cases=len(found),
        hit_5=float(np.mean(found <= FEW)),
        hit_5_error=standard_error((found <= FEW).astype(np.float64)),
        hit_10=float(np.mean(found <= MANY)),
        hit_10_error=standard_error((found <= MANY).astype(np.float64)),
        reciprocal_rank=float(reciprocal.mean()),
        reciprocal_rank_error=standard_error(reciprocal),
    )


def standard_error(values: NDArray[np.float64]) -> float:
    """Of the mean of independent values; 0 for a single one."""
    return float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0.0


def by_counts(counts: NDArray[np.int64]) -> Score:
    """Score every product by how often it was bought, whatever the context."""
    scores: Floats = counts.astype(np.float32)
    return lambda _: scores
