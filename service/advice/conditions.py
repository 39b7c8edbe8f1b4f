"""When a question is asked: a closed set of tests over earlier answers, judged even while some are still open.

A test over an answer that was not given is neither true nor false (Kleene's strong three-valued logic), so a `not`
around it does not hold either. For answers that may still come, all verdicts that are still possible are carried at
once: a question is on the path if only TRUE is left, and can still come if TRUE is among them.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import assert_never

from service.advice.reply import Between, Measured, NotSure, Picked, Reply
from service.advice.words import Word


@dataclass(frozen=True, slots=True)
class Is:
    """The option was picked."""

    question: Word
    option: Word


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the options was picked."""

    question: Word
    options: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The number given is this or more."""

    question: Word
    number: float


@dataclass(frozen=True, slots=True)
class AtMost:
    """The number given is this or less."""

    question: Word
    number: float


@dataclass(frozen=True, slots=True)
class Not:
    """The condition is known not to hold."""

    condition: "Condition"


@dataclass(frozen=True, slots=True)
class All:
    """Every condition holds."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one condition holds."""

    conditions: tuple["Condition", ...]


Condition = Is | AnyOf | AtLeast | AtMost | Not | All | Any

TRUE, FALSE, UNKNOWN = 1, 2, 4
OPEN = TRUE | FALSE | UNKNOWN
"""Verdicts still possible, as a set of bits."""


class Pending:
    """Stands for an answer that may still come."""


PENDING = Pending()
Known = Callable[[str], Reply | Pending | None]
"""The answer that counts for a question; None if there is none and none will come."""


def verdicts(condition: Condition, known: Known) -> int:  # noqa: PLR0911  one line per kind of condition
    """The verdicts still possible for a condition, as bits of TRUE, FALSE and UNKNOWN."""
    match condition:
        case Is(question, option):
            return _picked(known(question.text), (option,))
        case AnyOf(question, options):
            return _picked(known(question.text), options)
        case AtLeast(question, number):
            return _number(known(question.text), lambda given: given >= number)
        case AtMost(question, number):
            return _number(known(question.text), lambda given: given <= number)
        case Not(inner):
            return _NEGATED[verdicts(inner, known)]
        case All(conditions):
            return _all(conditions, known)
        case Any(conditions):
            return _NEGATED[_all(map(Not, conditions), known)]
        case _:
            assert_never(condition)


def mentions(condition: Condition) -> Iterator[tuple[Word, tuple[Word, ...] | None]]:
    """Every question that a condition tests, with the options it names; None where it compares a number."""
    match condition:
        case Is(question, option):
            yield question, (option,)
        case AnyOf(question, options):
            yield question, options
        case AtLeast(question, _) | AtMost(question, _):
            yield question, None
        case Not(inner):
            yield from mentions(inner)
        case All(conditions) | Any(conditions):
            for each in conditions:
                yield from mentions(each)
        case _:
            assert_never(condition)


def _picked(reply: Reply | Pending | None, options: Iterable[Word]) -> int:
    match reply:
        case Pending():
            return OPEN
        case Picked(picked):
            return TRUE if any(option.text in picked for option in options) else FALSE
        case Measured() | Between() | NotSure() | None:
            return UNKNOWN
        case _:
            assert_never(reply)


def _number(reply: Reply | Pending | None, holds: Callable[[float], bool]) -> int:
    match reply:
        case Pending():
            return OPEN
        case Measured(number):
            return TRUE if holds(number) else FALSE
        case Picked() | Between() | NotSure() | None:
            return UNKNOWN
        case _:
            assert_never(reply)


def _members(bits: int) -> list[int]:
    return [one for one in (TRUE, FALSE, UNKNOWN) if bits & one]


def _not(bits: int) -> int:
    return sum({TRUE: FALSE, FALSE: TRUE, UNKNOWN: UNKNOWN}[one] for one in _members(bits))


_NEGATED = tuple(_not(bits) for bits in range(OPEN + 1))


def _all(conditions: Iterable[Condition], known: Known) -> int:
    found = TRUE
    for each in conditions:
        found = _BOTH[found][verdicts(each, known)]
        if found == FALSE:
            break
    return found


def _and(left: int, right: int) -> int:
    if FALSE in (left, right):
        return FALSE
    return UNKNOWN if UNKNOWN in (left, right) else TRUE


_BOTH = tuple(
    tuple(
        reduce(int.__or__, (_and(*pair) for pair in itertools.product(_members(left), _members(right))), 0)
        for right in range(OPEN + 1)
    )
    for left in range(OPEN + 1)
)
"""Kleene's `and`, for every pair of verdicts that is still possible."""
