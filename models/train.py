"""From baskets to an artefact: fit on the earlier orders, judge on the later, then fit on all and write."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.baskets import Basket, Gathered, ProductFacts
from models.contents import Provenance, arrays_of, description_of
from models.counts import popularity_of
from models.dataset import cases_of, examples_of
from models.fit import Recipe, fit
from models.judge import NotPublished, Verdict, judge, split
from models.metrics import by_counts
from models.vocabulary import Vocabulary
from service.cross_sell.factors import ContextFactors
from service.cross_sell.writing import write_artefact


@dataclass(frozen=True, slots=True)
class Training:
    """What to fit on and how; `on_epoch` is called after each epoch."""

    gathered: Gathered
    facts: Mapping[str, ProductFacts]
    recipe: Recipe
    on_epoch: Callable[[], None] = lambda: None


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
    verdict = judged(training)
    if verdict.reason is not None and not force:
        raise NotPublished(verdict.reason)
    return Written(write_model(training, models, verdict), verdict)


def judged(training: Training) -> Verdict:
    """How a model fitted on the first four fifths of the orders does on the last fifth."""
    earlier, later = split(training.gathered.baskets)
    vocabulary = Vocabulary.of(earlier)
    factors = _fitted(training, earlier, vocabulary)
    popularity = by_counts(popularity_of(earlier, vocabulary))
    return judge(factors.scores, popularity, list(cases_of(later, vocabulary)))


def write_model(training: Training, models: Path, verdict: Verdict | None = None) -> Path:
    """Fit on all baskets and write `models`/<version>; the manifest tells the verdict, if there is one."""
    baskets = training.gathered.baskets
    vocabulary = Vocabulary.of(baskets)
    factors = _fitted(training, baskets, vocabulary)
    provenance = Provenance(training.gathered, training.recipe, verdict)
    return write_artefact(
        models,
        arrays_of(baskets, vocabulary, training.facts, factors),
        description_of(baskets, vocabulary, training.facts, provenance),
    )


def _fitted(training: Training, baskets: Sequence[Basket], vocabulary: Vocabulary) -> ContextFactors:
    if not any(len(basket.skus) > 1 for basket in baskets):
        raise NotPublished("no order holds two products, so there is nothing to learn from")
    examples = examples_of(baskets, vocabulary, training.facts, training.recipe.weights, training.recipe.seed)
    return fit(examples, training.recipe, training.on_epoch)
