"""Where each product stands in a universe's bits, so that the variants of one model can be counted once.

Products of one model are neighbours, and up to 64 of them never straddle a word: bits left free belong to nobody. So
the models touched by a set X come from one addition per word. With H the highest bit of each model's field,
((X & ~H) + ~H) carries into H exactly where a lower bit of the field is set; OR X adds H itself. Models of more than
64 variants have whole words to themselves and are counted apart.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.catalogue.sets import WORD, Words, packed, sealed


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Positions of products and the words that count models.

    `product_at`: int32 by position, the product's index in the catalogue, -1 where nobody stands.
    `model_at`: int32 by position, the number of the product's model in static order, -1 where nobody stands.
    """

    product_at: NDArray[np.int32]
    model_at: NDArray[np.int32]
    everything: Words
    _highest: Words
    _others: Words
    _large: NDArray[np.intp]
    _singles_only: bool

    @classmethod
    def of(cls, indices: NDArray[np.intp], sizes: NDArray[np.intp]) -> "Layout":
        """The layout of catalogue indices, model by model, and of the models' sizes, both in static order."""
        starts, width = _starts(sizes)
        ends = starts + sizes
        positions = np.arange(sizes.sum()) + np.repeat(starts - np.cumsum(sizes) + sizes, sizes)
        product_at = np.full(width, -1, np.int32)
        product_at[positions] = indices
        model_at = np.full(width, -1, np.int32)
        model_at[positions] = np.repeat(np.arange(sizes.size), sizes)
        highest = np.zeros(width, np.bool_)
        highest[ends - 1] = sizes <= WORD
        large = sizes > WORD
        edges = np.stack([starts[large], ends[large] + WORD - 1], axis=1).ravel() // WORD
        last_bits = packed(highest)
        return cls(
            product_at=_fixed(product_at),
            model_at=_fixed(model_at),
            everything=packed(product_at >= 0),
            _highest=last_bits,
            _others=sealed(~last_bits),
            _large=edges.astype(np.intp),
            _singles_only=bool((sizes == 1).all()),
        )

    def count_models(self, words: Words) -> NDArray[np.int64]:
        """How many models each row of words (…, width / 64) touches."""
        if self._singles_only:
            return _bits(words)
        carried = (words & self._others) + self._others
        touched = (carried | words) & self._highest
        return _bits(touched) + self._large_models(words) if self._large.size else _bits(touched)

    def _large_models(self, words: Words) -> NDArray[np.int64]:
        edges = self._large[:-1] if self._large[-1] == words.shape[-1] else self._large
        merged = np.bitwise_or.reduceat(words, edges, axis=-1)
        return np.asarray(
            np.count_nonzero(merged[..., ::2], axis=-1), np.int64
        )  # every second stretch lies between large models


def _bits(words: Words) -> NDArray[np.int64]:
    return np.asarray(np.bitwise_count(words).sum(axis=-1, dtype=np.int64))


def _starts(sizes: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """Where each model begins, and the width of all (a multiple of 64)."""
    if (sizes == 1).all():
        return np.arange(sizes.size), sizes.size + -sizes.size % WORD
    starts: list[int] = []
    position = 0
    for size in sizes.tolist():
        left_in_word = -position % WORD
        if size > left_in_word:
            position += left_in_word
        starts.append(position)
        position += size
        if size > WORD:
            position += -position % WORD
    return np.array(starts, np.int64), position + -position % WORD


def _fixed(column: NDArray[np.int32]) -> NDArray[np.int32]:
    column.setflags(write=False)
    return column
