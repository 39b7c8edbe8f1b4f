"""Which products and which attribute values a model knows: the rows of its matrices."""

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.baskets import Basket
from service.cross_sell.traits import Equals, Trait, TraitValue, Within, as_text

AT_LEAST = 10  # a value that fewer shoppers share is too close to a person (issue of small groups, Recital 26 GDPR)
RANGES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Products by sku, ascending, and traits, ascending; positions are the factors' rows.

    `sold` (products,) tells those in the baskets from those that only an earlier order or the catalogue knows.
    """

    skus: tuple[str, ...]
    positions: Mapping[str, int]
    traits: tuple[Trait, ...]
    sold: NDArray[np.bool_]

    @classmethod
    def of(cls, baskets: Sequence[Basket], catalogue: Iterable[str] = ()) -> "Vocabulary":
        """What occurs in the baskets or may be sold; attribute values only if enough shoppers share them."""
        sold = {sku for basket in baskets for sku in basket.skus}
        skus = tuple(sorted(sold.union(catalogue, *(basket.past for basket in baskets))))
        return cls(
            skus=skus,
            positions={sku: position for position, sku in enumerate(skus)},
            traits=tuple(sorted(_traits(baskets), key=str)),
            sold=np.array([sku in sold for sku in skus], dtype=bool),
        )

    def rows(self, skus: Iterable[str]) -> NDArray[np.intp]:
        """The positions of the skus that are known, ascending."""
        return np.array(sorted({self.positions[sku] for sku in skus if sku in self.positions}), dtype=np.intp)

    def sold_rows(self, skus: Iterable[str]) -> NDArray[np.intp]:
        """The positions of the skus that were sold, ascending."""
        rows = self.rows(skus)
        return rows[self.sold[rows]]

    def trait_rows(self, values: Mapping[str, TraitValue]) -> NDArray[np.intp]:
        """The positions of the traits that cover these values, ascending."""
        if not values:
            return np.empty(0, np.intp)
        covering = [trait.attribute in values and trait.covers(values[trait.attribute]) for trait in self.traits]
        return np.flatnonzero(np.array(covering, dtype=bool))


def _traits(baskets: Sequence[Basket]) -> Iterable[Trait]:
    """Values by what is told of shoppers, each of whom counts once, however often they order.

    A shopper's baskets share one mapping of values, so its identity stands for them; who they are is not known here.
    """
    texts: dict[Equals, set[int]] = defaultdict(set)
    numbers: dict[str, list[float]] = defaultdict(list)
    shoppers: dict[str, dict[int, float]] = defaultdict(dict)
    for basket in baskets:
        for attribute, value in basket.values.items():
            text = as_text(value)
            if text is None:
                numbers[attribute].append(float(value))
                shoppers[attribute][id(basket.values)] = float(value)
            else:
                texts[Equals(attribute, text)].add(id(basket.values))
    yield from (trait for trait, whose in texts.items() if len(whose) >= AT_LEAST)
    for attribute, values in numbers.items():
        yield from _ranges(attribute, values, list(shoppers[attribute].values()))


def _ranges(attribute: str, values: list[float], of_each: list[float]) -> Iterable[Within]:
    """Ranges with as many baskets each, as far as that many shoppers have a number in them; `of_each` is theirs."""
    if len(of_each) < AT_LEAST * (len(RANGES) + 1):
        return
    inner = sorted({float(edge) for edge in np.quantile(values, RANGES, method="lower")} - {min(values)})
    edges = [-sys.float_info.max, *inner, sys.float_info.max]
    counts, _ = np.histogram(of_each, edges)
    for low, high, count in zip(edges, edges[1:], counts, strict=False):
        if count >= AT_LEAST:
            yield Within(attribute, low, high)
