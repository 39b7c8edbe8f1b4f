"""A scorer of factors: products scored by vectors that the basket, past orders and consented values are folded into."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Positions = NDArray[np.intp]
NONE = np.empty(0, np.intp)


@dataclass(frozen=True, slots=True)
class Context:
    """What a shopper is scored by, as rows, all ascending: products in the basket, consented traits, past products.

    `opening`: the basket has only begun, as on a product's page, and what is not in it yet tells nothing.
    """

    basket: Positions
    traits: Positions
    past: Positions = field(default_factory=lambda: NONE)
    opening: bool = False


@dataclass(frozen=True, slots=True)
class BlockWeights:
    """How much a consented value and a product of a past order count beside a product of the basket, which counts 1."""

    trait: float
    past: float


@dataclass(frozen=True, slots=True, eq=False)
class FeatureFactors:
    """What each feature adds to the factors of the products that state it: all that is known of one nobody bought.

    `items`, `context` and `past` (features, d) and `biases` (features,) are added up over a product's features; `bias`
    (1,) is what a product that nobody bought begins with. All float32.
    """

    items: Floats
    biases: Floats
    context: Floats
    past: Floats
    bias: Floats

    def products(self, features: Sequence[Positions], beside: "ContextFactors") -> "ContextFactors":
        """Factors of products that nobody bought, by the rows of their features, with the traits of the model."""
        items, context, past = (
            np.array([part[rows].sum(axis=0) for rows in features], np.float32)
            for part in (self.items, self.context, self.past)
        )
        biases = np.array([self.biases[rows].sum() for rows in features], np.float32) + self.bias
        return ContextFactors(items, biases, context, beside.traits, past, beside.weights)


@dataclass(frozen=True, slots=True, eq=False)
class ContextFactors:
    """LightFM with the basket as user features (Kula 2015, section 3), without its user biases: they never rank.

    `items` (products, d) and `biases` (products,) say what a product is when it is bought; `context` (products, d)
    what it says about the rest of a basket; `past` (products, d) what it says when it was bought before; `traits`
    (traits, d) what a consented value says. All float32. A product that nobody bought yet has the factors of its
    attributes. The products of a basket share one weight, 1/sqrt of their number each, and so do those of the past.
    `features` tell how a product would stand that came later; None if the model does not know.
    """

    items: Floats
    biases: Floats
    context: Floats
    traits: Floats
    past: Floats
    weights: BlockWeights
    features: FeatureFactors | None = None

    @property
    def standing(self) -> Floats:
        """What it says of every product whatever the context: its bias."""
        return self.biases

    def scores(self, context: Context) -> Floats:
        """A score for every product, float32; higher is better."""
        scores = self.heard(context, np.float32(1))
        scores += self.biases
        return scores

    def heard(self, context: Context, weight: np.float32) -> Floats:
        """What the context says of every product beyond its bias, so many times: a new array, float32."""
        heard: Floats = self.items @ (self._folded(context) * weight)
        return heard

    def add_heard(self, scores: Floats, context: Context, weight: np.float32) -> None:
        """Add the same to the scores."""
        scores += self.heard(context, weight)

    def shares(self, context: Context, products: Positions) -> Floats:
        """How much each product of the basket adds to the products' scores: (basket, products)."""
        shares: Floats = self.context.take(context.basket, axis=0) @ self.items.take(products, axis=0).T
        shares *= evened(len(context.basket))
        return shares

    def _folded(self, context: Context) -> Floats:
        return fold(
            self.context.take(context.basket, axis=0),
            self.traits.take(context.traits, axis=0),
            self.past.take(context.past, axis=0),
            self.weights,
        )


def fold(basket: Floats, traits: Floats, past: Floats, weights: BlockWeights) -> Floats:
    """What a basket, consented values and past orders say together, from the factors of each: (d,)."""
    folded = _sum(basket) * evened(len(basket))
    if len(traits):
        folded += _sum(traits) * np.float32(weights.trait)
    if len(past):
        folded += _sum(past) * np.float32(weights.past) * evened(len(past))
    return folded


def evened(count: int) -> np.float32:
    """What each of so many products counts, so that a basket of fifty does not shout beside one of two: 1/sqrt."""
    return np.float32(1 / math.sqrt(max(count, 1)))


def _sum(factors: Floats) -> Floats:
    total: Floats = np.add.reduce(factors, axis=0, dtype=np.float32)
    return total
