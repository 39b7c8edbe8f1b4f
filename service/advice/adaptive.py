"""Adaptive order: of the questions that may be asked now, the one expected to narrow most.

The gain of a question is the mean of log2(products left before / products left after), over shoppers who each want one
of the products left and answer truthfully: a choice by an option that the product fits, a number by the product's own,
a range by "up to the product's own". Whoever cannot answer gains nothing: by default those whose product does not
state what is asked for; or, where counts of earlier dialogues are given, the share that answered "not sure".

Preferences do not narrow, so they gain nothing and come last, in the order of the file. So does the first of equals.
(Greedy expected entropy: within a logarithmic factor of the best tree of questions; Kosaraju and others, 1999.)
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import log2
from operator import or_
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.advice.judged import Judged
from service.advice.masks import Mask, mask_of
from service.advice.questionnaire import Near, Span, Within
from service.advice.reply import Between, Measured, Picked, Reply
from service.catalogue.sets import packed

BANDS = 8
"""A number or range is judged by the replies of this many groups of equally many products."""


class Probe(NamedTuple):
    """A reply, the products whose shoppers would give it, and the products that stay after it."""

    reply: Reply
    wanted: Mask
    staying: Mask


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Expected:
    """What a question is expected to gain."""

    probes: tuple[Probe, ...]
    able: Mask
    not_sure: float | None

    @classmethod
    def of(cls, judged: Judged, not_sure: float | None = None) -> "Expected":
        """For this question; `not_sure` is the share of shoppers who could not answer it, None if that is not known."""
        probes = () if judged.question.effect == "prefer" else tuple(probes_of(judged))
        return cls(probes, reduce(or_, (each.wanted for each in probes), 0), not_sure)

    def gain(self, left: Mask) -> float:
        """Expected bits, when these products are left."""
        before, replies, bits = left.bit_count(), 0, 0.0
        for _, wanted, staying in self.probes:
            if giving := (wanted & left).bit_count():
                replies += giving
                bits += giving * log2(before / ((staying & left).bit_count() or 1))
        if not replies:
            return 0.0
        return (
            bits / replies * ((self.able & left).bit_count() / before if self.not_sure is None else 1 - self.not_sure)
        )


def most_telling(expected: Mapping[str, Expected], questions: Sequence[str], left: Mask) -> str:
    """The question with the highest gain, the first of equals."""
    return max(questions, key=lambda question: expected[question].gain(left))


def probes_of(judged: Judged) -> Iterator[Probe]:
    """The single replies to a question that truthful shoppers may give."""
    numbers = judged.universe.numbers
    match judged.question.asks:
        case Near(attribute):
            yield from _banded(judged, numbers(attribute.text), _own)
        case Within(low, high):
            yield from _banded(judged, (numbers(low.text) + numbers(high.text)) / 2, _own)
        case Span(attribute):
            yield from _banded(judged, numbers(attribute.text), _up_to_own)
        case _:
            yield from (Probe(Picked((each,)), it.fitting, it.staying) for each, it in judged.options.items())


def _own(band: NDArray[np.float64]) -> Reply:
    return Measured(float(np.median(band)))


def _up_to_own(band: NDArray[np.float64]) -> Reply:
    return Between(None, float(band[-1]))


def _banded(
    judged: Judged, numbers: NDArray[np.float64], reply_of: Callable[[NDArray[np.float64]], Reply]
) -> Iterator[Probe]:
    order = numbers.argsort(kind="stable")[: np.count_nonzero(~np.isnan(numbers))]
    for band in np.array_split(order, BANDS):
        if band.size:
            bits = np.zeros(numbers.size, np.bool_)
            bits[band] = True
            reply = reply_of(numbers[band])
            yield Probe(reply, mask_of(packed(bits)), judged.standing(reply).staying)
