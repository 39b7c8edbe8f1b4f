"""One scorer of a model: products scored by factors that the basket and consented values are folded into."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Positions = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Context:
    """What a shopper is scored by: rows of the products in the basket and rows of consented traits, both ascending."""

    basket: Positions
    traits: Positions


@dataclass(frozen=True, slots=True, eq=False)
class ContextFactors:
    """LightFM with the basket as user features (Kula 2015, section 3), without its user biases: they never rank.

    `items` (products, d) and `biases` (products,) say what a product is when it is bought; `context` (products, d)
    what it says about the rest of a basket; `traits` (traits, d) what a consented value says. All float32.
    """

    items: Floats
    biases: Floats
    context: Floats
    traits: Floats
    trait_weight: float

    def scores(self, context: Context) -> Floats:
        """A score for every product, float32; higher is better."""
        scores: Floats = self.items @ self._folded(context) + self.biases
        return scores

    def shares(self, context: Context, product: int) -> Floats:
        """How much each product of the basket adds to the product's score."""
        shares: Floats = self.context[context.basket] @ self.items[product]
        return shares

    def _folded(self, context: Context) -> Floats:
        basket = self.context[context.basket].sum(axis=0, dtype=np.float32)
        traits = self.traits[context.traits].sum(axis=0, dtype=np.float32)
        folded: Floats = basket + np.float32(self.trait_weight) * traits
        return folded
