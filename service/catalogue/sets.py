"""Sets of products as packed bits: narrowing is AND, counting is popcount."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Words: TypeAlias = NDArray[np.uint64]
Bits: TypeAlias = NDArray[np.bool_]
WORD = 64


def packed(bits: Bits) -> Words:
    """Bits (a multiple of 64, the first lowest) as read-only words."""
    return sealed(np.packbits(bits, bitorder="little").view("<u8"))


def unpacked(words: Words) -> Bits:
    """The words' bits, the lowest first."""
    return np.unpackbits(words.view(np.uint8), bitorder="little").view(np.bool_)


def sealed(words: Words) -> Words:
    """The same array, from now on read-only."""
    words.setflags(write=False)
    return words


@dataclass(frozen=True, slots=True, eq=False)
class ProductSet:
    """Some products of one universe. `universe` holds the words of all of them; bits outside it are never set."""

    words: Words
    universe: Words

    def __and__(self, other: "ProductSet") -> "ProductSet":
        return self._with(np.bitwise_and(self.words, self._words_of(other)))

    def __or__(self, other: "ProductSet") -> "ProductSet":
        return self._with(np.bitwise_or(self.words, self._words_of(other)))

    def __invert__(self) -> "ProductSet":
        return self._with(np.bitwise_xor(self.universe, self.words))

    def without(self, other: "ProductSet") -> "ProductSet":
        """What is here and not there."""
        return self._with(self.words & ~self._words_of(other))

    def count(self) -> int:
        """How many products; see `Universe.count_models` for models."""
        return int(np.bitwise_count(self.words).sum(dtype=np.int64))

    @property
    def is_empty(self) -> bool:
        """Whether there is no product in it."""
        return not self.words.any()

    def __len__(self) -> int:
        return self.count()

    def __bool__(self) -> bool:
        return not self.is_empty

    def __contains__(self, position: int) -> bool:
        if not 0 <= position < self.words.size * WORD:
            return False
        return bool(int(self.words[position // WORD]) >> position % WORD & 1)

    def __iter__(self) -> Iterator[int]:
        return iter(self.positions().tolist())

    def positions(self) -> NDArray[np.int64]:
        """Where the set's products stand in the universe, ascending."""
        return np.flatnonzero(unpacked(self.words))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ProductSet):
            return NotImplemented
        return self.universe is other.universe and bool(np.array_equal(self.words, other.words))

    def __hash__(self) -> int:
        return hash(self.words.tobytes())

    def _with(self, words: Words) -> "ProductSet":
        return ProductSet(sealed(words), self.universe)

    def _words_of(self, other: "ProductSet") -> Words:
        if other.universe is not self.universe:
            raise ValueError("the two sets belong to different universes")
        return other.words
