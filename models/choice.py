"""What is chosen on a validation period, and nowhere else: EASE's regularisation and the blend's weights."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.baskets import Basket
from models.blending import choose, merit_of
from models.dataset import Case, cases_of, orders_of
from models.metrics import ranks
from models.neighbours import ease
from models.parts import BlendWeights, Parts, Training, fit_parts
from models.recipe import Recipe
from models.vocabulary import Vocabulary
from service.cross_sell.factors import Context
from service.cross_sell.neighbours import Neighbours

REGULARISATIONS = (20.0, 50.0, 100.0, 200.0, 500.0)
TRIED_BELOW = 2_000  # products: beyond, five inversions take too long, and the recipe's stand
TRIED_ON = 4_000  # cases


@dataclass(frozen=True, slots=True)
class Choice:
    """The recipe and the weights to fit with from now on."""

    recipe: Recipe
    weights: BlendWeights


def choose_on(training: Training, earlier: Sequence[Basket], validation: Sequence[Basket]) -> tuple[Choice, Parts]:
    """Fit on the earlier baskets, choose on the validation ones; the parts are those fitted.

    Each case counts without any consent, and once more with what its shopper consented to, if that is anything.
    """
    vocabulary = Vocabulary.of(earlier)
    cases = list(cases_of(validation, vocabulary))
    recipe = _regularised(training.recipe, earlier, vocabulary, cases) if cases else training.recipe
    parts = fit_parts(training, earlier, recipe)
    both = list(with_and_without_consent(cases_of(validation, parts.vocabulary)))
    if not both:
        return Choice(recipe, _only("lightfm", parts)), parts
    return Choice(recipe, choose(parts.scorers, both, parts.vocabulary.sold, recipe.seed)), parts


def with_and_without_consent(cases: Iterable[Case]) -> Iterable[Case]:
    """Each case as a guest's, and as it is if that is another."""
    for case in cases:
        yield without_consent(case)
        if len(case.context.traits) or len(case.context.past):
            yield case


def without_consent(case: Case) -> Case:
    """The same for somebody who refused everything."""
    return Case(Context(case.context.basket, case.context.traits[:0]), case.target)


def _regularised(recipe: Recipe, earlier: Sequence[Basket], vocabulary: Vocabulary, cases: Sequence[Case]) -> Recipe:
    if len(vocabulary.skus) > TRIED_BELOW:
        return recipe
    bought = orders_of(earlier, vocabulary).bought
    few = _some(cases, recipe.seed)
    return replace(
        recipe,
        ease_regularisation=_best(lambda strength: ease(bought, strength), few, vocabulary),
        evened_regularisation=_best(lambda strength: ease(bought, strength, evened=True), few, vocabulary),
    )


def _best(fitted: Callable[[float], Neighbours], cases: Sequence[Case], vocabulary: Vocabulary) -> float:
    def merit(strength: float) -> float:
        return float(merit_of(ranks(fitted(strength).scores, cases, vocabulary.sold)).mean())

    return max(REGULARISATIONS, key=merit)


def _some(cases: Sequence[Case], seed: int) -> Sequence[Case]:
    if len(cases) <= TRIED_ON:
        return cases
    return [cases[at] for at in np.sort(np.random.default_rng(seed).choice(len(cases), TRIED_ON, replace=False))]


def _only(name: str, parts: Parts) -> BlendWeights:
    alone = {each: float(each == name) for each in parts.scorers}
    return BlendWeights((1,), {each: (weight,) for each, weight in alone.items()}, alone)
