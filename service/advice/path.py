"""Which questions are on a shopper's path, whose answers count, and which questions can still come."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from service.advice.conditions import PENDING, TRUE, Pending, verdicts
from service.advice.questionnaire import Question
from service.advice.reply import Reply


@dataclass(frozen=True, slots=True)
class Path:
    """`counted`: answers on the path, in file order; `waiting`: on it, unanswered; `possible`: may yet come onto it."""

    counted: Mapping[str, Reply]
    waiting: tuple[str, ...]
    possible: tuple[str, ...]


def walk(
    questions: Sequence[Question], replies: Mapping[str, Reply], *, moot: Callable[[str], bool] | None = None
) -> Path:
    """The path that these replies take; one pass suffices, since conditions look back only.

    A question that is `moot` will not be asked, so nothing that hangs on its answer can still come.
    """
    seen: dict[str, Reply | Pending | None] = {}
    counted: dict[str, Reply] = {}
    waiting: list[str] = []
    possible: list[str] = []
    for question in questions:
        outlook = TRUE if question.only_if is None else verdicts(question.only_if, seen.get)
        reply = replies.get(question.id)
        if not outlook & TRUE:
            continue
        if outlook == TRUE and reply is not None:
            seen[question.id] = counted[question.id] = reply
        elif moot is None or not moot(question.id):
            seen[question.id] = PENDING
            (waiting if outlook == TRUE else possible).append(question.id)
    return Path(counted, tuple(waiting), tuple(possible))
