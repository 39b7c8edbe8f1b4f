"""When no product meets all answers: the smallest sets of answers to give up.

A product is reached exactly if every answer it violates is given up. So the minimal ways out are the minimal ones
among the sets of answers that the products violate: no search over subsets is needed, and none is missed. (These are
the minimal correction sets of Liffiton and Sakallah, 2008, read off a table because every product is in memory.)

Where a question hangs on an answer that is given up, its own answer goes with it. Then fewer answers may do, and
sets of up to ten answers are tried by size against the table.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

SEARCHED_AT_MOST = 10
"""Answers that hang together are searched up to this number: 2 ** 10 sets."""

KEPT_AT_MOST = 256
"""Minimal sets that are looked at; a questionnaire's answers rarely have ten."""


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
        smallest = left[0]
        found.append(int(smallest))
        left = left[(left & smallest) != smallest]
    return found


def with_dependents(reached: Sequence[int], answers: int, dropped: Callable[[int], int]) -> list[int]:
    """Minimal sets to give up where giving up drops further answers; `dropped` says which are gone in the end.

    `reached` are the minimal sets of violated answers. Past `SEARCHED_AT_MOST` answers these themselves are returned:
    each is a way out, though perhaps not a minimal one.
    """
    if answers > SEARCHED_AT_MOST:
        return list(reached)
    found: list[int] = []
    for tried in _by_size(answers):
        if any(tried & smaller == smaller for smaller in found):
            continue
        gone = dropped(tried)
        if any(needed & gone == needed for needed in reached):
            found.append(tried)
    return found


def positions(mask: int) -> tuple[int, ...]:
    """The answers in a mask, in order."""
    return tuple(bit for bit in range(mask.bit_length()) if mask >> bit & 1)


def mask_of(bits: Iterable[int]) -> int:
    """The mask of these answers."""
    return sum(1 << bit for bit in bits)


def _by_size(answers: int) -> Iterator[int]:
    for size in range(1, answers + 1):
        for chosen in combinations(range(answers), size):
            yield mask_of(chosen)
