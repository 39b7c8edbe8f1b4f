"""The gate: a model is judged on orders later than those it was fitted on, and must beat popularity clearly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.baskets import Basket
from models.dataset import Case
from models.metrics import Metrics, Score, metrics_of, ranks, standard_error

JUDGED_ON = 0.2
FEWEST_CASES = 50
ERRORS_AHEAD = 2.0


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


def judge(model: Score, popularity: Score, cases: Sequence[Case]) -> Verdict:
    """Rank every case's item with both: the lead in reciprocal rank must exceed two of its standard errors."""
    if len(cases) < FEWEST_CASES:
        return Verdict({}, f"only {len(cases)} items of the later orders can judge it; {FEWEST_CASES} are needed")
    ours, theirs = ranks(model, cases), ranks(popularity, cases)
    metrics = {"model": metrics_of(ours), "popularity": metrics_of(theirs)}
    lead = 1 / ours - 1 / theirs
    needed = ERRORS_AHEAD * standard_error(lead)
    if float(lead.mean()) > needed:
        return Verdict(metrics, None)
    return Verdict(
        metrics,
        "it does not clearly beat popularity on later orders: "
        f"its MRR is ahead by {float(lead.mean()):.4f}, and must be by more than {needed:.4f} (two standard errors)",
    )
