"""Where a shopper stands: which answers count, which products they leave, which questions can still change anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from service.advice.compiled import Compiled
from service.advice.path import Path, walk
from service.advice.replies import Gathered
from service.advice.reply import NotSure, Reply
from service.catalogue.sets import ProductSet, Words


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """The replies, the path that they take, and the products left: as words over the universe, and how many models."""

    gathered: Gathered
    path: Path
    live: Words
    remaining: int

    def products(self, compiled: Compiled) -> ProductSet:
        """The products left, as a set."""
        return ProductSet(self.live, compiled.universe.everything.words)


def situation(compiled: Compiled, gathered: Gathered) -> Situation:
    """Where these replies lead."""
    path = walk(compiled.questions, gathered.replies)
    live = narrowed(compiled, path.counted)
    return Situation(gathered, path, live, int(compiled.universe.layout.count_models(live)))


def narrowed(compiled: Compiled, counted: Mapping[str, Reply]) -> Words:
    """The products left: OR within a question, AND across; preferences never narrow."""
    return reduce(
        np.bitwise_and,
        (compiled.standing(question, counted[question]).kept for question in hard(compiled, counted)),
        compiled.universe.everything.words,
    )


def remaining_with(compiled: Compiled, replies: Mapping[str, Reply]) -> int:
    """How many models replies leave, those off the path not counting."""
    return int(compiled.universe.layout.count_models(narrowed(compiled, walk(compiled.questions, replies).counted)))


def hard(compiled: Compiled, counted: Mapping[str, Reply]) -> tuple[str, ...]:
    """The counted answers that narrow, in file order."""
    return tuple(
        question
        for question, reply in counted.items()
        if compiled.by_id[question].question.effect != "prefer" and not isinstance(reply, NotSure)
    )


def moot_questions(compiled: Compiled, here: Situation) -> frozenset[str]:
    """Unanswered questions whose every reply leaves the outcome as it is, through no later question either."""
    unanswered = {*here.path.waiting, *here.path.possible}
    moot: set[str] = set()
    for judged in reversed(compiled.judged):
        question = judged.question.id
        if (
            question in unanswered
            and all(_cannot_matter(compiled, later, here, moot) for later in compiled.dependents[question])
            and judged.makes_no_difference(here.live)
        ):
            moot.add(question)
    return frozenset(moot)


def _cannot_matter(compiled: Compiled, later: str, here: Situation, moot: set[str]) -> bool:
    """Whether a question that hangs on another one changes nothing if it comes or goes."""
    if later in here.gathered.replies:
        return False
    return later in moot or (
        compiled.by_id[later].makes_no_difference(here.live)
        and all(_cannot_matter(compiled, each, here, moot) for each in compiled.dependents[later])
    )
