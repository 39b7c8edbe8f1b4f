"""Which questions can ever be asked, and which answers can ever be chosen.

The answers to a question fall into classes between which no condition can tell a difference; of each class the products
count that at least one of its answers keeps. One product decides about each answer by itself, so going through the
combinations of classes of the questions on which another one hangs tells exactly whether a product can be left when it
is asked. Where there are too many combinations, evenly spread ones are looked at, and the complaint says so.

Codes: BG-Q027 an answer that can never be chosen, Q028 a condition that can never hold.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from service.advice.checks.reply_classes import ReplyClass, classes, thresholds
from service.advice.compiled import Compiled
from service.advice.conditions import mentions
from service.advice.path import walk
from service.advice.questionnaire import Question
from service.advice.reply import Reply
from service.catalogue.sets import Words
from service.documents.problem import Complaints, Severity

MOST_COMBINATIONS = 4_000
"""Combinations of earlier answers that are looked at for one question."""

WORK, FEWEST_COMBINATIONS = 4_000_000, 10
"""Steps that going through them may take in all questions together, each of which has an equal share.

Where many hang on many, fewer combinations are tried.
"""


@dataclass(slots=True)
class Reach:
    """When a question is asked: in how many of the combinations tried, and the products that can then be left."""

    tried: int
    total: int
    live: Words
    asked: int = 0

    @property
    def how(self) -> str:
        """How sure it is, as a complaint says it."""
        if self.tried == self.total:
            return "proven"
        return f"sampled: {self.tried:,} of {self.total:,} combinations of earlier answers"


def check_reach(compiled: Compiled, complaints: Complaints) -> None:
    """Complain about questions and answers that nobody can come to."""
    never: set[str] = set()
    for judged in compiled.judged:
        question = judged.question
        where = complaints.within(f"question '{question.id}'")
        if question.only_if is None:
            continue
        reach = reach_of(compiled, question)
        first = next(mentions(question.only_if))[0]
        if not reach.asked:
            told_already = any(word.text in never for word, _ in mentions(question.only_if))
            never.add(question.id)
            if told_already:
                continue
            where.add(first.at, "BG-Q028", *_never_asked(reach))
        elif not np.count_nonzero(reach.live):
            message = f"its only_if only holds when no product is left ({reach.how}); change the condition"
            where.add(first.at, "BG-Q028", message, "warning")
        elif question.effect != "prefer":
            for option, kept in zip(question.options, judged.kept, strict=True):
                if np.count_nonzero(kept) and not np.count_nonzero(kept & reach.live):
                    message = (
                        f"can never be chosen: whenever this is asked, no product that fits it is left ({reach.how}); "
                        "change 'only_if' or delete the answer"
                    )
                    where.within(f"answer '{option.id}'").add(option.at, "BG-Q027", message, "warning")


def _never_asked(reach: Reach) -> tuple[str, Severity]:
    if reach.tried == reach.total:
        return f"its only_if can never hold ({reach.how}), so it is never asked; change the condition", "warning"
    return f"its only_if held after none of the answers tried ({reach.how}); make sure that it can hold", "note"


def reach_of(compiled: Compiled, question: Question) -> Reach:
    """What can have been answered before this question is asked, and the products that can then be left."""
    names = _ancestors(compiled, question)
    asked_before = [each for each in compiled.questions if each.id in names]
    names_in_order = [each.id for each in asked_before]
    path = (*asked_before, question)
    tested = _tested(path)
    offered = [classes(compiled, each, *tested[each.id]) for each in asked_before]
    total = math.prod(map(len, offered))
    reach = Reach(min(total, _affordable(compiled, path)), total, compiled.universe.nothing.words)
    for combination in _combinations(offered, total, reach.tried):
        _follow(compiled, path, dict(zip(names_in_order, combination, strict=True)), reach)
    return reach


def _affordable(compiled: Compiled, path: Sequence[Question]) -> int:
    """How many combinations one question may go through: each takes a step for every question and test on the path."""
    share = WORK // sum(each.only_if is not None for each in compiled.questions)
    steps = len(path) + sum(1 for each in path if each.only_if is not None for _ in mentions(each.only_if))
    return max(FEWEST_COMBINATIONS, min(MOST_COMBINATIONS, share // steps))


def _follow(compiled: Compiled, path: Sequence[Question], given: Mapping[str, ReplyClass], reach: Reach) -> None:
    replies: dict[str, Reply] = {each: one.reply for each, one in given.items() if one.reply is not None}
    taken = walk(path, replies)
    if path[-1].id in taken.waiting:
        live = compiled.universe.everything.words
        for each in taken.counted:
            live = live & given[each].kept
        reach.asked += 1
        reach.live = reach.live | live


def _ancestors(compiled: Compiled, question: Question) -> set[str]:
    """The questions on which this one hangs, directly or through others."""
    found: set[str] = set()
    open_ones = [question]
    while open_ones:
        condition = open_ones.pop().only_if
        for word, _ in mentions(condition) if condition is not None else ():
            if word.text not in found and word.text in compiled.by_id:
                found.add(word.text)
                open_ones.append(compiled.by_id[word.text].question)
    return found


def _tested(path: Sequence[Question]) -> dict[str, tuple[frozenset[str], tuple[float, ...]]]:
    """By question the options and the numbers by which others on the path tell answers to it apart."""
    options: dict[str, set[str]] = {each.id: set() for each in path}
    numbers: dict[str, set[float]] = {each.id: set() for each in path}
    for condition in (each.only_if for each in path if each.only_if is not None):
        for word, named in mentions(condition):
            options[word.text].update(option.text for option in named or ())
            if named is None:
                numbers[word.text].update(thresholds(condition, word.text))
    return {each.id: (frozenset(options[each.id]), tuple(sorted(numbers[each.id]))) for each in path}


def _combinations(offered: Sequence[Sequence[ReplyClass]], total: int, tried: int) -> Iterator[list[ReplyClass]]:
    """All combinations, or evenly spread ones: multiples of a stride that shares no divisor with their number."""
    stride = 1 if total <= tried else _coprime(int(total * 0.6180339887), total)
    for number in range(tried):
        rest, combination = number * stride % total, []
        for choices in offered:
            rest, place = divmod(rest, len(choices))
            combination.append(choices[place])
        yield combination


def _coprime(near: int, total: int) -> int:
    return next(stride for stride in range(max(near, 1), total + 1) if math.gcd(stride, total) == 1)
