"""One attribute of a universe's products as a column: words with their places, or numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from service.catalogue.attribute import Single, Value
from service.catalogue.sets import WORD, Words, packed, sealed

_READY_AT_MOST = 64  # values with a bitset of their own; those of a column with more are put together when asked for


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
    def of(
        cls, codes: NDArray[np.int32], stated: Sequence[Value], positions: NDArray[np.int32], width: int
    ) -> "WordColumn":
        """The column of each product's code into what is `stated` (-1: nothing), and of its position.

        `width` counts positions, a multiple of 64.
        """
        places = _places_by_value(codes, stated, positions)
        values = sorted(places)
        runs = [places[value] for value in values]
        starts = np.cumsum([0, *map(len, runs)], dtype=np.int64)
        ready = sealed(np.stack([_at(run, width) for run in runs])) if 0 < len(runs) <= _READY_AT_MOST else None
        joined = np.concatenate(runs) if runs else positions[:0].copy()
        for column in (joined, starts):
            column.setflags(write=False)
        in_order = MappingProxyType({value: code for code, value in enumerate(values)})
        return cls(_at(joined, width), in_order, starts, joined, ready)

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
    def of(cls, stated: NDArray[np.float64], positions: NDArray[np.int32], width: int) -> "NumberColumn":
        """The column of each product's number, and its position; `width` counts positions, a multiple of 64."""
        numbers = np.full(width, np.nan)
        numbers[positions] = stated
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


def _places_by_value(
    codes: NDArray[np.int32], stated: Sequence[Value], positions: NDArray[np.int32]
) -> dict[Single, NDArray[np.int32]]:
    """For every single value that occurs the positions that have it, ascending."""
    narrow = codes.astype(np.int16) if len(stated) <= np.iinfo(np.int16).max else codes  # sorted ten times as fast
    by_code = positions[np.argsort(narrow, kind="stable")]
    ends = np.cumsum(np.bincount(codes + 1, minlength=len(stated) + 1))  # what states nothing comes first
    runs: dict[Single, list[NDArray[np.int32]]] = {}
    for code in np.flatnonzero(np.diff(ends)).tolist():
        value = stated[code]
        for one in value if isinstance(value, tuple) else (value,):
            runs.setdefault(one, []).append(by_code[ends[code] : ends[code + 1]])
    return {
        value: several[0] if len(several) == 1 else np.sort(np.concatenate(several)) for value, several in runs.items()
    }
