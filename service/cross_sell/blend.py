"""The blend: several scorers, each with a weight by the size of the basket; no scorer wins everywhere."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
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

    def heard(self, context: Context, weight: np.float32) -> Floats:
        """A new array with what the context says of every product beyond what stands, so many times."""
        ...

    def add_heard(self, scores: Floats, context: Context, weight: np.float32) -> None:
        """Add the same to the scores."""
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
    _mixes: "tuple[_Mix, ...]"

    @classmethod
    def of(cls, sizes: Sequence[int], parts: Iterable[Weighted]) -> "Blend":
        """The blend, with what its scorers say to every basket added up once for each class."""
        parts = tuple(parts)
        of_size = (_Mix.of((part.scorer, part.weights[number]) for part in parts) for number in range(len(sizes)))
        return cls(tuple(sizes), parts, (*of_size, _Mix.of((part.scorer, part.opening) for part in parts)))

    def scores(self, context: Context, standing: Callable[[int], Floats] | None = None) -> Floats:
        """A new array with a score for every product, float32; higher is better.

        `standing`: what a class of baskets begins with, if that is not all that the scorers say to each of them.
        """
        size = self._size(context)
        stands, hearing = (standing or self.standing)(size), self._mixes[size].hearing
        if not hearing:
            return stands.copy()
        first, weight = hearing[0]
        scores = first.heard(context, weight)
        for scorer, weight in hearing[1:]:
            scorer.add_heard(scores, context, weight)
        scores += stands
        return scores

    def standing(self, size: int) -> Floats:
        """What all scorers say of every product to every basket of a class; not to be written to."""
        return self._mixes[size].standing

    def shares(self, context: Context, products: Positions) -> Floats:
        """How much each product of the basket (not empty) adds to the products' scores: (basket, products)."""
        total: Floats = np.zeros((len(context.basket), len(products)), np.float32)
        for scorer, weight in self._mixes[self._size(context)].hearing:
            total += weight * scorer.shares(context, products)
        return total

    def _size(self, context: Context) -> int:
        """The class of the context's basket; the last is that of baskets which have only begun."""
        if context.opening:
            return len(self.sizes)
        return max(0, bisect_right(self.sizes, len(context.basket)) - 1)


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
