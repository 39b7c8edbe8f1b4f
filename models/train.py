"""From baskets to an artefact: choose and judge on later orders, then fit on all of them, and write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from models.baskets import Basket
from models.card import write_card
from models.choice import Choice, choose_on
from models.contents import Provenance, arrays_of, categories_of, description_of
from models.counts import never_together, popularity_of
from models.dataset import Case
from models.gate import behind_in_service, behind_recipe, churn, exposure, substitute_leak
from models.judge import Measure, NotPublished, Verdict, judge, judged_cases, split
from models.metrics import Score
from models.parts import NothingToLearn, Parts, Training, fit_parts
from models.recipe import recipe_in
from service.cross_sell.artefact import Artefact, open_artefact
from service.cross_sell.pointer import current
from service.cross_sell.refusal import ArtefactRefused
from service.cross_sell.writing import write_artefact

__all__ = ["NotPublished", "Training", "Written", "fit_and_write", "train", "write_model", "write_parts"]


@dataclass(frozen=True, slots=True)
class Written:
    """An artefact on the disk, not yet in service, and how it was judged."""

    folder: Path
    verdict: Verdict


def train(training: Training, models: Path, *, force: bool = False) -> Written:
    """Judge a model of the earlier orders, then write one of all orders below `models`. Publishes nothing.

    The recipe's epochs are run twice, and once more if there are orders since the model in service; if there are too
    few and its recipe is another one, that one's epochs. `force` writes in
    spite of the verdict, which the manifest then tells.

    Raises:
        NotPublished: if there is nothing to learn from, or the model does not pass its gate.
    """
    try:
        choice, verdict = judged(training, in_service(models))
        _check(verdict, force=force)
        parts = fit_parts(training, training.gathered.baskets, choice.recipe)
    except NothingToLearn as nothing:
        raise NotPublished(str(nothing)) from None
    measures = _final_measures(parts, choice, training, in_service(models))
    verdict = replace(verdict, measures={**verdict.measures, **measures})
    _check(verdict, force=force)
    return Written(write_parts(parts, training, models, choice, verdict), verdict)


def judged(training: Training, now: Artefact | None = None) -> tuple[Choice, Verdict]:
    """Fit on the first 64 % of the orders, choose on the next 16 %, judge on the latest 20 %."""
    earlier, later = split(training.gathered.baskets)
    fitted_on, validation = split(earlier)
    choice, parts = choose_on(training, fitted_on, validation)
    cases = judged_cases(later, parts, choice.recipe.seed)
    verdict = judge(parts, choice.weights, cases)
    if not verdict.metrics:
        return choice, verdict
    bought = popularity_of(fitted_on, parts.vocabulary)
    shown = exposure(parts.blended(choice.weights).scores, cases, parts.vocabulary.sold, bought)
    measures = shown.measures()
    if now is not None:
        measures |= behind_in_service(
            lambda baskets: _fitted(training, baskets, choice), training.gathered.baskets, now, choice.recipe.seed
        ) or _behind_recipe(training, now, (fitted_on, validation), (choice, parts), cases)
    return choice, replace(verdict, measures=measures, exposure=shown.as_json())


def _behind_recipe(
    training: Training,
    now: Artefact,
    orders: tuple[Sequence[Basket], Sequence[Basket]],
    ours: tuple[Choice, Parts],
    cases: Sequence[Case],
) -> dict[str, Measure]:
    """The other recipe on the orders that ours was fitted and chosen on.

    Nothing where it is the same: then the same orders give the same model.
    """
    told = now.manifest.everything.get("recipe")
    theirs = recipe_in(cast("Mapping[str, object]", told)) if isinstance(told, dict) else None
    if theirs is None or not training.recipe.differs_from(theirs):
        return {}
    again = replace(training, recipe=replace(theirs, seed=training.recipe.seed), on_epoch=lambda: None)
    their_choice, their_parts = choose_on(again, *orders)
    choice, parts = ours
    both = parts.blended(choice.weights).scores, their_parts.blended(their_choice.weights).scores
    return behind_recipe(*both, cases, parts.vocabulary.sold)


def fit_and_write(training: Training, models: Path) -> Path:
    """Choose on the latest fifth of the orders, and write a model of all of them that nobody judged."""
    try:
        choice, _ = choose_on(training, *split(training.gathered.baskets))
    except NothingToLearn as nothing:
        raise NotPublished(str(nothing)) from None
    return write_model(training, models, choice)


def write_model(training: Training, models: Path, choice: Choice) -> Path:
    """Fit on all baskets and write `models`/<version>, judged by nobody."""
    parts = fit_parts(training, training.gathered.baskets, choice.recipe)
    return write_parts(parts, training, models, choice)


def in_service(models: Path) -> Artefact | None:
    """The model that the pointer names, if it can be read."""
    try:
        version = current(models)
        return open_artefact(models / version) if version else None
    except ArtefactRefused:
        return None


def _check(verdict: Verdict, *, force: bool) -> None:
    if verdict.reason is not None and not force:
        raise NotPublished(verdict.reason)


def _fitted(training: Training, baskets: Sequence[Basket], choice: Choice) -> tuple[Parts, Score]:
    parts = fit_parts(replace(training, on_epoch=lambda: None), baskets, choice.recipe)
    return parts, parts.blended(choice.weights).scores


def _final_measures(parts: Parts, choice: Choice, training: Training, now: Artefact | None) -> dict[str, Measure]:
    baskets, facts = training.gathered.baskets, training.facts
    categories = categories_of(parts.vocabulary, facts)
    apart = never_together(baskets, facts, categories)
    never = {
        category: frozenset(other for column, other in enumerate(categories) if apart[row, column])
        for row, category in enumerate(categories)
    }
    score = parts.blended(choice.weights).scores
    measures = substitute_leak(score, parts, facts, never)
    if now is not None:
        measures |= churn(score, parts, popularity_of(baskets, parts.vocabulary), now)
    return measures


def write_parts(parts: Parts, training: Training, models: Path, choice: Choice, verdict: Verdict | None = None) -> Path:
    """Write `models`/<version> with its card; the parts are fitted on all of the training's baskets."""
    provenance = Provenance(
        training.gathered,
        training.facts,
        choice,
        verdict,
        training.orders_from,
        training.ledger_head,
        training.trials,
    )
    folder = write_artefact(models, arrays_of(parts, provenance), description_of(parts, provenance))
    write_card(folder)
    return folder
