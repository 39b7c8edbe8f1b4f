"""What may be laid beside a basket: open to cross-sell, fitting, not owned, and no substitute for what is there."""

import math
from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from service.catalogue.product import Product
from service.cross_sell.agreement import NOWHERE
from service.cross_sell.assortment import Lines
from service.cross_sell.best import best_first
from service.cross_sell.factors import Floats, Positions

LOOK_AHEAD = 8
SHARE_OF_A_CATEGORY = 0.4


@dataclass(frozen=True, slots=True)
class Offer:
    """A product and its row in the model."""

    row: int
    product: Product


@dataclass(frozen=True, slots=True)
class Counter:
    """A model's products for one basket and what was laid beside it already (`there`); none of `back` is offered."""

    lines: Lines
    basket: Sequence[Product]
    there: Sequence[Product]
    back: frozenset[str]

    def offered(self, scores: Floats, limit: int) -> Iterator[Offer]:
        """Products by falling score; of each category a few at most, and what is more than that after all others.

        A few: two in five of the limit; of a category from which nobody buys two, one. Looks at no more than 8
        products for each one wanted. Changes `scores`.
        """
        self._mask(scores)
        laid, later = Tally(product.category for product in self.there), list[Offer]()
        for looked, row in enumerate(best_first(scores)):
            product = self.lines.product(row)
            if product is None or looked >= limit * LOOK_AHEAD:
                break
            if laid[product.category] >= self._most(product.category, limit):
                later.append(Offer(row, product))
            else:
                laid[product.category] += 1
                yield Offer(row, product)
        yield from later

    def _most(self, category: str, limit: int) -> int:
        return 1 if category in self.lines.artefact.bought_once else math.ceil(limit * SHARE_OF_A_CATEGORY)

    def _mask(self, scores: Floats) -> None:
        scores += self.lines.closed
        for rows in self._forbidden():
            scores[rows] = -np.inf

    def _forbidden(self) -> Iterator[Positions]:
        artefact = self.lines.artefact
        skus = (*(product.sku for product in self.there), *self.back)
        yield np.array([artefact.positions[sku] for sku in skus if sku in artefact.positions], np.intp)
        for category in artefact.never_with(product.category for product in self.there):
            yield self.lines.by_category.get(category, NOWHERE)
        yield from self.lines.agreements.misfits(self.basket)


def skus_of(products: Iterable[Product]) -> frozenset[str]:
    """Their skus."""
    return frozenset(product.sku for product in products)
