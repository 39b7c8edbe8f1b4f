"""The blend: several scorers, each with a weight by the size of the basket; no scorer wins everywhere."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from service.cross_sell.factors import Context, Floats, Positions


class Hearing(Protocol):
    """A way to score products for a context."""

    @property
    def standing(self) -> Floats:
        """What it says of every product whatever the context, float32."""
        ...

    def scores(self, context: Context) -> Floats:
        """A new array with a score for every product, float32; higher is better."""
        ...

    def add_heard(self, scores: Floats, context: Context, weight: np.float32) -> None:
        """Add to the scores what the context says beyond what stands, so many times."""
        ...

    def shares(self, context: Context, products: Positions) -> Floats:
        """How much each product of the basket (not empty) adds to the products' scores: (basket, products)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Popularity:
    """What sells most, whatever is in the basket: `logarithms` (products,) of the numbers of orders."""

    logarithms: Floats

    @property
    def standing(self) -> Floats:
        """Everything that it says."""
        return self.logarithms

    def scores(self, _: Context) -> Floats:
        """The same score for every context."""
        return self.logarithms.copy()


Scorer = Hearing | Popularity


@dataclass(frozen=True, slots=True)
class Weighted:
    """A scorer, its weight for each class of basket sizes, and that for a basket that has only begun; may be 0."""

    scorer: Scorer
    weights: tuple[float, ...]
    opening: float


@dataclass(frozen=True, slots=True, eq=False)
class Blend:
    """The weighted sum of scorers. `sizes` are the classes' smallest baskets, ascending; the first holds all below."""

    sizes: tuple[int, ...]
    parts: tuple[Weighted, ...]
    _of_size: "tuple[_Mix, ...]"
    _of_opening: "_Mix"

    @classmethod
    def of(cls, sizes: Sequence[int], parts: Iterable[Weighted]) -> "Blend":
        """The blend, with what its scorers say to every basket added up once for each class."""
        parts = tuple(parts)
        of_size = tuple(_Mix.of((part.scorer, part.weights[number]) for part in parts) for number in range(len(sizes)))
        return cls(tuple(sizes), parts, of_size, _Mix.of((part.scorer, part.opening) for part in parts))

    def scores(self, context: Context) -> Floats:
        """A score for every product, float32; higher is better."""
        mix = self._mix(context)
        total = mix.standing.copy()
        for scorer, weight in mix.hearing:
            scorer.add_heard(total, context, weight)
        return total

    def shares(self, context: Context, products: Positions) -> Floats:
        """How much each product of the basket (not empty) adds to the products' scores: (basket, products)."""
        total: Floats = np.zeros((len(context.basket), len(products)), np.float32)
        for scorer, weight in self._mix(context).hearing:
            total += weight * scorer.shares(context, products)
        return total

    def _mix(self, context: Context) -> "_Mix":
        if context.opening:
            return self._of_opening
        return self._of_size[max(0, bisect_right(self.sizes, len(context.basket)) - 1)]


@dataclass(frozen=True, slots=True, eq=False)
class _Mix:
    """What counts for one class of baskets: who hears them, how much each, and what all scorers say to every one."""

    hearing: tuple[tuple[Hearing, np.float32], ...]
    standing: Floats

    @classmethod
    def of(cls, weighted: Iterable[tuple[Scorer, float]]) -> "_Mix":
        scorers = tuple((scorer, np.float32(weight)) for scorer, weight in weighted if weight)
        standing = np.zeros_like(scorers[0][0].standing)
        for scorer, weight in scorers:
            standing += weight * scorer.standing
        hearing = tuple((scorer, weight) for scorer, weight in scorers if not isinstance(scorer, Popularity))
        return cls(hearing, standing)
