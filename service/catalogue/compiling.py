"""Compiles a catalogue's columns into the models and columns of a universe."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from service.catalogue.attribute import Single
from service.catalogue.catalogue import Catalogue
from service.catalogue.columns import Column, NumberColumn, WordColumn
from service.catalogue.layout import Layout
from service.catalogue.table import Measured


def layout_of(catalogue: Catalogue, restricted_to: Mapping[str, Sequence[Single]], same_product: str | None) -> Layout:
    """The available products that meet the restriction, model by model, both in static order.

    The catalogue is in order of price and sku, so a model comes where its best variant comes.
    """
    candidates = catalogue.products.available.copy()
    for name, values in restricted_to.items():
        candidates &= _having(catalogue, name, values)
    indices = np.flatnonzero(candidates)
    models = _models(catalogue, indices, same_product)
    return Layout.of(indices[np.argsort(models, kind="stable")], np.bincount(models))


def columns_of(catalogue: Catalogue, layout: Layout) -> Mapping[str, Column]:
    """A column for price, category and every attribute of the shop."""
    positions = np.flatnonzero(layout.product_at >= 0).astype(np.int32)
    indices = layout.product_at[positions]
    width = layout.product_at.size
    columns: dict[str, Column] = {}
    for name in ("price", "category", *catalogue.shop.attributes):
        facts = catalogue.products.stated(name)
        if isinstance(facts, Measured):
            columns[name] = NumberColumn.of(facts.numbers[indices], positions, width)
        elif facts is not None:
            columns[name] = WordColumn.of(facts.codes[indices], facts.values, positions, width)
    return MappingProxyType(columns)


def _having(catalogue: Catalogue, name: str, values: Sequence[Single]) -> NDArray[np.bool_]:
    facts = catalogue.products.stated(name)
    if facts is not None:
        return facts.is_any_of(values)
    having = np.zeros(len(catalogue.products), np.bool_)
    having[[catalogue.position(sku) for sku in values if isinstance(sku, str) and sku in catalogue]] = True
    return having


def _models(catalogue: Catalogue, indices: NDArray[np.intp], same_product: str | None) -> NDArray[np.intp]:
    """For each product the number of its model, counted in the order of first appearance."""
    own = np.arange(indices.size)
    facts = None if same_product is None else catalogue.products.stated(same_product)
    if facts is None:
        return own
    stated = facts.identities()[indices]
    several = stated.max(initial=-1) + 1
    found, first, number = np.unique(
        np.where(stated < 0, several + own, stated), return_index=True, return_inverse=True
    )
    rank = np.empty(found.size, np.intp)
    rank[np.argsort(first)] = np.arange(found.size)
    return rank[number]
