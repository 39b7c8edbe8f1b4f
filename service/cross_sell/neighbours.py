"""A scorer of neighbours: what each product of the basket says of the few products that it knows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.cross_sell.factors import Context, Floats, Positions


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Weights from product to product in CSR form, columns ascending: EASE (Steck 2019) or conditional probabilities.

    Row i runs from `starts[i]` to `starts[i + 1]`; what it does not name has the weight 0.
    """

    starts: NDArray[np.int64]
    products: NDArray[np.int32]
    weights: Floats

    def scores(self, context: Context) -> Floats:
        """The sum of the basket's rows: a score for every product, float32; higher is better."""
        scores: Floats = np.zeros(len(self.starts) - 1, np.float32)
        for row in context.basket:
            start, end = self.starts[row], self.starts[row + 1]
            scores[self.products[start:end]] += self.weights[start:end]
        return scores

    def shares(self, context: Context, products: Positions) -> Floats:
        """How much each product of the basket (not empty) adds to the products' scores: (basket, products)."""
        return np.stack([self._weights(int(row), products) for row in context.basket])

    def _weights(self, row: int, products: Positions) -> Floats:
        start, end = self.starts[row : row + 2]
        known, weights = self.products[start:end], self.weights[start:end]
        if not len(known):
            return np.zeros(len(products), np.float32)
        places = np.minimum(known.searchsorted(products), len(known) - 1)
        return np.where(known[places] == products, weights[places], np.float32(0))
