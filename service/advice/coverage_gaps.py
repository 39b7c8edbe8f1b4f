"""Gaps in the assortment: the smallest combinations of answers that no product meets.

A combination is minimal if every part of it is met by some product. Answers to preferences never narrow and are left
out; a range is taken at the quarters of its values. Combinations grow one answer at a time (as in Apriori, Agrawal and
Srikant 1994): one that holds a smaller gap is never looked at.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from service.advice.compiled import Compiled
from service.advice.conditions import PENDING, TRUE, Pending, verdicts
from service.advice.phrases import unit_of
from service.advice.questionnaire import Question, Span
from service.advice.reply import Between, Picked, Reply
from service.advice.wording import Wording

LARGEST = 3
"""Answers that a gap combines at most; larger ones say little."""

MOST_LOOKED_AT = 60_000
NAMED_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Gap:
    """Answers, by question, that no product meets together although it meets all but any one of them."""

    answers: tuple[tuple[str, str], ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps found, smallest first; `complete` unless there were too many combinations to look at."""

    found: tuple[Gap, ...]
    looked_at: int
    complete: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer to one question with the products that it keeps, as the bits of a whole number."""

    place: int
    question: Question
    id: str
    text: str
    reply: Reply
    kept: int


def gaps_of(compiled: Compiled, locale: str) -> Gaps:
    """The gaps of a questionnaire over its catalogue, with the answers' texts in a language."""
    answers = [each for place, _ in enumerate(compiled.judged) for each in _answers(compiled, place, locale)]
    everything = _bits(compiled.universe.everything.words)
    gaps: list[frozenset[int]] = []
    found: list[Gap] = []
    grown: list[tuple[tuple[int, ...], int]] = [((), everything)]
    looked_at = 0
    for _ in range(LARGEST):
        larger: list[tuple[tuple[int, ...], int]] = []
        for chosen, left in grown:
            for number in range(chosen[-1] + 1 if chosen else 0, len(answers)):
                if looked_at >= MOST_LOOKED_AT:
                    return Gaps(tuple(found[:NAMED_AT_MOST]), looked_at, complete=False)
                added = answers[number]
                if any(answers[each].place == added.place for each in chosen):
                    continue
                looked_at += 1
                together = (*chosen, number)
                if left & added.kept:
                    larger.append((together, left & added.kept))
                elif not any(gap <= set(together) for gap in gaps):
                    gaps.append(frozenset(together))
                    parts = [answers[each] for each in together]
                    if _may_meet(compiled, parts):
                        found.append(_gap(parts))
        grown = larger
    return Gaps(tuple(found[:NAMED_AT_MOST]), looked_at, complete=len(found) <= NAMED_AT_MOST)


def _answers(compiled: Compiled, place: int, locale: str) -> Iterator[_Answer]:
    judged = compiled.judged[place]
    question = judged.question
    if question.effect == "prefer":
        return
    for option, kept in zip(question.options, judged.kept, strict=True):
        yield _Answer(place, question, option.id, option.text.get(locale), Picked((option.id,)), _bits(kept))
    if isinstance(question.asks, Span):
        wording, unit = Wording.of(locale), unit_of(question, compiled.catalogue.shop)
        for reply in _quarters(compiled, question.asks.attribute.text):
            text = wording.between(reply, unit)
            yield _Answer(place, question, text, text, reply, _bits(judged.standing(reply).kept))


def _quarters(compiled: Compiled, attribute: str) -> list[Between]:
    numbers = compiled.universe.numbers(attribute)
    stated = numbers[~np.isnan(numbers)]
    if not stated.size:
        return []
    ends = sorted({float(end) for end in np.quantile(stated, (0, 0.25, 0.5, 0.75, 1), method="nearest")})
    return [Between(low, high) for low, high in itertools.pairwise(ends)]


def _may_meet(compiled: Compiled, answers: Sequence[_Answer]) -> bool:
    """Whether one shopper can be asked all these questions and give these answers."""
    replies: dict[str, Reply] = {each.question.id: each.reply for each in answers}
    seen: dict[str, Reply | Pending | None] = {}
    for question in compiled.questions:
        outlook = TRUE if question.only_if is None else verdicts(question.only_if, seen.get)
        if outlook & TRUE:
            seen[question.id] = replies.get(question.id, PENDING)
        elif question.id in replies:
            return False
    return True


def _gap(answers: Sequence[_Answer]) -> Gap:
    return Gap(tuple((each.question.id, each.id) for each in answers), tuple(each.text for each in answers))


def _bits(words: np.ndarray[tuple[int, ...], np.dtype[np.uint64]]) -> int:
    return int.from_bytes(np.ascontiguousarray(words).tobytes(), "little")
