"""Times a whole state with all ways out of a conflict, against trying every set of answers in the same run.

    python bench/ways_out.py [PRODUCTS ...]

Ten answers, one a requirement and nine filters, each of which keeps two values of eight: no product meets them all. One
sample is one whole `advise(...).as_json()`, near misses and the best products of each way out included, in CPU time of
the thread, the best of three calls. The yardstick goes through the sets of answers from the smallest on, with a boolean
mask per answer, and finds those that free some product: no products, no counts, no texts. Both must find the same.
"""

import itertools
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from numpy.typing import NDArray

from bench.advise import (
    HERE,
    NOBODY,
    OPTIONS,
    QUESTIONS,
    question,
    questionnaire,
    simulated_catalogue,
    timed,
    whole_state,
)
from service.advice.advise import Answers, advise
from service.advice.compiled import Compiled, compile_questionnaire
from service.advice.conflicts import NAMED_AT_MOST
from service.advice.questionnaire import Choice, Effect, OneOf, Question, Questionnaire
from service.advice.reply import Picked
from service.advice.words import Word
from service.catalogue.catalogue import Catalogue

CONFLICTS, KEPT = 40, 2
FILTERS: tuple[Effect, ...] = ("filter",) * 9
EFFECTS: tuple[Effect, ...] = ("require", *FILTERS)
GiveUp = frozenset[str]


def strict_questionnaire() -> Questionnaire:
    """Each answer keeps a quarter of what is stated, and nothing that is not stated."""
    return replace(questionnaire(), questions=tuple(_strict(*each) for each in enumerate(EFFECTS)))


def _strict(number: int, effect: Effect) -> Question:
    asked = question(number, effect)
    options = tuple(
        replace(option, fits=(OneOf(Word(f"a{number}", HERE), _kept_by(place)),))
        for place, option in enumerate(asked.options)
    )
    return replace(asked, asks=Choice(options, several=False), missing_data="drop")


def _kept_by(option: int) -> tuple[Word, ...]:
    return tuple(Word(f"v{(option + step) % OPTIONS}", HERE) for step in range(KEPT))


class EverySet:
    """The yardstick."""

    def __init__(self, catalogue: Catalogue) -> None:
        bikes = [product for product in catalogue.products if product.category == "bike"]
        self._kept: list[list[NDArray[np.bool_]]] = []
        for number in range(QUESTIONS):
            stated = np.array([product.value(f"a{number}") or "" for product in bikes])
            self._kept.append([np.isin(stated, [word.text for word in _kept_by(each)]) for each in range(OPTIONS)])

    def ways_out(self, answers: Answers) -> list[GiveUp]:
        """The smallest sets of answers to give up, all of them."""
        kept = {name: self._kept[int(name[1:])][_picked(answers, name)] for name in answers}
        found: list[GiveUp] = []
        for size in range(1, len(kept) + 1):
            for given_up in map(frozenset, itertools.combinations(kept, size)):
                if any(smaller <= given_up for smaller in found):
                    continue
                left = [mask for name, mask in kept.items() if name not in given_up]
                if not left or np.logical_and.reduce(left).any():
                    found.append(given_up)
        return found


def _picked(answers: Answers, name: str) -> int:
    reply = answers[name]
    if not isinstance(reply, Picked):
        raise TypeError(name)
    return int(reply.options[0][1:])


def conflicts(compiled: Compiled, chance: random.Random) -> Iterator[Answers]:
    """Answers to all questions that no product meets together."""
    while True:
        answers = {f"q{each}": Picked((f"o{chance.randrange(OPTIONS)}",)) for each in range(QUESTIONS)}
        if not advise(compiled, answers, NOBODY, "de").remaining:
            yield answers


def differs(compiled: Compiled, every: EverySet, answers: Answers) -> bool:
    """Whether what is named are not the smallest ones of all: filters alone where that will do, fewest first."""
    found = every.ways_out(answers)
    offered = [each for each in found if "q0" not in each] or found
    told = advise(compiled, answers, NOBODY, "de").conflict
    named = [] if told is None else [frozenset(way.give_up) for way in told.ways_out]
    sizes = sorted(map(len, offered))[:NAMED_AT_MOST]
    return not set(named) <= set(offered) or [len(each) for each in named] != sizes


def main() -> None:
    for products in [int(each) for each in sys.argv[1:]] or [10_000]:
        chance = random.Random(7)
        catalogue = simulated_catalogue(products, chance)
        compiled = compile_questionnaire(strict_questionnaire(), catalogue)
        every = EverySet(catalogue)
        answers = list(itertools.islice(conflicts(compiled, chance), CONFLICTS))
        ways = [len(every.ways_out(each)) for each in answers]
        wrong = sum(differs(compiled, every, each) for each in answers)
        ours = timed(partial(whole_state, compiled), answers) / 1000
        theirs = timed(every.ways_out, answers) / 1000
        print(
            f"ways out {products:>9,} simulated products, {CONFLICTS} conflicts of {QUESTIONS} answers with "
            f"{np.mean(ways):.0f} ways out on average ({max(ways)} at most), {wrong} named otherwise than every set "
            f"tried says: p50 {np.median(ours):.2f} ms, p95 {np.percentile(ours, 95):.2f} ms, "
            f"most {ours.max():.2f} ms; every set p50 {np.median(theirs):.2f} ms; "
            f"ratio {np.median(ours) / np.median(theirs):.2f}"
        )


if __name__ == "__main__":
    main()
