"""The blend: several scorers, each with a weight by the size of the basket; no scorer wins everywhere."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from service.cross_sell.factors import Context, Floats, Positions


class Scorer(Protocol):
    """One way to score products for a context."""

    def scores(self, context: Context) -> Floats:
        """A new array with a score for every product, float32; higher is better."""
        ...

    def shares(self, context: Context, products: Positions) -> Floats:
        """How much each product of the basket (not empty) adds to the products' scores: (basket, products)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Popularity:
    """What sells most, whatever is in the basket: `logarithms` (products,) of the numbers of orders."""

    logarithms: Floats

    def scores(self, _: Context) -> Floats:
        """The same score for every context."""
        return self.logarithms.copy()

    def shares(self, context: Context, products: Positions) -> Floats:
        """No product of the basket adds anything."""
        return np.zeros((len(context.basket), len(products)), np.float32)


@dataclass(frozen=True, slots=True)
class Weighted:
    """A scorer, its weight for each class of basket sizes, and that for a basket that has only begun; may be 0."""

    scorer: Scorer
    weights: tuple[float, ...]
    opening: float


@dataclass(frozen=True, slots=True)
class Blend:
    """The weighted sum of scorers. `sizes` are the classes' smallest baskets, ascending; the first holds all below."""

    sizes: tuple[int, ...]
    parts: tuple[Weighted, ...]

    def scores(self, context: Context) -> Floats:
        """A score for every product, float32; higher is better."""
        first, *others = self._of(context)
        total = _scaled(first.scorer.scores(context), first.weight)
        for part in others:
            total += _scaled(part.scorer.scores(context), part.weight)
        return total

    def shares(self, context: Context, products: Positions) -> Floats:
        """How much each product of the basket (not empty) adds to the products' scores: (basket, products)."""
        total: Floats = np.zeros((len(context.basket), len(products)), np.float32)
        for part in self._of(context):
            total += part.weight * part.scorer.shares(context, products)
        return total

    def _of(self, context: Context) -> "tuple[_Part, ...]":
        if context.opening:
            weights = [part.opening for part in self.parts]
        else:
            size_class = max(0, int(np.searchsorted(self.sizes, len(context.basket), side="right")) - 1)
            weights = [part.weights[size_class] for part in self.parts]
        each = zip(self.parts, weights, strict=True)
        return tuple(_Part(part.scorer, np.float32(weight)) for part, weight in each if weight)


@dataclass(frozen=True, slots=True)
class _Part:
    scorer: Scorer
    weight: np.float32


def _scaled(scores: Floats, weight: np.float32) -> Floats:
    if weight != 1:
        scores *= weight
    return scores
