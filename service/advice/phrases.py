"""A questionnaire's texts in one locale, looked up once; reasons are written out once for each answer and then kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import assert_never

from service.advice.phrase import Phrase, Reason, Reasons
from service.advice.questionnaire import Near, Question, Questionnaire, Span, Within
from service.advice.reply import Between, Measured, NotSure, Picked, Reply
from service.advice.wording import Money, Unit, Wording
from service.catalogue.shop import Shop
from service.documents.texts import Texts

__all__ = ["Phrase", "Phrases", "unit_of"]

REASONS_KEPT = 2048
"""Written-out answers remembered per questionnaire and locale; the least recently used goes first."""


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """All texts of a questionnaire in one locale.

    `reasons(question id, reply)` words why a product fits, and what was asked for where it does not; `ranges(question
    id, range)` words a range in the question's unit.
    """

    locale: str
    title: str
    questions: Mapping[str, Phrase]
    reasons: Callable[[str, Reply], Reasons]
    ranges: Callable[[str, Between], str]

    @classmethod
    def of(cls, questionnaire: Questionnaire, shop: Shop, locale: str) -> "Phrases":
        """The texts in a locale of the questionnaire."""
        wording = Wording.of(locale)
        by_id = {question.id: question for question in questionnaire.questions}
        units = {question.id: unit_of(question, shop) for question in questionnaire.questions}
        return cls(
            locale=locale,
            title=questionnaire.title.get(locale),
            questions={each.id: _phrase(each, wording, units[each.id]) for each in questionnaire.questions},
            ranges=lambda question, ends: wording.between(ends, units[question]),
            reasons=lru_cache(REASONS_KEPT)(partial(_reasons, by_id, units, wording)),
        )


def unit_of(question: Question, shop: Shop) -> Unit:
    """The unit of a number or range: the author's, else the attribute's, else none."""
    match question.asks:
        case Near(attribute) | Span(attribute) | Within(attribute, _):
            if question.unit is not None:
                return question.unit
            if attribute.text == "price":
                return Money(shop.currency)
            found = shop.attribute(attribute.text)
            return Texts.same(found.unit) if found is not None and found.unit else None
        case _:
            return None


def _phrase(question: Question, wording: Wording, unit: Unit) -> Phrase:
    return Phrase(
        id=question.id,
        text=question.text.get(wording.tag),
        help=None if question.help is None else question.help.get(wording.tag),
        choose=question.choose,
        effect=question.effect,
        not_sure=question.not_sure,
        unit=wording.unit(unit),
        options=tuple((option.id, option.text.get(wording.tag)) for option in question.options),
    )


def _reasons(
    questions: Mapping[str, Question], units: Mapping[str, Unit], wording: Wording, question_id: str, reply: Reply
) -> Reasons:
    question = questions[question_id]
    asked = _asked(question, units[question_id], wording, reply)
    fits = wording.reason(question, asked)
    if isinstance(reply, Picked):
        fits = ", ".join(wording.option(option) for option in question.options if option.id in reply.options)
    return Reasons(Reason.of(question_id, fits), Reason.of(question_id, asked))


def _asked(question: Question, unit: Unit, wording: Wording, reply: Reply) -> str:
    match reply:
        case Picked(options):
            return ", ".join(option.text.get(wording.tag) for option in question.options if option.id in options)
        case Measured(number):
            return wording.number(number, unit)
        case Between():
            return wording.between(reply, unit)
        case NotSure():
            return ""
        case _:
            assert_never(reply)
