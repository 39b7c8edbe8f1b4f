"""The best products of a set, without looking at all of them: utility by bit planes, then price and sku.

The utility of a product is the sum over the answered preferences of the question's points (low 1, medium 2, high 4)
times 1 if the product fits, a half if it does not state what was asked for, 0 if it misses. Ties go to the lower price,
then the lower sku. Of the variants of one model the best one is shown.

Twice the utility is a whole number, so it is kept as sets: plane b holds the products whose number has bit b. Points
are added plane by plane, and the highest number is found from the highest plane down (bit-sliced arithmetic: Rinfret,
O'Neil and O'Neil, SIGMOD 2001).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.advice.masks import Mask, positions_of
from service.catalogue.universe import Universe

LOOKED_AT_FIRST = 1024
"""Positions in which the cheapest are looked for first, then sixteen times as many, and so on."""

_BEHIND_ALL = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ranking:
    """The order by price and sku of a universe: by position the rank, the model and the lowest rank from there on."""

    ranks: NDArray[np.int32]
    models: NDArray[np.int32]
    lowest_from: NDArray[np.int32]

    @classmethod
    def of(cls, universe: Universe) -> "Ranking":
        """The ranking of this universe's products."""
        standing = np.where(universe.ranks < 0, _BEHIND_ALL, universe.ranks)
        lowest = np.minimum.accumulate(standing[::-1])[::-1]
        return cls(universe.ranks, universe.models, np.append(lowest, np.int32(_BEHIND_ALL)))

    def best(self, products: Mask, points: Iterable[tuple[Mask, int]], wanted: int) -> list[int]:
        """Positions of the best variants of the best models; `points` are sets and what each adds to the utility."""
        planes = _added_up(points)
        found: dict[int, int] = {}
        while products and len(found) < wanted:
            highest = _highest(products, planes)
            products ^= highest
            for position, model in self._cheapest_first(highest):
                found.setdefault(model, position)
                if len(found) == wanted:
                    break
        return list(found.values())

    def _cheapest_first(self, products: Mask) -> Iterator[tuple[int, int]]:
        """Positions with their models, by rank; looks no further than it is asked to."""
        told, width, end = 0, LOOKED_AT_FIRST, products.bit_length()
        while True:
            positions = positions_of(products & ((1 << width) - 1))
            ranks = self.ranks[positions]
            order = ranks.argsort()
            if width < end:
                sure = int(ranks.searchsorted(self.lowest_from[width], sorter=order))
                order = order[:sure]
            in_order = positions[order[told:]]
            yield from zip(in_order.tolist(), self.models[in_order].tolist(), strict=True)
            if width >= end:
                return
            told, width = order.size, width * 16


def _added_up(points: Iterable[tuple[Mask, int]]) -> list[Mask]:
    planes: list[Mask] = []
    for products, worth in points:
        for bit in range(worth.bit_length()):
            if worth >> bit & 1:
                _add(planes, products, bit)
    return planes


def _add(planes: list[Mask], carried: Mask, bit: int) -> None:
    while carried:
        planes.extend([0] * (bit + 1 - len(planes)))
        planes[bit], carried = planes[bit] ^ carried, planes[bit] & carried
        bit += 1


def _highest(products: Mask, planes: list[Mask]) -> Mask:
    """The products whose number is highest."""
    for plane in reversed(planes):
        products = products & plane or products
    return products
