"""The answers to a question, gathered into classes between which no condition tells a difference."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.advice.compiled import Compiled
from service.advice.conditions import All, Any, AtLeast, AtMost, Condition, Not
from service.advice.questionnaire import Choice, Near, Question, Span, Within
from service.advice.reply import LARGEST, Measured, Picked, Reply
from service.catalogue.sets import ProductSet, Words

MOST_SUBSETS = 8
"""Options of which every subset is a class of its own; of more, each alone, each left out, and all together."""


@dataclass(frozen=True, slots=True, eq=False)
class ReplyClass:
    """One reply that stands for its class (None: no answer), and the products that some answer of the class keeps."""

    reply: Reply | None
    kept: Words


def classes(
    compiled: Compiled, question: Question, options: frozenset[str], numbers: Sequence[float]
) -> list[ReplyClass]:
    """The classes of a question whose named options, or numbers, are tested by others; no answer is always one."""
    everything = compiled.universe.everything.words
    found = [ReplyClass(None, everything)]
    match question.asks:
        case Choice():
            replies = _many(question, options) if question.choose == "many" else _one(question)
            found += [ReplyClass(reply, _kept(compiled, question, reply)) for reply in replies]
        case Near() | Within():
            found += _numbers(compiled, question, numbers)
        case Span():
            pass  # no condition can test a range, and every product is kept by some range
    return found


def thresholds(condition: Condition, question: str) -> Iterator[float]:
    """The numbers with which a condition compares the answer to a question."""
    match condition:
        case AtLeast(word, number) | AtMost(word, number):
            if word.text == question:
                yield number
        case Not(inner):
            yield from thresholds(inner, question)
        case All(parts) | Any(parts):
            for part in parts:
                yield from thresholds(part, question)
        case _:
            pass


def _one(question: Question) -> list[Picked]:
    return [Picked((option.id,)) for option in question.options]


def _many(question: Question, tested: frozenset[str]) -> list[Picked]:
    """For every set of tested options the largest answer that picks just those among them: it keeps the most."""
    offered = [option.id for option in question.options]
    free = {each for each in offered if each not in tested}
    chosen = [each for each in offered if each in tested]
    sizes = range(len(chosen) + 1) if len(chosen) <= MOST_SUBSETS else (0, 1, len(chosen) - 1, len(chosen))
    subsets = itertools.chain.from_iterable(itertools.combinations(chosen, size) for size in sizes)
    picked = (tuple(each for each in offered if each in free or each in subset) for subset in subsets)
    return [Picked(options) for options in picked if options]


def _kept(compiled: Compiled, question: Question, reply: Reply) -> Words:
    everything = compiled.universe.everything.words
    return everything if question.effect == "prefer" else compiled.by_id[question.id].standing(reply).kept


def _numbers(compiled: Compiled, question: Question, numbers: Sequence[float]) -> Iterator[ReplyClass]:
    """The thresholds themselves, and the stretches between them, within what may be entered."""
    low = -LARGEST if question.low is None else question.low
    high = LARGEST if question.high is None else question.high
    inside = sorted({number for number in numbers if low <= number <= high} | {low, high})
    for number in inside:
        yield ReplyClass(Measured(number), _kept_between(compiled, question, number, number))
    for before, after in itertools.pairwise(inside):
        inner = math.nextafter(before, after), math.nextafter(after, before)
        yield ReplyClass(Measured((before + after) / 2), _kept_between(compiled, question, *inner))


def _kept_between(compiled: Compiled, question: Question, low: float, high: float) -> Words:
    universe = compiled.universe
    match question.asks:
        case Near(attribute, tolerance) if question.effect != "prefer":
            parts = [(universe.between(attribute.text, low - tolerance, high + tolerance), attribute.text)]
        case Within(lowest, highest) if question.effect != "prefer":
            parts = [
                (universe.between(lowest.text, None, high), lowest.text),
                (universe.between(highest.text, low, None), highest.text),
            ]
        case _:
            return universe.everything.words
    keep = question.missing_data == "keep"
    kept: list[ProductSet] = [fitting | universe.missing(name) if keep else fitting for fitting, name in parts]
    return universe.intersection(kept).words
