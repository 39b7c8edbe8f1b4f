"""Products that came after a model was trained: rows behind its own, with the factors of what they state."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from service.cross_sell.blend import Popularity, Scorer
from service.cross_sell.factors import Context, ContextFactors, Floats, Positions, evened, fold
from service.cross_sell.neighbours import Neighbours

Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """A model's factors and, in a block of their own, those of newcomers, so that the former stay shared by workers."""

    known: ContextFactors
    new: ContextFactors

    @property
    def standing(self) -> Floats:
        """The biases."""
        return np.concatenate((self.known.biases, self.new.biases))

    def scores(self, context: Context) -> Floats:
        """A score for every product, float32; higher is better."""
        scores = self.standing
        self.add_heard(scores, context, np.float32(1))
        return scores

    def heard(self, context: Context, weight: np.float32) -> Floats:
        """What the context says of every product beyond its bias, so many times: a new array, float32."""
        folded = self._folded(context) * weight
        return np.concatenate((self.known.items @ folded, self.new.items @ folded))

    def add_heard(self, scores: Floats, context: Context, weight: np.float32) -> None:
        """Add the same to the scores."""
        scores += self.heard(context, weight)

    def shares(self, context: Context, products: Positions) -> Floats:
        """How much each product of the basket adds to the products' scores: (basket, products)."""
        basket = _rows(self.known.context, self.new.context, context.basket)
        shares: Floats = basket @ _rows(self.known.items, self.new.items, products).T
        shares *= evened(len(basket))
        return shares

    def _folded(self, context: Context) -> Floats:
        return fold(
            _rows(self.known.context, self.new.context, context.basket),
            self.known.traits.take(context.traits, axis=0),
            _rows(self.known.past, self.new.past, context.past),
            self.known.weights,
        )


def joined(scorer: Scorer, features: Sequence[Positions]) -> Scorer:
    """The scorer with so many products more, each known by the rows of its features alone."""
    match scorer:
        case ContextFactors(features=known) if known is not None:
            return Joined(scorer, known.products(features, scorer))
        case Neighbours(starts=starts, products=products, weights=weights):
            return Neighbours(without_neighbours(starts, len(features)), products, weights)
        case Popularity(logarithms=logarithms):
            return Popularity(np.concatenate((logarithms, np.zeros(len(features), np.float32))))
        case _:
            raise TypeError(scorer)


def without_neighbours(starts: NDArray[Number], count: int) -> NDArray[Number]:
    """The starts of CSR rows with so many empty rows more."""
    return np.concatenate((starts, np.repeat(starts[-1:], count)))


def _rows(known: Floats, new: Floats, rows: Positions) -> Floats:
    is_new = rows >= len(known)
    if not is_new.any():
        return known.take(rows, axis=0)
    found = known[np.where(is_new, 0, rows)]
    found[is_new] = new[rows[is_new] - len(known)]
    return found
