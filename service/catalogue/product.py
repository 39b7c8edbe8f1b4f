"""A product as the shop's feed states it."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from service.catalogue.attribute import Single, Value
from service.documents.texts import Texts

LONGEST_SKU = 200
STATED_OF_EVERY_PRODUCT = ("sku", "name", "category", "price", "url", "image", "available")


@dataclass(frozen=True, slots=True)
class Product:
    """One thing that can be bought; `attributes` holds only what is stated."""

    sku: str
    name: Texts
    price: float
    category: str
    attributes: Mapping[str, Value]
    url: str | None = None
    image: str | None = None
    available: bool = True

    def value(self, attribute: str) -> Value | None:
        """What is stated under an attribute (`price`, `category` and `sku` included); None means not stated."""
        match attribute:
            case "price":
                return self.price
            case "category":
                return self.category
            case "sku":
                return self.sku
            case _:
                return self.attributes.get(attribute)

    def is_any_of(self, attribute: str, values: Container[Single]) -> bool:
        """Whether the stated value, or one of several stated, is among the given; never true of one not stated."""
        match self.value(attribute):
            case None:
                return False
            case tuple() as several:
                return any(one in values for one in several)
            case single:
                return single in values

    def meets(self, criteria: Mapping[str, Container[Single]]) -> bool:
        """Whether every attribute named has one of the values given for it."""
        return all(self.is_any_of(attribute, values) for attribute, values in criteria.items())
