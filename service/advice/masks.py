"""Sets of products as whole numbers, bit p for position p: up to some 100,000 products no array call is as quick.

Counting models works as in `service.catalogue.layout`, without its words: one addition over the whole number. With H
the highest bit of each model's field, (X without H) + (everything below the Hs) carries into H exactly where a lower
bit of the field is set; OR X adds H itself. No field overflows into the next, however many variants it has.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from service.catalogue.sets import Words, packed, unpacked
from service.catalogue.universe import Universe

Mask: TypeAlias = int


def mask_of(words: Words) -> Mask:
    """The set that words hold."""
    return int.from_bytes(words.tobytes(), "little")


def words_of(mask: Mask, universe: Universe) -> Words:
    """The set as words over its universe."""
    everything = universe.everything.words
    return np.frombuffer(mask.to_bytes(everything.nbytes, "little"), everything.dtype)


def positions_of(mask: Mask) -> NDArray[np.int64]:
    """The positions in the set, ascending."""
    octets = np.frombuffer(mask.to_bytes((mask.bit_length() + 7) >> 3, "little"), np.uint8)
    return np.unpackbits(octets, bitorder="little").nonzero()[0]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Models:
    """The models of a universe; counts those that a set of its products touches."""

    last: Mask
    lower: Mask
    singles_only: bool

    @classmethod
    def of(cls, universe: Universe) -> "Models":
        """The models of this universe."""
        everything = universe.everything.words
        occupied = np.flatnonzero(unpacked(everything))
        number = universe.models[occupied]
        ends = occupied[number != np.append(number[1:], -1)]
        bits = np.zeros(universe.models.size, np.bool_)
        bits[ends] = True
        last, every = mask_of(packed(bits)), mask_of(everything)
        return cls(last, every & ~last, last == every)

    def count(self, products: Mask) -> int:
        """How many models have a product in the set."""
        if self.singles_only:
            return products.bit_count()
        return (((products & self.lower) + self.lower | products) & self.last).bit_count()
