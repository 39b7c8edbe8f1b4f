"""The catalogue's products as cross-sell asks for them: often the same few, which are remembered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from service.catalogue.catalogue import Catalogue
from service.catalogue.product import Product

REMEMBERED = 16_384
"""Products kept ready, about a kilobyte each: all of a shop of ten thousand."""


@dataclass(frozen=True, slots=True, eq=False)
class Goods:
    """Products by their position in the catalogue, and their JSON objects by position and locale."""

    catalogue: Catalogue
    at: Callable[[int], Product]
    json_at: Callable[[int, str], bytes]

    @classmethod
    def of(cls, catalogue: Catalogue) -> "Goods":
        """The catalogue with a memory of some thousand products."""
        at = lru_cache(REMEMBERED)(catalogue.products.__getitem__)
        json_at = lru_cache(REMEMBERED)(lambda position, locale: catalogue.written(at(position), locale))
        return cls(catalogue, at, json_at)

    def json(self, sku: str, locale: str) -> bytes:
        """The JSON object of a product that the catalogue has."""
        return self.json_at(self.catalogue.position(sku), locale)

    def parted(self, skus: Sequence[str]) -> tuple[tuple[Product, ...], tuple[str, ...]]:
        """The products of these skus, each once, and the skus that the catalogue does not have."""
        each = dict.fromkeys(skus)
        known = tuple(self.at(place) for place in self.catalogue.places(each) if place is not None)
        return known, () if len(known) == len(each) else tuple(sku for sku in each if sku not in self.catalogue)
