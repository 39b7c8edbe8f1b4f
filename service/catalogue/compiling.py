"""Compiles a catalogue's products into the models and columns of a universe."""

from collections.abc import Hashable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from service.catalogue.attribute import Single, Value
from service.catalogue.catalogue import Catalogue
from service.catalogue.columns import Column, NumberColumn, WordColumn
from service.catalogue.layout import Layout
from service.catalogue.product import Product


def models_of(
    catalogue: Catalogue, restricted_to: Mapping[str, Sequence[Single]], same_product: str | None
) -> list[list[int]]:
    """The catalogue indices of available products that meet the restriction, by model, both in static order.

    The catalogue is in order of price and sku, so a model comes where its best variant comes.
    """
    criteria = {name: frozenset(values) for name, values in restricted_to.items()}
    models: dict[Hashable, list[int]] = {}
    for index, product in enumerate(catalogue.products):
        if product.available and product.meets(criteria):
            model = product.value(same_product) if same_product else None
            models.setdefault((index,) if model is None else model, []).append(index)
    return list(models.values())


def columns_of(catalogue: Catalogue, layout: Layout) -> Mapping[str, Column]:
    """A column for price, category and every attribute of the shop."""
    positions = np.flatnonzero(layout.product_at >= 0).astype(np.int32)
    products = [catalogue.products[index] for index in layout.product_at[positions].tolist()]
    names = ("price", "category", *catalogue.shop.attributes)
    columns: dict[str, Column] = {}
    for name, stated in zip(names, _stated(names, products), strict=True):
        attribute = catalogue.shop.attribute(name)
        kind = NumberColumn if attribute is not None and attribute.kind == "number" else WordColumn
        columns[name] = kind.of(stated, positions, layout.product_at.size)
    return MappingProxyType(columns)


def _stated(names: Sequence[str], products: Sequence[Product]) -> list[list[Value | None]]:
    """By name what each product states; goes product by product, since in memory a product's values are neighbours."""
    columns: list[list[Value | None]] = [[] for _ in names]
    appends = [(column.append, name) for column, name in zip(columns, names, strict=True)]
    for product in products:
        stated = {"price": product.price, "category": product.category, **product.attributes}
        for append, name in appends:
            append(stated.get(name))
    return columns
