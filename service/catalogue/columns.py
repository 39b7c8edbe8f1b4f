"""One attribute of a universe's products as a column: words with their places, or numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from service.catalogue.attribute import Single, Value
from service.catalogue.sets import WORD, Words, packed, sealed

_READY_AT_MOST = 64  # values with a bitset of their own; those of a column with more are put together when asked for

Stated = Iterable[tuple[int, Value]]


@dataclass(frozen=True, slots=True, eq=False)
class WordColumn:
    """Text, several texts or yes/no: for every value the positions that have it.

    `codes` numbers the values in sorted order; `positions[starts[c]:starts[c + 1]]` have the value of code c.
    """

    known: Words
    codes: Mapping[Single, int]
    starts: NDArray[np.int64]
    positions: NDArray[np.int32]
    ready: Words | None

    @classmethod
    def of(cls, stated: Stated, width: int) -> "WordColumn":
        """The column of what is stated at which position; `width` counts positions, a multiple of 64."""
        found: dict[Single, int] = {}
        codes: list[int] = []
        places: list[int] = []
        for position, value in stated:
            for one in value if isinstance(value, tuple) else (value,):
                codes.append(found.setdefault(one, len(found)))
                places.append(position)
        return cls._sorted(found, np.array(codes, np.int32), np.array(places, np.int32), width)

    @classmethod
    def _sorted(
        cls, found: dict[Single, int], codes: NDArray[np.int32], places: NDArray[np.int32], width: int
    ) -> "WordColumn":
        values = sorted(found)
        new_code = np.zeros(len(values), np.int32)
        new_code[[found[value] for value in values]] = np.arange(len(values), dtype=np.int32)
        codes = new_code[codes]
        positions = places[np.argsort(codes, kind="stable")]
        starts = np.concatenate(([0], np.cumsum(np.bincount(codes, minlength=len(values))))).astype(np.int64)
        ready = None
        if len(values) <= _READY_AT_MOST:
            rows = [_at(positions[first:end], width) for first, end in pairwise(starts)]
            ready = sealed(np.stack(rows)) if rows else None
        known = _at(places, width)
        for column in (positions, starts):
            column.setflags(write=False)
        in_order = MappingProxyType({value: code for code, value in enumerate(values)})
        return cls(known, in_order, starts, positions, ready)

    def equal_to(self, values: Iterable[Single]) -> Words:
        """The positions that have one of the values; values that nobody has add nothing."""
        codes = {code for value in values if (code := self.codes.get(value)) is not None}
        if self.ready is not None:
            return sealed(np.bitwise_or.reduce(self.ready[sorted(codes)], axis=0))
        runs = [self.positions[self.starts[code] : self.starts[code + 1]] for code in sorted(codes)]
        return _at(np.concatenate(runs) if runs else self.positions[:0], self.known.size * WORD)

    def counts(self) -> Mapping[Single, int]:
        """How many products have each value, in sorted order."""
        return MappingProxyType(dict(zip(self.codes, np.diff(self.starts).tolist(), strict=True)))


@dataclass(frozen=True, slots=True, eq=False)
class NumberColumn:
    """Numbers by position, float64; NaN means not stated."""

    known: Words
    numbers: NDArray[np.float64]

    @classmethod
    def of(cls, stated: Stated, width: int) -> "NumberColumn":
        """The column of what is stated at which position."""
        numbers = np.full(width, np.nan)
        for position, value in stated:
            if isinstance(value, int | float):
                numbers[position] = value
        numbers.setflags(write=False)
        return cls(packed(~np.isnan(numbers)), numbers)

    def equal_to(self, values: Iterable[Single]) -> Words:
        """The positions that have one of the numbers."""
        wanted = [value for value in values if isinstance(value, int | float)]
        return packed(np.isin(self.numbers, wanted))

    def between(self, low: float | None, high: float | None) -> Words:
        """The positions whose number lies between, ends included; an end that is None is open."""
        if low is not None and high is not None:
            return packed((self.numbers >= low) & (self.numbers <= high))
        if low is not None:
            return packed(self.numbers >= low)
        if high is not None:
            return packed(self.numbers <= high)
        return self.known


Column = WordColumn | NumberColumn


def _at(positions: NDArray[np.int32], width: int) -> Words:
    bits = np.zeros(width, np.bool_)
    bits[positions] = True
    return packed(bits)
