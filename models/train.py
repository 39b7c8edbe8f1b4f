"""From baskets to an artefact: fit on the earlier orders, judge on the later, then fit on all and write."""

from dataclasses import dataclass
from pathlib import Path

from models.choice import Choice, choose_on
from models.contents import Provenance, arrays_of, description_of
from models.judge import NotPublished, Verdict, judge, split
from models.parts import NothingToLearn, Training, fit_parts
from service.cross_sell.writing import write_artefact

__all__ = ["NotPublished", "Training", "Written", "fit_and_write", "train", "write_model"]


@dataclass(frozen=True, slots=True)
class Written:
    """An artefact on the disk, not yet in service, and how it was judged."""

    folder: Path
    verdict: Verdict


def train(training: Training, models: Path, *, force: bool = False) -> Written:
    """Judge a model of the earlier orders, then write one of all orders below `models`. Publishes nothing.

    The recipe's epochs are run twice. `force` writes in spite of the verdict, which the manifest then tells.

    Raises:
        NotPublished: if there is nothing to learn from, or the model does not pass its gate.
    """
    try:
        choice, verdict = judged(training)
    except NothingToLearn as nothing:
        raise NotPublished(str(nothing)) from None
    if verdict.reason is not None and not force:
        raise NotPublished(verdict.reason)
    return Written(write_model(training, models, choice, verdict), verdict)


def judged(training: Training) -> tuple[Choice, Verdict]:
    """Fit on the first 64 % of the orders, choose on the next 16 %, judge on the latest 20 %."""
    earlier, later = split(training.gathered.baskets)
    fitted_on, validation = split(earlier)
    choice, parts = choose_on(training, fitted_on, validation)
    return choice, judge(parts, choice.weights, later)


def fit_and_write(training: Training, models: Path) -> Path:
    """Choose on the latest fifth of the orders, and write a model of all of them that nobody judged."""
    try:
        choice, _ = choose_on(training, *split(training.gathered.baskets))
    except NothingToLearn as nothing:
        raise NotPublished(str(nothing)) from None
    return write_model(training, models, choice)


def write_model(training: Training, models: Path, choice: Choice, verdict: Verdict | None = None) -> Path:
    """Fit on all baskets and write `models`/<version>; the manifest tells the verdict, if there is one."""
    parts = fit_parts(training, training.gathered.baskets, choice.recipe)
    provenance = Provenance(training.gathered, training.facts, choice, verdict)
    return write_artefact(models, arrays_of(parts, provenance), description_of(parts, provenance))
