"""Advice: from answers, and what a profile may add, to the next question, what is left and a shortlist with reasons."""

from collections.abc import Iterator, Sequence

from service.advice.adaptive import most_telling
from service.advice.asking import asked
from service.advice.compiled import Compiled
from service.advice.conflicts import conflict
from service.advice.listing import best, described
from service.advice.narrowing import Situation, moot_questions, situation
from service.advice.path import walk
from service.advice.phrases import Phrases
from service.advice.remembering import offered
from service.advice.replies import Answers, gather, parse_answers
from service.advice.reply import plain_number, reply_json
from service.advice.state import Beside, Listed, Prefill, Skipped, State, Used, Widened
from service.advice.widening import widened
from service.privacy.view import AdviceView

__all__ = ["Answers", "advise", "parse_answers"]


def advise(compiled: Compiled, answers: Answers, view: AdviceView, locale: str) -> State:
    """The state that these answers and this view lead to. Pure: the same input gives the same state."""
    here = situation(compiled, gather(compiled, answers, view))
    counted, prefilled = here.path.counted, here.gathered.prefilled
    moot = moot_questions(compiled, here)
    following = _following(compiled, here, moot)
    phrases = compiled.phrases(locale)
    shown = described(compiled, here, best(compiled, here), phrases)
    return State(
        questionnaire=compiled.questionnaire.id,
        version=compiled.version,
        locale=phrases.locale,
        question=None if following is None else asked(compiled, here, following, phrases),
        answered=len(counted),
        at_most=len(counted) + _still_to_come(compiled, here, moot),
        remaining=here.remaining,
        answers=_repeated(compiled, answers),
        set_aside=tuple(each for each in here.gathered.replies if each in answers and each not in counted),
        skipped=tuple(_skipped(compiled, here, moot)),
        prefilled={each: Prefill(value.value, value.source) for each, value in prefilled.items() if each in counted},
        conflict=None if here.remaining else conflict(compiled, here, phrases),
        shortlist=shown,
        companions=_companions(compiled, shown, phrases.locale),
        used=_used(compiled, here, following),
        not_used_without_consent=tuple(each for each in view.withheld if each in compiled.profile_attributes),
        widened=tuple(_widened(here, phrases)) if here.widened else (),
        remember=tuple(offered(compiled, answers, here.path.counted)),
        show_results=following is None or _may_be_shown(compiled, here),
    )


def _following(compiled: Compiled, here: Situation, moot: frozenset[str]) -> str | None:
    """The first question that waits, or in adaptive order the most telling of those it stands with."""
    asking = [each for each in here.path.waiting if each not in moot]
    if not asking or asking[0] not in compiled.adaptive:
        return asking[0] if asking else None
    beside = compiled.adaptive[asking[0]]
    return most_telling(compiled.expected, [each for each in asking if each in beside], here.left)


def _widened(here: Situation, phrases: Phrases) -> Iterator[Widened]:
    for each in here.widened:
        ends = widened(each.question, each.reply)
        if ends is not None:
            text = phrases.ranges(each.question.id, ends)
            yield Widened(each.question.id, plain_number(round(each.question.widen * 100, 6)), text)


def _may_be_shown(compiled: Compiled, here: Situation) -> bool:
    when = compiled.questionnaire.show_results_when
    return when is None or when.holds(results=here.remaining, answered=len(here.path.counted))


def _still_to_come(compiled: Compiled, here: Situation, moot: frozenset[str]) -> int:
    """How many more questions may be asked; one that hangs only on questions that are skipped cannot come."""
    if not here.path.possible:
        return sum(each not in moot for each in here.path.waiting)
    outlook = walk(compiled.questions, here.gathered.replies, moot=moot.__contains__)
    return len(outlook.waiting) + len(outlook.possible)


def _repeated(compiled: Compiled, answers: Answers) -> dict[str, object]:
    return {
        question.id: None if answer is None else reply_json(answer, question)
        for question in compiled.questions
        if question.id in answers
        for answer in (answers[question.id],)
    }


def _skipped(compiled: Compiled, here: Situation, moot: frozenset[str]) -> Iterator[Skipped]:
    for question in compiled.questions:
        if question.id in here.gathered.prefilled and question.id in here.path.counted:
            yield Skipped(question.id, "prefilled")
        elif question.id in moot and question.id in here.path.waiting:
            yield Skipped(question.id, "no_difference")


def _companions(compiled: Compiled, shown: Sequence[Listed], locale: str) -> tuple[Beside, ...]:
    if not compiled.questionnaire.goes_with:
        return ()
    found = [beside for each in shown for beside in compiled.beside(compiled.catalogue.position(each.sku), locale)]
    return tuple({(each.sku, each.for_sku): each for each in found}.values())


def _used(compiled: Compiled, here: Situation, following: str | None) -> tuple[Used, ...]:
    """What the profile answered on the path, and what it proposes for the question asked."""
    shown = [each for each in here.gathered.prefilled if each in here.path.counted]
    shown += [each for each in here.gathered.proposed if each == following]
    sources = (compiled.by_id[each].question.from_profile for each in shown)
    used = sorted({(source.attribute.text, source.purpose.text) for source in sources if source is not None})
    return tuple(Used(attribute, purpose) for attribute, purpose in used)
