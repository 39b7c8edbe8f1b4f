"""What may be laid beside a basket: sold, in stock, not sensitive, and no substitute for what is there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from service.catalogue.catalogue import Catalogue
from service.catalogue.product import Product
from service.cross_sell.artefact import Artefact

LOOK_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Counter:
    """A model's products as the catalogue has them now, for one basket and what was laid beside it already."""

    artefact: Artefact
    catalogue: Catalogue
    taken: frozenset[str]
    never: frozenset[str]

    @classmethod
    def beside(cls, there: Iterable[Product], artefact: Artefact, catalogue: Catalogue) -> "Counter":
        """The counter for these products, none of which is offered again."""
        there = tuple(there)
        never = artefact.never_with(product.category for product in there)
        return cls(artefact, catalogue, frozenset(product.sku for product in there), never)

    def offered(self, ranked: Iterable[int], limit: int) -> Iterator[Product]:
        """Products of the ranked positions, best first, but the second of a kind after all others.

        Of a kind: of a category from which nobody buys two. Looks at no more than 8 products for each one wanted.
        """
        seen: set[str] = set()
        second: list[Product] = []
        for product in islice(self._allowed(ranked), limit * LOOK_AHEAD):
            if product.category in seen:
                second.append(product)
            else:
                seen |= {product.category} & self.artefact.bought_once
                yield product
        yield from second

    def _allowed(self, ranked: Iterable[int]) -> Iterator[Product]:
        for position in ranked:
            sku = self.artefact.skus[position]
            if sku not in self.taken and sku in self.catalogue and self._allows(product := self.catalogue.find(sku)):
                yield product

    def _allows(self, product: Product) -> bool:
        return product.available and product.category not in self.never and not is_sensitive(product, self.catalogue)


def is_sensitive(product: Product, catalogue: Catalogue) -> bool:
    """Whether the product must be kept from the model: also if its category is not described."""
    category = catalogue.shop.categories.get(product.category)
    return category is None or category.sensitive
