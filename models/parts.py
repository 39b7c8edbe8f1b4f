"""Every scorer fitted on the same baskets: the parts of a blend."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.baskets import Basket, Gathered, OrdersFrom, ProductFacts
from models.counts import popularity_of
from models.dataset import features_of, orders_of
from models.fit import fit
from models.neighbours import conditional, ease
from models.recipe import Recipe
from models.vocabulary import Vocabulary
from service.cross_sell.blend import Blend, Popularity, Scorer, Weighted


class NothingToLearn(Exception):
    """No order holds two products."""


@dataclass(frozen=True, slots=True)
class Training:
    """What to fit on and how; `on_epoch` follows each epoch, what stands below it is told in the manifest."""

    gathered: Gathered
    facts: Mapping[str, ProductFacts]
    recipe: Recipe
    on_epoch: Callable[[], None] = lambda: None
    orders_from: OrdersFrom = "file"
    ledger_head: Mapping[str, object] | None = None
    trials: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The scorers by name, and the products and traits that their rows belong to."""

    vocabulary: Vocabulary
    scorers: Mapping[str, Scorer]

    def blended(self, weights: "BlendWeights") -> Blend:
        """The scorers with these weights."""
        parts = (
            Weighted(scorer, weights.by_scorer[name], weights.opening[name]) for name, scorer in self.scorers.items()
        )
        return Blend.of(weights.sizes, tuple(parts))


@dataclass(frozen=True, slots=True)
class BlendWeights:
    """Weights by scorer for each class of basket sizes, and for a basket that has only begun.

    `sizes` are the classes' smallest baskets.
    """

    sizes: tuple[int, ...]
    by_scorer: Mapping[str, tuple[float, ...]]
    opening: Mapping[str, float]


def fit_parts(training: Training, baskets: Sequence[Basket], recipe: Recipe) -> Parts:
    """Fit them all; a catalogue's other products are known by their attributes.

    Raises:
        NothingToLearn: if no basket holds two products.
    """
    if not any(len(basket.skus) > 1 for basket in baskets):
        raise NothingToLearn("no order holds two products, so there is nothing to learn from")
    on_sale = (sku for sku, facts in training.facts.items() if not facts.sensitive)
    vocabulary = Vocabulary.of(baskets, on_sale)
    orders = orders_of(baskets, vocabulary)
    factors = fit(orders, features_of(vocabulary, training.facts), recipe, training.on_epoch)
    counts = popularity_of(baskets, vocabulary)
    return Parts(
        vocabulary,
        {
            "lightfm": factors,
            "ease": ease(orders.bought, recipe.ease_regularisation),
            "easeevened": ease(orders.bought, recipe.evened_regularisation, evened=True),
            "conditional": conditional(orders.bought),
            "duo": conditional(orders.bought, pairs_alone=True),
            "popularity": Popularity(np.log1p(counts).astype(np.float32)),
        },
    )
