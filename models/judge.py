"""How a model does on later orders: beside its baselines, beside the model in service, and how one-sided it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.baskets import Basket
from models.choice import without_consent
from models.dataset import Case, cases_of
from models.metrics import Metrics, Ranks, Score, metrics_of, ranks, standard_error
from models.parts import BlendWeights, Parts

JUDGED_ON = 0.2
FEWEST_CASES = 50
ERRORS_AHEAD = 2.0
MOST_CASES = 20_000
BASELINES = {"popularity": "popularity", "conditional": "conditional probability"}


class NotPublished(Exception):
    """The model must not go into service; the message says why."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure that must stay on the right side of its limit, and what is wrong if it does not."""

    value: float
    limit: float
    wrong: str
    at_least: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether the limit is kept."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def as_json(self) -> dict[str, object]:
        """The manifest's form."""
        return {"value": round(self.value, 4), "at_least" if self.at_least else "at_most": self.limit}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the model and its baselines did on the same cases, and why it must not be published (nothing: it may)."""

    metrics: Mapping[str, Metrics]
    reasons: tuple[str, ...] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict)
    exposure: Mapping[str, object] = field(default_factory=dict)

    @property
    def reason(self) -> str | None:
        """All that speaks against it, None if it may be published."""
        wrong = (f"{measure.wrong} ({_beside(measure)})" for measure in self.measures.values() if not measure.is_kept)
        return "; ".join((*self.reasons, *wrong)) or None

    def as_json(self) -> dict[str, object]:
        """The manifest's form."""
        return {name: metrics.as_json() for name, metrics in self.metrics.items()}

    def limits_as_json(self) -> dict[str, object]:
        """The figures that limits are set for, in the manifest's form."""
        return {name: measure.as_json() for name, measure in self.measures.items()}


def split(baskets: Sequence[Basket], share: float = JUDGED_ON) -> tuple[Sequence[Basket], Sequence[Basket]]:
    """Earlier and later baskets (given by time); baskets of one moment stay on one side."""
    cut = round(len(baskets) * (1 - share))
    while 0 < cut < len(baskets) and baskets[cut - 1].ordered_at == baskets[cut].ordered_at:
        cut -= 1
    return baskets[:cut], baskets[cut:]


def judged_cases(baskets: Sequence[Basket], parts: Parts, seed: int) -> Sequence[Case]:
    """The cases of the baskets, a seeded sample if there are very many."""
    return a_sample(list(cases_of(baskets, parts.vocabulary)), seed)


def a_sample(cases: Sequence[Case], seed: int) -> Sequence[Case]:
    """The cases, or as many of them as can be judged in minutes, in their order."""
    if len(cases) <= MOST_CASES:
        return cases
    return [cases[at] for at in np.sort(np.random.default_rng(seed).choice(len(cases), MOST_CASES, replace=False))]


def judge(parts: Parts, weights: BlendWeights, cases: Sequence[Case]) -> Verdict:
    """The blend and its baselines as guests meet them, and the blend as it is for those who consented."""
    guests = [without_consent(case) for case in cases]
    blend, sold = parts.blended(weights).scores, parts.vocabulary.sold
    verdict = judge_scores(blend, {name: parts.scorers[name].scores for name in BASELINES}, guests, sold)
    if not verdict.metrics:
        return verdict
    return Verdict({**verdict.metrics, **_by_consent(blend, cases, sold)}, verdict.reasons)


def judge_scores(
    model: Score, baselines: Mapping[str, Score], cases: Sequence[Case], sold: NDArray[np.bool_] | None = None
) -> Verdict:
    """Rank every case's item with all: the lead in reciprocal rank must exceed two of its standard errors."""
    if len(cases) < FEWEST_CASES:
        return Verdict({}, (f"only {len(cases)} items of the later orders can judge it; {FEWEST_CASES} are needed",))
    ours = ranks(model, cases, sold)
    theirs = {name: ranks(baseline, cases, sold) for name, baseline in baselines.items()}
    leads = (_not_ahead(ours, found, BASELINES.get(name, name)) for name, found in theirs.items())
    return Verdict(
        {"model": metrics_of(ours), **{name: metrics_of(found) for name, found in theirs.items()}},
        tuple(reason for reason in leads if reason),
    )


def lead_of(ours: Ranks, theirs: Ranks) -> tuple[float, float]:
    """How far ahead in mean reciprocal rank, and the standard error of that."""
    lead = 1 / ours - 1 / theirs
    return float(lead.mean()), standard_error(lead)


def _not_ahead(ours: Ranks, theirs: Ranks, name: str) -> str | None:
    ahead, error = lead_of(ours, theirs)
    if ahead > ERRORS_AHEAD * error:
        return None
    return (
        f"it does not clearly beat {name} on later orders: its MRR is ahead by {ahead:.4f}, "
        f"and must be by more than {ERRORS_AHEAD * error:.4f} (two standard errors)"
    )


def _by_consent(blend: Score, cases: Sequence[Case], sold: NDArray[np.bool_]) -> dict[str, Metrics]:
    """What consent buys: the cases of those who consented to anything, with none, with half, and with all of it."""
    known = [case for case in cases if len(case.context.traits) or len(case.context.past)]
    if len(known) < FEWEST_CASES:
        return {}
    levels = {"consent_none": without_consent, "consent_some": _with_some, "consent_full": _as_it_is}
    return {name: metrics_of(ranks(blend, [level(case) for case in known], sold)) for name, level in levels.items()}


def _as_it_is(case: Case) -> Case:
    return case


def _with_some(case: Case) -> Case:
    """Every other consented value, and no past orders."""
    return Case(type(case.context)(case.context.basket, case.context.traits[::2]), case.target)


def _beside(measure: Measure) -> str:
    return f"{measure.value:.3f}, where {'at least' if measure.at_least else 'at most'} {measure.limit:g} is allowed"
