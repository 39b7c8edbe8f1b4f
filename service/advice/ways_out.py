"""When no product meets all answers: the smallest sets of answers to give up, all of them.

A product is reached exactly if every answer it violates is given up, or goes with one that is. So the minimal ways out
are the minimal ones among the sets of answers that the products violate: no search over subsets is needed, and none is
missed (MinRelax on results in memory: Jannach, 2006; minimal correction sets: Liffiton and Sakallah, 2008). Where a
question was only asked because of another answer, each violated answer stands for the sets that drop it.
"""

from collections.abc import Iterable, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from service.advice.dropping import KEPT_AT_MOST, Sets, both, smallest


def violations(kept: Sequence[NDArray[np.uint64]], everything: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The different sets of answers that products violate, as bit masks: bit i stands for `kept[i]`.

    `kept` and `everything` are packed sets over the same universe; at most 64 answers.
    """
    members = np.unpackbits(everything.view(np.uint8), bitorder="little").view(bool)
    masks = np.zeros(int(members.sum()), dtype=np.uint64)
    for bit, words in enumerate(kept):
        violated = np.unpackbits((everything & ~words).view(np.uint8), bitorder="little")[members]
        masks |= violated.astype(np.uint64) << np.uint64(bit)
    return np.unique(masks)


def minimal(masks: NDArray[np.uint64]) -> list[int]:
    """The masks that contain no other one, smallest first."""
    left = masks[np.lexsort((masks, np.bitwise_count(masks)))]
    found: list[int] = []
    while left.size and len(found) < KEPT_AT_MOST:
        smaller = left[0]
        found.append(int(smaller))
        left = left[(left & smaller) != smaller]
    return found


def ways(violated: Iterable[int], drops: Sequence[Sets]) -> list[int]:
    """The minimal sets to give up; `drops[i]` are the smallest sets that drop answer i."""
    return smallest(way for each in violated for way in reduce(both, (drops[bit] for bit in positions(each)), [0]))


def positions(mask: int) -> tuple[int, ...]:
    """The answers in a mask, in order."""
    return tuple(bit for bit in range(mask.bit_length()) if mask >> bit & 1)


def mask_of(bits: Iterable[int]) -> int:
    """The mask of these answers."""
    return sum(1 << bit for bit in bits)
