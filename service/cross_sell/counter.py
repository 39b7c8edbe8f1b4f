"""What may be laid beside a basket: open to cross-sell, fitting, not owned, and no substitute for what is there."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from service.catalogue.product import Product
from service.cross_sell.assortment import Lines
from service.cross_sell.best import best
from service.cross_sell.factors import Floats, Positions

LOOK_AHEAD = 8
SHARE_OF_A_CATEGORY = 0.4


@dataclass(frozen=True, slots=True)
class Counter:
    """A model's products for one basket and what was laid beside it already (`there`); none of `back` is offered."""

    lines: Lines
    basket: Sequence[Product]
    there: Sequence[Product]
    back: frozenset[str]

    def offered(self, scores: Floats, limit: int) -> Positions:
        """The best rows that may be laid there, 8 for each one wanted at most.

        Changes `scores`, which are -inf already where nothing may be suggested beside anything.
        """
        for rows in self._forbidden():
            scores[rows] = -np.inf
        return best(scores, limit * LOOK_AHEAD)

    def spread(self, rows: Iterable[int], limit: int) -> Iterator[int]:
        """The same rows; of each category a few at most, and what is more than that after all others.

        A few: two in five of the limit; of a category from which nobody buys two, one.
        """
        few, once = math.ceil(limit * SHARE_OF_A_CATEGORY), self.lines.artefact.bought_once
        laid, later = dict[str, int](), list[int]()
        for product in self.there:
            laid[product.category] = laid.get(product.category, 0) + 1
        for row in rows:
            category = self.lines.category_of(row)
            there = laid.get(category, 0)
            if there >= (1 if category in once else few):
                later.append(row)
            else:
                laid[category] = there + 1
                yield row
        yield from later

    def _forbidden(self) -> Iterator[Positions]:
        artefact = self.lines.artefact
        skus = (*(product.sku for product in self.there), *self.back)
        yield np.array([artefact.positions[sku] for sku in skus if sku in artefact.positions], np.intp)
        yield from map(self.lines.never_with, {product.category for product in self.there})
        yield from self.lines.agreements.misfits(self.basket)


def skus_of(products: Iterable[Product]) -> frozenset[str]:
    """Their skus."""
    return frozenset(product.sku for product in products)
