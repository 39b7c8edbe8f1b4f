"""Advice: from answers, and what a profile may add, to the next question, what is left and a shortlist with reasons."""

from collections.abc import Iterator, Mapping, Sequence

from service.advice.asking import asked
from service.advice.compiled import Compiled
from service.advice.conflicts import conflict
from service.advice.listing import best, listed
from service.advice.narrowing import Left, left_by, moot_questions
from service.advice.path import Path, walk
from service.advice.phrases import Phrases
from service.advice.replies import Answers, Gathered, gather, parse_answers
from service.advice.reply import Reply, reply_json
from service.advice.state import Asked, Beside, Prefill, Skipped, State, Used
from service.privacy.view import AdviceView, ConsentedValue

__all__ = ["Answers", "advise", "parse_answers"]


def advise(compiled: Compiled, answers: Answers, view: AdviceView, locale: str) -> State:
    """The state that these answers and this view lead to. Pure: the same input gives the same state."""
    gathered = gather(compiled, answers, view)
    path = walk(compiled.questions, gathered.replies)
    left = left_by(compiled, path.counted)
    moot = moot_questions(compiled, path, gathered.replies, left.words)
    following = next((each for each in path.waiting if each not in moot), None)
    phrases = compiled.phrases(locale)
    shown = best(compiled, path.counted, left.words)
    return State(
        questionnaire=compiled.questionnaire.id,
        version=compiled.version,
        locale=phrases.locale,
        question=None if following is None else _question(compiled, gathered, following, left, phrases),
        answered=len(path.counted),
        at_most=len(path.counted) + _still_to_come(compiled, gathered.replies, path, moot),
        remaining=left.models,
        answers=_repeated(compiled, answers),
        set_aside=tuple(each for each in gathered.replies if each in answers and each not in path.counted),
        skipped=tuple(_skipped(compiled, path, gathered, moot)),
        prefilled={each: _prefill(value) for each, value in gathered.prefilled.items() if each in path.counted},
        conflict=None if left.models else conflict(compiled, path.counted),
        shortlist=tuple(listed(compiled, path.counted, position, phrases) for position in shown),
        companions=_companions(compiled, shown, phrases.locale),
        used=_used(compiled, path, gathered, following),
        not_used_without_consent=tuple(each for each in view.withheld if each in compiled.profile_attributes),
    )


def _question(compiled: Compiled, gathered: Gathered, following: str, left: Left, phrases: Phrases) -> Asked:
    value = gathered.proposed.get(following)
    return asked(compiled, following, left, phrases, None if value is None else _prefill(value))


def _still_to_come(compiled: Compiled, replies: Mapping[str, Reply], path: Path, moot: frozenset[str]) -> int:
    """How many more questions may be asked; one that hangs only on questions that are skipped cannot come."""
    if not path.possible:
        return sum(each not in moot for each in path.waiting)
    outlook = walk(compiled.questions, replies, moot=moot.__contains__)
    return len(outlook.waiting) + len(outlook.possible)


def _repeated(compiled: Compiled, answers: Answers) -> dict[str, object]:
    return {
        question.id: None if answer is None else reply_json(answer, question)
        for question in compiled.questions
        if question.id in answers
        for answer in (answers[question.id],)
    }


def _skipped(compiled: Compiled, path: Path, gathered: Gathered, moot: frozenset[str]) -> Iterator[Skipped]:
    for question in compiled.questions:
        if question.id in gathered.prefilled and question.id in path.counted:
            yield Skipped(question.id, "prefilled")
        elif question.id in moot and question.id in path.waiting:
            yield Skipped(question.id, "no_difference")


def _companions(compiled: Compiled, shown: Sequence[int], locale: str) -> tuple[Beside, ...]:
    ranks = compiled.universe.ranks[shown].tolist() if shown else []
    found = (each for rank in ranks for each in compiled.beside(rank, locale))
    return tuple({(each.sku, each.for_sku): each for each in found}.values())


def _used(compiled: Compiled, path: Path, gathered: Gathered, following: str | None) -> tuple[Used, ...]:
    """What the profile answered on the path, and what it proposes for the question asked."""
    shown = [each for each in gathered.prefilled if each in path.counted]
    shown += [each for each in gathered.proposed if each == following]
    sources = (compiled.by_id[each].question.from_profile for each in shown)
    used = sorted({(source.attribute.text, source.purpose.text) for source in sources if source is not None})
    return tuple(Used(attribute, purpose) for attribute, purpose in used)


def _prefill(value: ConsentedValue) -> Prefill:
    return Prefill(value.value, value.source)
