"""A model's products as the catalogue has them now: what may be suggested at all, worked out once for both."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from service.catalogue.catalogue import Catalogue
from service.catalogue.companions import Companions
from service.catalogue.product import Product
from service.cross_sell.agreement import Agreements
from service.cross_sell.artefact import Artefact
from service.cross_sell.factors import Floats, Positions
from service.cross_sell.features import features_in
from service.cross_sell.goods import Goods
from service.cross_sell.scoring import ORDERS, attributes_known

TOLD_FROM = 10
"""Orders behind anything that is said of orders."""


@dataclass(frozen=True, slots=True, eq=False)
class Permission:
    """What the shop lets be cross-sold. `open`: by product of the catalogue, whether it may be suggested.

    `deaf`: categories that somebody blocks, which are not heard either.
    """

    catalogue: Catalogue
    open: NDArray[np.bool_]
    deaf: frozenset[str] = frozenset()

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
        return category is not None and not category.sensitive and product.category not in self.deaf

    def without(self, blocked: frozenset[str]) -> "Permission":
        """The same for somebody who blocks these categories."""
        is_blocked = self.catalogue.products.category.is_any_of(tuple(blocked))
        return replace(self, open=self.open & ~is_blocked, deaf=self.deaf | blocked)


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """A model laid over a catalogue, row by row. `is_open`: what may be suggested at all.

    `at` is each row's position in the catalogue and `category` that of its category in `categories`, -1 where the shop
    has it no more; `popular` the numbers of orders, -inf where they are too few to be told; `standing(size)` what the
    blend says to every basket of a class, -inf where nothing may be suggested. `usable` are the attributes that could
    be used if they were consented to. `never_with(category)` are the rows that stand for products of it: nobody buys
    both.
    """

    artefact: Artefact
    goods: Goods
    at: NDArray[np.int32]
    category: NDArray[np.int32]
    categories: tuple[str, ...]
    is_open: NDArray[np.bool_]
    popular: Floats
    standing: Callable[[int], Floats]
    usable: frozenset[str]
    never_with: Callable[[str], Positions]
    agreements: Agreements

    @classmethod
    def of(cls, artefact: Artefact, goods: Goods, rules: Companions) -> "Lines":
        """Every row looked up once; behind the model's own those of products that came to the catalogue after it."""
        catalogue = goods.catalogue
        artefact = artefact.joined_by(_newcomers(artefact, catalogue))
        places = (catalogue.position(sku) if sku in catalogue else -1 for sku in artefact.skus)
        at = np.fromiter(places, np.int32, len(artefact.skus))
        is_open = _open_rows(at, Permission.of(catalogue))
        category = _categories(catalogue, at)

        def never_with(bought: str) -> Positions:
            never = artefact.never_with([bought])
            codes = [code for code, name in enumerate(catalogue.products.category.values) if name in never]
            return np.flatnonzero(np.isin(category, codes))

        return cls(
            artefact=artefact,
            goods=goods,
            at=at,
            category=category,
            categories=tuple(map(str, catalogue.products.category.values)),
            is_open=is_open,
            popular=_closed_unless(artefact.popularity >= TOLD_FROM, artefact.popularity),
            standing=_standing(artefact, is_open),
            usable=attributes_known(artefact) | {ORDERS},
            never_with=cache(never_with),
            agreements=Agreements.of(rules.rules, catalogue, at),
        )

    def within(self, may: Permission) -> "Lines":
        """The same where less may be suggested."""
        is_open = _open_rows(self.at, may)
        return replace(self, is_open=is_open, standing=_standing(self.artefact, is_open))

    def popularity(self) -> Floats:
        """`popular` as scores, a new array: -inf also where nothing may be suggested."""
        return _closed_unless(self.is_open, self.popular)

    def product(self, row: int) -> Product:
        """The product of a row that the shop still has; raises `IndexError` for another."""
        place = self.at.item(row)
        if place < 0:
            raise IndexError(row)
        return self.goods.at(place)

    def category_of(self, row: int) -> str:
        """The category of a row that the shop still has."""
        return self.categories[self.category.item(row)]


@dataclass(frozen=True, slots=True, eq=False)
class Assortment:
    """The shop's products and rules, and the model over them if there is one."""

    goods: Goods
    rules: Companions
    may: Permission
    lines: Lines | None = None

    @classmethod
    def of(cls, catalogue: Catalogue, rules: Companions, artefact: Artefact | None = None) -> "Assortment":
        """A model over a catalogue with its rules; takes milliseconds for each ten thousand products."""
        goods = Goods.of(catalogue)
        lines = None if artefact is None else Lines.of(artefact, goods, rules)
        return cls(goods, rules, Permission.of(catalogue), lines)

    def without(self, blocked: frozenset[str]) -> "Assortment":
        """The same for somebody who blocks these categories; shares all that is large."""
        may = self.may.without(blocked)
        return replace(self, may=may, lines=None if self.lines is None else self.lines.within(may))


def _open_rows(at: NDArray[np.int32], may: Permission) -> NDArray[np.bool_]:
    return (at >= 0) & may.open[at] if len(may.open) else at >= 0


def _closed_unless(is_open: NDArray[np.bool_], values: NDArray[np.number]) -> Floats:
    return np.where(is_open, values, -np.inf).astype(np.float32)


def _standing(artefact: Artefact, is_open: NDArray[np.bool_]) -> Callable[[int], Floats]:
    """Worked out once for each class of baskets, when the first of it comes."""
    return cache(lambda size: _closed_unless(is_open, artefact.blend.standing(size)))


def _newcomers(artefact: Artefact, catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """What the products state that the model does not know, sensitive ones left out as in training."""
    may, features_of = Permission.of(catalogue), features_in(catalogue)
    unknown = (catalogue.find(sku) for sku in catalogue.products.skus if sku not in artefact.positions)
    return {product.sku: features_of(product) for product in unknown if may.hear(product)}


def _categories(catalogue: Catalogue, at: NDArray[np.int32]) -> NDArray[np.int32]:
    codes = catalogue.products.category.codes
    return np.where(at >= 0, codes[at], -1).astype(np.int32) if len(codes) else at
