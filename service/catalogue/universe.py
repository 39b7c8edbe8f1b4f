"""The products that a questionnaire may ever show, compiled for narrowing and counting."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from service.catalogue.attribute import Single
from service.catalogue.catalogue import Catalogue
from service.catalogue.columns import Column, NumberColumn
from service.catalogue.compiling import columns_of, layout_of
from service.catalogue.layout import Layout
from service.catalogue.product import Product
from service.catalogue.sets import ProductSet, Words, packed, sealed


class UnknownAttribute(LookupError):
    """The shop declares no attribute of this name."""


class NotANumber(TypeError):
    """The attribute holds words, where numbers are compared."""


@dataclass(frozen=True, slots=True, eq=False, repr=False, weakref_slot=True)
class Universe:
    """Available products in static order (price, then sku; models by their best variant, variants side by side).

    A *position* is a bit of a `ProductSet` and an index into every column; some positions belong to nobody, and no set
    ever holds them. Build it with `Universe.of`.
    """

    catalogue: Catalogue
    layout: Layout
    everything: ProductSet
    nothing: ProductSet
    _columns: Mapping[str, Column]

    @classmethod
    def of(
        cls,
        catalogue: Catalogue,
        restricted_to: Mapping[str, Sequence[Single]] = MappingProxyType({}),
        same_product: str | None = None,
    ) -> "Universe":
        """The available products that meet the restriction; products with an equal `same_product` are one model.

        A product that states nothing under `same_product` is a model of its own. Versions of one questionnaire, and all
        who ask alike, share one universe. Raises `UnknownAttribute`.
        """
        for name in (*restricted_to, *([same_product] if same_product else [])):
            if catalogue.shop.attribute(name) is None:
                raise UnknownAttribute(f"no attribute '{name}'")
        asked = (frozenset((name, frozenset(values)) for name, values in restricted_to.items()), same_product)
        known: Universe | None = catalogue.compiled.get(asked)
        if known is None:
            catalogue.compiled[asked] = known = cls._compiled(catalogue, restricted_to, same_product)
        return known

    @classmethod
    def _compiled(
        cls, catalogue: Catalogue, restricted_to: Mapping[str, Sequence[Single]], same_product: str | None
    ) -> "Universe":
        layout = layout_of(catalogue, restricted_to, same_product)
        everything = ProductSet(layout.everything, layout.everything)
        nothing = ProductSet(sealed(np.zeros_like(layout.everything)), layout.everything)
        return cls(catalogue, layout, everything, nothing, columns_of(catalogue, layout))

    def equal_to(self, attribute: str, values: Iterable[Single]) -> ProductSet:
        """Products that state one of the (typed) values; of several stated values one will do."""
        if attribute == "sku":
            return self._set(self._with_skus(values))
        return self._set(self._column(attribute).equal_to(values))

    def between(self, attribute: str, low: float | None, high: float | None) -> ProductSet:
        """Products whose number lies between, ends included; None is an open end. Missing numbers are not in it."""
        return self._set(self._numbers(attribute).between(low, high))

    def known(self, attribute: str) -> ProductSet:
        """Products that state the attribute."""
        return self.everything if attribute == "sku" else self._set(self._column(attribute).known)

    def missing(self, attribute: str) -> ProductSet:
        """Products that do not state the attribute."""
        return ~self.known(attribute)

    def union(self, sets: Iterable[ProductSet]) -> ProductSet:
        """What is in one of the sets; nothing if there are none."""
        return reduce(or_, sets, self.nothing)

    def intersection(self, sets: Iterable[ProductSet]) -> ProductSet:
        """What is in all of the sets; everything if there are none."""
        return reduce(and_, sets, self.everything)

    def count_models(self, product_set: ProductSet) -> int:
        """How many models have a variant in the set."""
        return int(self.layout.count_models(product_set.words))

    def stacked(self, sets: Sequence[ProductSet]) -> Words:
        """The sets' words under one another, (sets, width / 64), for `count_models_each`."""
        return sealed(np.stack([one.words for one in (*sets, self.nothing)])[:-1])

    def count_models_each(self, stacked: Words, within: ProductSet) -> list[int]:
        """For each of the stacked sets, how many models it has within a set; much faster than one by one."""
        counts: list[int] = self.layout.count_models(stacked & within.words).tolist()
        return counts

    def values(self, attribute: str) -> Mapping[Single, int]:
        """The words (or yes/no) that occur, sorted, each with its number of products. Raises on numbers."""
        column = self._column(attribute)
        if isinstance(column, NumberColumn):
            raise NotANumber(f"'{attribute}' holds numbers; ask for its extent")
        return column.counts()

    def extent(self, attribute: str, within: ProductSet | None = None) -> tuple[float, float] | None:
        """The smallest and largest number stated (in a set); None where none is stated."""
        numbers = self._numbers(attribute).numbers
        stated = numbers[(self.everything if within is None else within).positions()]
        stated = stated[~np.isnan(stated)]
        return (float(stated.min()), float(stated.max())) if stated.size else None

    def numbers(self, attribute: str) -> NDArray[np.float64]:
        """The attribute's numbers by position, read-only; NaN where not stated."""
        return self._numbers(attribute).numbers

    def product_at(self, position: int) -> Product:
        """The product at a position of a set."""
        return self.catalogue.products[self.rank_at(position)]

    def rank_at(self, position: int) -> int:
        """The product's index in the catalogue, its rank by price and sku; `IndexError` where nobody stands."""
        rank = int(self.layout.product_at[position])
        if rank < 0:
            raise IndexError("nobody stands at this position")
        return rank

    @property
    def ranks(self) -> NDArray[np.int32]:
        """By position the product's rank by price and sku in the whole catalogue, -1 where nobody stands."""
        return self.layout.product_at

    @property
    def models(self) -> NDArray[np.int32]:
        """By position the number of the product's model, in static order, -1 where nobody stands."""
        return self.layout.model_at

    def products(self, product_set: ProductSet) -> tuple[Product, ...]:
        """The set's products in static order."""
        return tuple(self.product_at(position) for position in product_set)

    def position_of(self, sku: str) -> int | None:
        """Where a product stands; None if it is not in this universe."""
        if sku not in self.catalogue:
            return None
        found = np.flatnonzero(self.layout.product_at == self.catalogue.position(sku))
        return int(found[0]) if found.size else None

    def _with_skus(self, skus: Iterable[Single]) -> Words:
        wanted = [self.catalogue.position(sku) for sku in skus if isinstance(sku, str) and sku in self.catalogue]
        return packed(np.isin(self.layout.product_at, wanted))

    def _set(self, words: Words) -> ProductSet:
        return ProductSet(words, self.everything.universe)

    def _column(self, attribute: str) -> Column:
        try:
            return self._columns[attribute]
        except KeyError:
            raise UnknownAttribute(f"no attribute '{attribute}'") from None

    def _numbers(self, attribute: str) -> NumberColumn:
        column = self._column(attribute)
        if not isinstance(column, NumberColumn):
            raise NotANumber(f"'{attribute}' holds words, not numbers")
        return column
