"""A model's products as the catalogue has them now: what may be suggested at all, worked out once for both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from service.catalogue.catalogue import Catalogue
from service.catalogue.companions import Companions
from service.catalogue.product import Product
from service.cross_sell.agreement import Agreements
from service.cross_sell.artefact import Artefact
from service.cross_sell.factors import Floats, Positions

BOTH_WHILE_SWITCHING = 2
TOLD_FROM = 10
"""Orders behind anything that is said of orders."""


@dataclass(frozen=True, slots=True, eq=False)
class Permission:
    """What the shop lets be cross-sold. `open`: by product of the catalogue, whether it may be suggested."""

    catalogue: Catalogue
    open: NDArray[np.bool_]

    @classmethod
    def of(cls, catalogue: Catalogue) -> "Permission":
        """In stock, in a category that is described and open to cross-sell, and not blocked."""
        products, categories = catalogue.products, catalogue.shop.categories
        welcome = [name for name, each in categories.items() if each.suggested and not each.sensitive]
        is_open = products.available & products.category.is_any_of(welcome)
        is_open[[catalogue.position(sku) for sku in catalogue.shop.never_suggested if sku in catalogue]] = False
        return cls(catalogue, is_open)

    def suggest(self, product: Product) -> bool:
        """Whether a product of the catalogue may be suggested."""
        return bool(self.open[self.catalogue.position(product.sku)])

    def hear(self, product: Product) -> bool:
        """Whether it may say what goes with it: nothing sensitive may, nor what is of no described category."""
        category = self.catalogue.shop.categories.get(product.category)
        return category is not None and not category.sensitive


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """A model laid over a catalogue, row by row. `closed` is -inf where nothing may be suggested and 0 elsewhere.

    `at` is each row's position in the catalogue, -1 where the shop has it no more; `popular` the numbers of orders,
    -inf where they are too few to be told.
    """

    artefact: Artefact
    catalogue: Catalogue
    at: NDArray[np.int32]
    closed: Floats
    popular: Floats
    by_category: Mapping[str, Positions]
    agreements: Agreements

    @classmethod
    def of(cls, artefact: Artefact, catalogue: Catalogue, rules: Companions) -> "Lines":
        """Every row looked up once."""
        places = (catalogue.position(sku) if sku in catalogue else -1 for sku in artefact.skus)
        at = np.fromiter(places, np.int32, len(artefact.skus))
        is_open = (at >= 0) & Permission.of(catalogue).open[at] if len(catalogue.products) else at >= 0
        return cls(
            artefact=artefact,
            catalogue=catalogue,
            at=at,
            closed=np.where(is_open, 0, -np.inf).astype(np.float32),
            popular=np.where(artefact.popularity >= TOLD_FROM, artefact.popularity, -np.inf).astype(np.float32),
            by_category=_rows_by_category(catalogue, at),
            agreements=Agreements.of(rules.rules, catalogue, at),
        )

    def product(self, row: int) -> Product | None:
        """The row's product; None if the shop has it no more."""
        place = int(self.at[row])
        return None if place < 0 else self.catalogue.products[place]


@dataclass(frozen=True, slots=True, eq=False)
class Assortment:
    """The shop's products and rules, and the model over them if there is one."""

    catalogue: Catalogue
    rules: Companions
    may: Permission
    lines: Lines | None = None

    @classmethod
    def of(cls, catalogue: Catalogue, rules: Companions, artefact: Artefact | None = None) -> "Assortment":
        """A model over a catalogue with its rules; takes milliseconds for each ten thousand products."""
        lines = None if artefact is None else Lines.of(artefact, catalogue, rules)
        return cls(catalogue, rules, Permission.of(catalogue), lines)


def remembered() -> Callable[[Catalogue, Companions, Artefact | None], Assortment]:
    """`Assortment.of`, which remembers the last two: while a model is switched, requests still ask for the other."""
    return lru_cache(BOTH_WHILE_SWITCHING)(Assortment.of)


def _rows_by_category(catalogue: Catalogue, at: NDArray[np.int32]) -> Mapping[str, Positions]:
    category = catalogue.products.category
    codes = np.where(at >= 0, category.codes[at], -1) if len(category.codes) else at
    return MappingProxyType({str(value): np.flatnonzero(codes == code) for code, value in enumerate(category.values)})
