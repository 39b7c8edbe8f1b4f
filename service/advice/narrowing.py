"""Where a shopper stands: which answers count, which products they leave, which questions can still change anything."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from service.advice.compiled import Compiled
from service.advice.judged import Judged, Standing
from service.advice.path import Path, walk
from service.advice.questionnaire import Question
from service.advice.replies import Gathered
from service.advice.reply import NotSure, Reply
from service.catalogue.sets import ProductSet, Words


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """An answer that counts and is not "not sure", and how the products stand to it."""

    judged: Judged
    reply: Reply
    standing: Standing

    @property
    def question(self) -> Question:
        """The question that was answered."""
        return self.judged.question


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """The replies, the path that they take, and the products left: as words over the universe, and how many models."""

    gathered: Gathered
    path: Path
    weighed: tuple[Weighed, ...]
    live: Words
    remaining: int

    def products(self, compiled: Compiled) -> ProductSet:
        """The products left, as a set."""
        return ProductSet(self.live, compiled.universe.everything.words)


def situation(compiled: Compiled, gathered: Gathered) -> Situation:
    """Where these replies lead."""
    path = walk(compiled.questions, gathered.replies)
    weighed = weigh(compiled, path.counted)
    live = narrowed(compiled, weighed)
    return Situation(gathered, path, weighed, live, int(compiled.universe.layout.count_models(live)))


def weigh(compiled: Compiled, counted: Mapping[str, Reply]) -> tuple[Weighed, ...]:
    """The counted answers with the products' standing, in file order."""
    return tuple(
        Weighed(compiled.by_id[question], reply, compiled.standing(question, reply))
        for question, reply in counted.items()
        if not isinstance(reply, NotSure)
    )


def narrowed(compiled: Compiled, weighed: Iterable[Weighed]) -> Words:
    """The products left: OR within a question, AND across; preferences never narrow."""
    kept = (each.standing.kept for each in weighed if each.question.effect != "prefer")
    return reduce(np.bitwise_and, kept, compiled.universe.everything.words)


def remaining_with(compiled: Compiled, replies: Mapping[str, Reply]) -> int:
    """How many models replies leave, those off the path not counting."""
    weighed = weigh(compiled, walk(compiled.questions, replies).counted)
    return int(compiled.universe.layout.count_models(narrowed(compiled, weighed)))


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
