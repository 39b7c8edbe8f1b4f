"""A questionnaire's texts in one locale, looked up once; reasons are written out once for each answer and then kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import assert_never

from service.advice.questionnaire import Near, Question, Questionnaire, Span, Within
from service.advice.reply import Between, Measured, NotSure, Picked, Reply
from service.advice.wording import Money, Unit, Wording
from service.catalogue.shop import Shop
from service.documents.texts import Texts

REASONS_KEPT = 2048
"""Written-out answers remembered per questionnaire and locale; the least recently used goes first."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One question in one locale; `options` are ids with texts."""

    text: str
    help: str | None
    unit: str | None
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """All texts of a questionnaire in one locale.

    `fits(question id, reply)` words why a product fits, `asked(question id, reply)` what was asked for.
    """

    locale: str
    title: str
    questions: Mapping[str, Phrase]
    fits: Callable[[str, Reply], str]
    asked: Callable[[str, Reply], str]

    @classmethod
    def of(cls, questionnaire: Questionnaire, shop: Shop, locale: str) -> "Phrases":
        """The texts in a locale of the questionnaire."""
        wording = Wording.of(locale)
        by_id = {question.id: question for question in questionnaire.questions}
        units = {question.id: unit_of(question, shop) for question in questionnaire.questions}
        kept = lru_cache(maxsize=REASONS_KEPT)
        return cls(
            locale=locale,
            title=questionnaire.title.get(locale),
            questions={each.id: _phrase(each, wording, units[each.id]) for each in questionnaire.questions},
            fits=kept(partial(_fits, by_id, units, wording)),
            asked=kept(partial(_asked, by_id, units, wording)),
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
        text=question.text.get(wording.tag),
        help=None if question.help is None else question.help.get(wording.tag),
        unit=wording.unit(unit),
        options=tuple((option.id, option.text.get(wording.tag)) for option in question.options),
    )


def _fits(
    questions: Mapping[str, Question], units: Mapping[str, Unit], wording: Wording, question_id: str, reply: Reply
) -> str:
    question = questions[question_id]
    if isinstance(reply, Picked):
        return ", ".join(wording.option(option) for option in question.options if option.id in reply.options)
    return wording.reason(question, _asked(questions, units, wording, question_id, reply))


def _asked(
    questions: Mapping[str, Question], units: Mapping[str, Unit], wording: Wording, question_id: str, reply: Reply
) -> str:
    match reply:
        case Picked(options):
            offered = questions[question_id].options
            return ", ".join(option.text.get(wording.tag) for option in offered if option.id in options)
        case Measured(number):
            return wording.number(number, units[question_id])
        case Between():
            return wording.between(reply, units[question_id])
        case NotSure():
            return ""
        case _:
            assert_never(reply)
