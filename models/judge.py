"""The gate: a model is judged on orders later than those it was fitted on, and must beat popularity clearly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.baskets import Basket
from models.choice import without_consent
from models.dataset import Case, cases_of
from models.metrics import Metrics, Score, metrics_of, ranks, standard_error
from models.parts import BlendWeights, Parts

JUDGED_ON = 0.2
FEWEST_CASES = 50
ERRORS_AHEAD = 2.0
BASELINES = {"popularity": "popularity", "conditional": "conditional probability"}


class NotPublished(Exception):
    """The model must not go into service; the message says why."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the model and its baselines did on the same cases, and why it must not be published (None: it may)."""

    metrics: Mapping[str, Metrics]
    reason: str | None

    def as_json(self) -> dict[str, object]:
        """The manifest's form."""
        return {name: metrics.as_json() for name, metrics in self.metrics.items()}


def split(baskets: Sequence[Basket], share: float = JUDGED_ON) -> tuple[Sequence[Basket], Sequence[Basket]]:
    """Earlier and later baskets (given by time); baskets of one moment stay on one side."""
    cut = round(len(baskets) * (1 - share))
    while 0 < cut < len(baskets) and baskets[cut - 1].ordered_at == baskets[cut].ordered_at:
        cut -= 1
    return baskets[:cut], baskets[cut:]


def judge(parts: Parts, weights: BlendWeights, later: Sequence[Basket]) -> Verdict:
    """Rank every later item with the blend and its baselines, which its lead must exceed by two standard errors."""
    cases = [without_consent(case) for case in cases_of(later, parts.vocabulary)]
    return judge_scores(
        parts.blended(weights).scores,
        {name: parts.scorers[name].scores for name in BASELINES},
        cases,
        parts.vocabulary.sold,
    )


def judge_scores(
    model: Score, baselines: Mapping[str, Score], cases: Sequence[Case], sold: NDArray[np.bool_] | None = None
) -> Verdict:
    """Rank every case's item with all: the lead in reciprocal rank must exceed two of its standard errors."""
    if len(cases) < FEWEST_CASES:
        return Verdict({}, f"only {len(cases)} items of the later orders can judge it; {FEWEST_CASES} are needed")
    ours = ranks(model, cases, sold)
    metrics = {"model": metrics_of(ours)}
    reasons = []
    for name, baseline in baselines.items():
        theirs = ranks(baseline, cases, sold)
        metrics[name] = metrics_of(theirs)
        lead = 1 / ours - 1 / theirs
        needed = ERRORS_AHEAD * standard_error(lead)
        if float(lead.mean()) <= needed:
            reasons.append(
                f"it does not clearly beat {BASELINES.get(name, name)} on later orders: its MRR is ahead by "
                f"{float(lead.mean()):.4f}, and must be by more than {needed:.4f} (two standard errors)"
            )
    return Verdict(metrics, "; ".join(reasons) or None)
