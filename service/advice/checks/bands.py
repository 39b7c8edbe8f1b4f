"""Bands of numbers among the answers of one question: what lies between them, and where two of them meet.

Codes: BG-Q023 a gap between two bands, Q024 two bands that overlap. Bands that begin or end at the same number are
thresholds ("up to 10", "up to 20") and may overlap.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from service.advice.compiled import Compiled
from service.advice.questionnaire import Band, Option, Question
from service.advice.reply import plain_number
from service.documents.problem import Complaints

_INFINITE = float("inf")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One answer's band on an attribute, open ends as infinities."""

    option: Option
    low: float
    high: float


def check_bands(compiled: Compiled, complaints: Complaints) -> None:
    """Complain about gaps and overlaps between the bands of a question's answers."""
    for question in compiled.questions:
        where = complaints.within(f"question '{question.id}'")
        for attribute, stretches in _by_attribute(question).items():
            _overlaps(attribute, stretches, where)
            _gaps(compiled, attribute, stretches, where)


def _by_attribute(question: Question) -> Mapping[str, list[_Stretch]]:
    """The bands of answers that consist of one band alone, by attribute, from low to high."""
    found: dict[str, list[_Stretch]] = {}
    for option in question.options:
        if len(option.fits) == 1 and isinstance(option.fits[0], Band):
            band = option.fits[0]
            low = -_INFINITE if band.low is None else band.low
            high = _INFINITE if band.high is None else band.high
            found.setdefault(band.attribute.text, []).append(_Stretch(option, low, high))
    return {name: sorted(several, key=lambda each: (each.low, each.high)) for name, several in found.items()}


def _overlaps(attribute: str, stretches: list[_Stretch], complaints: Complaints) -> None:
    for one, other in itertools.combinations(stretches, 2):
        if other.low < one.high and one.low != other.low and one.high != other.high:
            both = f"{_number(other.low)} to {_number(min(one.high, other.high))}"
            message = (
                f"its band of '{attribute}' overlaps with that of '{one.option.id}' ({both}), "
                "so a product there fits both; let one begin where the other ends"
            )
            complaints.within(f"answer '{other.option.id}'").add(other.option.at, "BG-Q024", message, "warning")


def _gaps(compiled: Compiled, attribute: str, stretches: list[_Stretch], complaints: Complaints) -> None:
    for before, low, high, after in _between(stretches):
        inside = compiled.universe.between(attribute, low, high).count() - sum(
            compiled.universe.between(attribute, end, end).count() for end in (low, high)
        )
        if not inside and _counts_whole(compiled, attribute, low, high):
            continue
        message = (
            f"no answer covers '{attribute}' between {_number(low)} ('{before.id}') and {_number(high)}, "
            f"where {_candidates(inside)}; let one answer begin where the other ends"
        )
        complaints.within(f"answer '{after.id}'").add(after.at, "BG-Q023", message, "warning" if inside else "note")


def _between(stretches: list[_Stretch]) -> Iterator[tuple[Option, float, float, Option]]:
    """What no stretch covers, with the answers before and after it."""
    reached = stretches[0]
    for each in stretches[1:]:
        if each.low > reached.high:
            yield reached.option, reached.high, each.low, each.option
        if each.high > reached.high:
            reached = each


def _counts_whole(compiled: Compiled, attribute: str, low: float, high: float) -> bool:
    """Whether the attribute counts in whole numbers, and there is none between these two."""
    numbers = compiled.universe.numbers(attribute)
    stated = numbers[~np.isnan(numbers)]
    return high - low <= 1 and bool(np.all(stated == np.floor(stated)))


def _candidates(inside: int) -> str:
    if not inside:
        return "no candidate lies today"
    return "1 candidate lies" if inside == 1 else f"{inside} candidates lie"


def _number(number: float) -> str:
    return "any number" if abs(number) == _INFINITE else f"{plain_number(number)}"
