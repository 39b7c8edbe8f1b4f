"""The products in force, by sku and in the order of price, with what the wire shows of each."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import orjson

from service.catalogue.feed import products_in
from service.catalogue.product import Product
from service.catalogue.shop import Shop, read_shop
from service.catalogue.table import Products
from service.catalogue.wire import product_json
from service.documents.problem import Complaints
from service.documents.texts import nearest_locale

JSON_KEPT = 4_096
"""Products and languages whose JSON is remembered, about a megabyte: what is shown is shown again."""


class UnknownSku(KeyError):
    """No product of the catalogue has this sku."""

    def __init__(self, sku: str) -> None:
        super().__init__(sku)
        self.sku = sku

    def __str__(self) -> str:
        return "no product has this sku"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Catalogue:
    """Everything the shop sells, unavailable products included.

    `products` stand in static order: price, then sku. A product's index there is its `position`; the product itself is
    put together from columns whenever it is asked for. `version` is a hash of the whole content; `compiled` remembers
    what was made of it while somebody holds that. Build it with `Catalogue.of`.
    """

    shop: Shop
    products: Products
    version: str
    _positions: Mapping[str, int]
    _written: Callable[[int, str], bytes]
    compiled: MutableMapping[object, Any] = field(default_factory=WeakValueDictionary)

    @classmethod
    def of(cls, shop: Shop, products: Iterable[Product]) -> "Catalogue":
        """A catalogue of products whose skus differ (`ValueError` if they do not), taken one by one."""
        table = Products.of(products, shop.attributes)
        positions = {sku: position for position, sku in enumerate(table.skus)}
        if len(positions) < len(table):
            raise ValueError("two products have the same sku")
        written = lru_cache(JSON_KEPT)(lambda position, locale: _written(shop, table[position], locale))
        return cls(shop, table, _version(shop, table), positions, written)

    @property
    def by_sku(self) -> Mapping[str, Product]:
        """The products by sku."""
        return _BySku(self)

    def find(self, sku: str) -> Product:
        """The product; raises `UnknownSku`."""
        return self.products[self.position(sku)]

    def position(self, sku: str) -> int:
        """Where the product stands in `products`, which is its rank by price and sku; raises `UnknownSku`."""
        try:
            return self._positions[sku]
        except KeyError:
            raise UnknownSku(sku) from None

    def __contains__(self, sku: object) -> bool:
        return sku in self._positions

    def places(self, skus: Iterable[str]) -> Iterator[int | None]:
        """The position of each product; None for one that is not there."""
        return map(self._positions.get, skus)

    def json(self, sku: str, locale: str) -> bytes:
        """The product's JSON object, for a locale or the nearest one that the shop has; raises `UnknownSku`."""
        return self.json_at(self.position(sku), locale)

    def json_at(self, position: int, locale: str) -> bytes:
        """The same for a product known by its position."""
        return self._written(position, locale)

    def written(self, product: Product, locale: str) -> bytes:
        """The same for a product in hand; not remembered."""
        return _written(self.shop, product, locale)


def _written(shop: Shop, product: Product, locale: str) -> bytes:
    known = locale if locale in shop.locales else nearest_locale(locale, shop.locales)
    return product_json(product, known, shop.currency)


class _BySku(Mapping[str, Product]):
    """The catalogue's products as a mapping, without storing them twice."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def __getitem__(self, sku: str) -> Product:
        return self._catalogue.find(sku)

    def __contains__(self, sku: object) -> bool:
        return sku in self._catalogue

    def __iter__(self) -> Iterator[str]:
        return iter(self._catalogue.products.skus)

    def __len__(self) -> int:
        return len(self._catalogue.products)


def load_catalogue(folder: Path, noted: Complaints | None = None) -> Catalogue:
    """The shop folder's catalogue, read and validated whole; raises `Refused` with every complaint.

    Whoever passes `noted` finds there also what is odd about a shop.yaml that is taken.
    """
    shop = read_shop(folder, noted)
    return Catalogue.of(shop, products_in(folder, shop))


def _version(shop: Shop, products: Products) -> str:
    digest = hashlib.sha256(orjson.dumps(shop, default=_plain))
    for part in products.parts():
        digest.update(part.tobytes() if isinstance(part, np.ndarray) else orjson.dumps(part))
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)
