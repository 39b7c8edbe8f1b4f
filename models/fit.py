"""Fitting the factors: the only place that knows LightFM."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from lightfm import LightFM
from numpy.typing import NDArray

from models.dataset import Examples, Weights
from service.cross_sell.factors import ContextFactors


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to fit. The defaults were chosen on October 2013 of the AdventureWorks orders, see models/README.md."""

    epochs: int = 40
    components: int = 48
    seed: int = 7
    learning_rate: float = 0.05
    most_draws: int = 30
    feature_weight: float = 0.5
    trait_weight: float = 0.2

    @property
    def weights(self) -> Weights:
        """The weights of the blocks of features."""
        return Weights(trait=self.trait_weight, feature=self.feature_weight)


def fit(examples: Examples, recipe: Recipe, on_epoch: Callable[[], None] = lambda: None) -> ContextFactors:
    """Train LightFM with the WARP loss (Weston et al. 2011) and give back factors by product and by trait.

    One thread and one seed: equal examples give equal bytes. `on_epoch` is called after every epoch.
    """
    model = LightFM(
        no_components=recipe.components,
        loss="warp",
        learning_rate=recipe.learning_rate,
        max_sampled=recipe.most_draws,
        random_state=recipe.seed,
    )
    for _ in range(recipe.epochs):
        model.fit_partial(
            examples.interactions,
            user_features=examples.users,
            item_features=examples.items,
            epochs=1,
            num_threads=1,
        )
        on_epoch()
    biases, items = model.get_item_representations(examples.items)
    return ContextFactors(
        items=_plain(items),
        biases=_plain(biases),
        context=_plain(model.user_embeddings[: examples.products]),
        traits=_plain(model.user_embeddings[examples.products :]),
        trait_weight=recipe.trait_weight,
    )


def _plain(array: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.ascontiguousarray(array, dtype="<f4")
