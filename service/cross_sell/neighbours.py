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

    @property
    def standing(self) -> Floats:
        """Nothing."""
        return np.zeros(len(self.starts) - 1, np.float32)

    def scores(self, context: Context) -> Floats:
        """The sum of the basket's rows: a score for every product, float32; higher is better."""
        return self.heard(context, np.float32(1))

    def heard(self, context: Context, weight: np.float32) -> Floats:
        """The sum of the basket's rows, so many times: a new array, float32."""
        heard: Floats = np.zeros(len(self.starts) - 1, np.float32)
        self.add_heard(heard, context, weight)
        return heard

    def add_heard(self, scores: Floats, context: Context, weight: np.float32) -> None:
        """Add the basket's rows to the scores, so many times; touches the products that they name and no others."""
        for row in context.basket.tolist():
            known = self.products[here := self._row(row)]
            scores.put(known, scores.take(known) + self.weights[here] * weight)

    def shares(self, context: Context, products: Positions) -> Floats:
        """How much each product of the basket (not empty) adds to the products' scores: (basket, products)."""
        shares: Floats = np.zeros((len(context.basket), len(products)), np.float32)
        wanted = products.astype(np.int32)
        for share, row in zip(shares, context.basket.tolist(), strict=True):
            known = self.products[here := self._row(row)]
            if len(known):
                places = known.searchsorted(wanted)
                is_known = known.take(places, mode="clip") == wanted
                np.copyto(share, self.weights[here].take(places, mode="clip"), where=is_known)
        return shares

    def _row(self, row: int) -> slice:
        return slice(self.starts.item(row), self.starts.item(row + 1))
