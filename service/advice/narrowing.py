"""Which products are left after the answers on the path, and which questions can no longer change anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from service.advice.compiled import Compiled
from service.advice.path import Path
from service.advice.reply import NotSure, Reply
from service.catalogue.sets import Words


@dataclass(frozen=True, slots=True, eq=False)
class Left:
    """The products left, as words over the universe, and how many models they are."""

    words: Words
    models: int


def left_by(compiled: Compiled, counted: Mapping[str, Reply]) -> Left:
    """What the counted answers leave."""
    words = narrowed(compiled, counted)
    return Left(words, int(compiled.universe.layout.count_models(words)))


def narrowed(compiled: Compiled, counted: Mapping[str, Reply]) -> Words:
    """The products left: OR within a question, AND across; preferences never narrow."""
    return reduce(
        np.bitwise_and,
        (compiled.standing(question, counted[question]).kept for question in hard(compiled, counted)),
        compiled.universe.everything.words,
    )


def hard(compiled: Compiled, counted: Mapping[str, Reply]) -> tuple[str, ...]:
    """The counted answers that narrow, in file order."""
    return tuple(
        question
        for question, reply in counted.items()
        if compiled.by_id[question].question.effect != "prefer" and not isinstance(reply, NotSure)
    )


def moot_questions(compiled: Compiled, path: Path, replies: Mapping[str, Reply], live: Words) -> frozenset[str]:
    """Unanswered questions whose every reply leaves the outcome as it is, through no later question either."""
    open_questions = {*path.waiting, *path.possible}
    moot: set[str] = set()
    for judged in reversed(compiled.judged):
        question = judged.question.id
        if (
            question in open_questions
            and all(_cannot_matter(compiled, later, replies, live, moot) for later in compiled.dependents[question])
            and judged.makes_no_difference(live)
        ):
            moot.add(question)
    return frozenset(moot)


def _cannot_matter(compiled: Compiled, later: str, replies: Mapping[str, Reply], live: Words, moot: set[str]) -> bool:
    """Whether a question that hangs on another one changes nothing if it comes or goes."""
    if later in replies:
        return False
    return later in moot or (
        compiled.by_id[later].makes_no_difference(live)
        and all(_cannot_matter(compiled, each, replies, live, moot) for each in compiled.dependents[later])
    )
