"""A number attribute in sorted order: the ends of what a set of products states, found from the outside in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.advice.masks import Mask

LOOKED_AT_FIRST = 256
"""Positions at each end that are looked at first, then sixteen times as many, and so on."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SortedNumbers:
    """The numbers that are stated, ascending, and for each the position that states it."""

    numbers: NDArray[np.float64]
    positions: NDArray[np.int64]
    width: int

    @classmethod
    def of(cls, numbers: NDArray[np.float64]) -> "SortedNumbers":
        """The numbers by position, NaN where not stated (and where nobody stands)."""
        order = numbers.argsort(kind="stable")[: np.count_nonzero(~np.isnan(numbers))]
        return cls(numbers[order], order, numbers.size // 8)

    def extent(self, within: Mask) -> tuple[float, float] | None:
        """The smallest and the largest number stated in a set; None where none is."""
        held = np.unpackbits(np.frombuffer(within.to_bytes(self.width, "little"), np.uint8), bitorder="little")
        lowest = _first(held, self.positions)
        if lowest is None:
            return None
        highest = _first(held, self.positions[::-1])
        return float(self.numbers[lowest]), float(self.numbers[-1 - (highest or 0)])


def _first(held: NDArray[np.uint8], positions: NDArray[np.int64]) -> int | None:
    """The place of the first of the positions that is held."""
    begun, size = 0, LOOKED_AT_FIRST
    while begun < positions.size:
        some = held[positions[begun : begun + size]]
        found = int(some.argmax())
        if some[found]:
            return begun + found
        begun, size = begun + size, size * 16
    return None
