"""What goes with an answer that is given up: answers to questions that were only asked because of it.

A question leaves the path as soon as its condition is no longer known to hold, and taking answers back never makes a
condition known. So for every answer that counts there are smallest sets of answers to give up after which it counts
no more: its own, and whatever undoes its question's condition. Sets are bit masks over what may be given up.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import assert_never

from service.advice.conditions import (
    FALSE,
    TRUE,
    All,
    Any,
    AnyOf,
    AtLeast,
    AtMost,
    Condition,
    Is,
    Not,
    verdicts,
)
from service.advice.questionnaire import Question
from service.advice.reply import Reply

KEPT_AT_MOST = 256
"""Smallest sets that are kept, the smallest first; a questionnaire's answers rarely have ten."""

Sets = Sequence[int]


def smallest(sets: Iterable[int]) -> list[int]:
    """The sets that contain no other one, smallest first."""
    found: list[int] = []
    for each in sorted(set(sets), key=lambda one: (one.bit_count(), one)):
        if all(each & smaller != smaller for smaller in found):
            found.append(each)
            if len(found) == KEPT_AT_MOST:
                break
    return found


def both(left: Sets, right: Sets) -> list[int]:
    """The smallest sets that contain one of each."""
    return smallest(one | other for one in left for other in right)


def ways_to_drop(
    questions: Iterable[Question], counted: Mapping[str, Reply], bits: Mapping[str, int]
) -> Mapping[str, Sets]:
    """For every answer that counts the smallest sets to give up; `bits` are those of answers that may be given up."""
    found: dict[str, Sets] = {}
    for question in questions:
        if question.id in counted:
            own = [1 << bits[question.id]] if question.id in bits else []
            undone = [] if question.only_if is None else _undone(question.only_if, TRUE, counted, found)
            found[question.id] = smallest([*own, *undone])
    return found


def _undone(condition: Condition, verdict: int, counted: Mapping[str, Reply], found: Mapping[str, Sets]) -> Sets:
    """The smallest sets to give up after which the condition has not this verdict; the empty one if it has not now."""
    match condition:
        case Is(tested) | AnyOf(tested) | AtLeast(tested) | AtMost(tested):
            return found[tested.text] if verdicts(condition, counted.get) == verdict else [0]
        case Not(inner):
            return _undone(inner, FALSE if verdict == TRUE else TRUE, counted, found)
        case All(parts) | Any(parts):
            each = [_undone(part, verdict, counted, found) for part in parts]
            if isinstance(condition, All) == (verdict == TRUE):
                return smallest(one for sets in each for one in sets)
            return reduce(both, each, [0])
        case _:
            assert_never(condition)
