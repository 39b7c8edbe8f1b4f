"""What a product states of itself, as texts like `colour=red`: all that a model knows of one that nobody bought."""

from collections.abc import Callable

from service.catalogue.catalogue import Catalogue
from service.catalogue.product import Product


def features_in(catalogue: Catalogue) -> Callable[[Product], tuple[str, ...]]:
    """By product of the catalogue its category and what it states in text attributes."""
    told = [name for name, attribute in catalogue.shop.attributes.items() if attribute.kind == "text"]

    def features_of(product: Product) -> tuple[str, ...]:
        stated = [f"{name}={product.attributes[name]}" for name in told if name in product.attributes]
        return (f"category={product.category}", *stated)

    return features_of
