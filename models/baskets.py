"""What was bought together, when, and with which consent: one basket, and millions of them as arrays."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from service.catalogue.catalogue import Catalogue
from service.cross_sell.features import features_in
from service.cross_sell.traits import TraitValue
from service.storage.columns import moment

NO_VALUES: Mapping[str, TraitValue] = MappingProxyType({})
NONE = np.empty(0, np.int32)
NOWHERE = np.empty((0, 2), np.int64)


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What training needs to know of a product; `features` are texts like `model=RB-110`.

    `topics` are what a shopper may block it by, beside its category.
    """

    category: str
    sensitive: bool = False
    features: tuple[str, ...] = ()
    topics: frozenset[str] = frozenset()

    def is_about(self, topics: AbstractSet[str]) -> bool:
        """Whether one of the topics, or categories, is its own."""
        return self.category in topics or not self.topics.isdisjoint(topics)


@dataclass(frozen=True, slots=True)
class Basket:
    """One order: different skus, ascending, and what its shopper consented to (mostly nothing). Not who it was.

    `past` are the latest products of the same shopper's earlier orders, ascending.
    """

    ordered_at: datetime
    skus: tuple[str, ...]
    values: Mapping[str, TraitValue] = field(default_factory=lambda: NO_VALUES)
    past: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Baskets(Sequence[Basket]):
    """Orders by time, as columns; one becomes a `Basket` whenever it is looked at. A slice shares the arrays.

    `moments` (orders,) are int64 microseconds, `shoppers` (orders,) int32 numbers in `values`, 0 for nobody.
    `products` and `past` are int32 positions in `skus`, ascending for each order; `bought` and `before` (orders, 2)
    tell where those of an order begin and end.
    """

    skus: tuple[str, ...]
    values: tuple[Mapping[str, TraitValue], ...]
    moments: NDArray[np.int64]
    shoppers: NDArray[np.int32]
    products: NDArray[np.int32]
    bought: NDArray[np.int64]
    past: NDArray[np.int32] = field(default_factory=lambda: NONE)
    before: NDArray[np.int64] = field(default_factory=lambda: NOWHERE)

    def __len__(self) -> int:
        """How many orders."""
        return len(self.moments)

    @overload
    def __getitem__(self, at: int) -> Basket: ...

    @overload
    def __getitem__(self, at: slice) -> "Baskets": ...

    def __getitem__(self, at: int | slice) -> "Basket | Baskets":
        """One order, or several."""
        if isinstance(at, slice):
            return replace(
                self,
                moments=self.moments[at],
                shoppers=self.shoppers[at],
                bought=self.bought[at],
                before=self.before[at],
            )
        return Basket(
            ordered_at=moment(int(self.moments[at])),
            skus=self._named(self.products, self.bought[at]),
            values=self.values[self.shoppers[at]],
            past=self._named(self.past, self.before[at]),
        )

    def _named(self, positions: NDArray[np.int32], span: NDArray[np.int64]) -> tuple[str, ...]:
        begin, end = span.tolist()
        return tuple(map(self.skus.__getitem__, positions[begin:end].tolist()))


OrdersFrom = Literal["database", "file"]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many lines were used or left out, by reason."""

    used: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The manifest's form."""
        return {"used": self.used, "left_out": dict(self.left_out)}


@dataclass(frozen=True, slots=True)
class Gathered:
    """The baskets by time, and what was counted of the order lines and of what was captured."""

    baskets: Sequence[Basket]
    lines: Counted
    captured: Counted = Counted()


def facts_of(catalogue: Catalogue) -> dict[str, ProductFacts]:
    """Every product's facts; its features are its category and what is stated in text attributes."""
    shop, features_of = catalogue.shop, features_in(catalogue)
    topics_of = cache(shop.topics_of)
    return {
        product.sku: ProductFacts(
            product.category,
            shop.is_sensitive(product.category),
            features_of(product),
            topics_of(product.category) - {product.category},
        )
        for product in catalogue.products
    }
