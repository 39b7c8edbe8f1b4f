"""What two versions of a questionnaire mean differently: parts added, removed and altered, in the file's own words.

Comments, places and author tests mean nothing to a shopper and are not compared.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from service.advice.graph import in_words
from service.advice.questionnaire import (
    Band,
    Choice,
    CompanionWish,
    Fit,
    Near,
    OneOf,
    Option,
    Question,
    Questionnaire,
    ShowWhen,
    Span,
    Within,
)
from service.advice.reply import plain_number
from service.documents.texts import ANY_LANGUAGE, Texts

What = Literal["questionnaire", "question", "answer", "rule"]
How = Literal["added", "removed", "altered"]
Told = Mapping[str, str]
"""What a part says, by the key under which it is written; nothing stands for what is not written."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One key's content before and after; None where it was not, or is no longer, written."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A part that differs; `within` is the question of an answer."""

    what: What
    id: str
    within: str | None
    how: How
    fields: tuple[FieldChange, ...]


def changes(before: Questionnaire, after: Questionnaire) -> tuple[Change, ...]:
    """Everything that means something else after than before: the whole first, then questions, answers and rules."""
    return tuple(_changes(before, after))


def _changes(before: Questionnaire, after: Questionnaire) -> Iterator[Change]:
    whole = _fields(_whole(before), _whole(after))
    order = _order([each.id for each in before.questions], [each.id for each in after.questions], "questions")
    rules = _order([each.id for each in before.goes_with], [each.id for each in after.goes_with], "goes_with")
    if whole or order or rules:
        yield Change("questionnaire", after.id, None, "altered", (*whole, *order, *rules))
    old = {each.id: each for each in before.questions}
    for question in after.questions:
        yield from _part("question", None, old.get(question.id), question, _question)
        if question.id in old:
            yield from _options(old[question.id], question)
    yield from _gone("question", None, before.questions, after.questions, _question)
    wishes = {each.id: each for each in before.goes_with}
    for wish in after.goes_with:
        yield from _part("rule", None, wishes.get(wish.id), wish, _rule)
    yield from _gone("rule", None, before.goes_with, after.goes_with, _rule)


def _options(before: Question, after: Question) -> Iterator[Change]:
    old = {each.id: each for each in before.options}
    for option in after.options:
        yield from _part("answer", after.id, old.get(option.id), option, _option)
    yield from _gone("answer", after.id, before.options, after.options, _option)
    order = _order(list(old), [each.id for each in after.options], "answers")
    if order:
        yield Change("question", after.id, None, "altered", order)


Part = TypeVar("Part", Question, Option, CompanionWish)


def _part(
    what: What, within: str | None, before: Part | None, after: Part, tell: Callable[[Part], Told]
) -> Iterator[Change]:
    if before is None:
        yield Change(what, after.id, within, "added", _fields({}, tell(after)))
    elif fields := _fields(tell(before), tell(after)):
        yield Change(what, after.id, within, "altered", fields)


def _gone(
    what: What, within: str | None, before: Iterable[Part], after: Iterable[Part], tell: Callable[[Part], Told]
) -> Iterator[Change]:
    kept = {each.id for each in after}
    for each in before:
        if each.id not in kept:
            yield Change(what, each.id, within, "removed", _fields(tell(each), {}))


def _fields(before: Told, after: Told) -> tuple[FieldChange, ...]:
    names = dict.fromkeys((*before, *after))
    return tuple(
        FieldChange(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )


def _order(before: list[str], after: list[str], name: str) -> tuple[FieldChange, ...]:
    """A change of the order of those that stand in both."""
    old, new = [each for each in before if each in after], [each for each in after if each in before]
    return () if old == new else (FieldChange(name, ", ".join(old), ", ".join(new)),)


def _whole(found: Questionnaire) -> Told:
    return _written(
        ("languages", ", ".join(found.languages)),
        *_texts("title", found.title),
        ("candidates", _fits(found.candidates)),
        ("show_at_most", str(found.show_at_most)),
        ("same_product", found.same_product.text if found.same_product else None),
        ("order", found.order),
        ("groups", "; ".join(f"{each.id} ({each.order}): {', '.join(each.questions)}" for each in found.groups)),
        ("show_results_when", _when(found.show_results_when)),
    )


def _question(found: Question) -> Told:
    source = found.from_profile
    return _written(
        *_texts("ask", found.text),
        *_texts("help", found.help),
        ("choose", found.choose),
        *_asked(found),
        ("effect", found.effect),
        ("weight", found.weight),
        ("not_sure", "allowed" if found.not_sure else "not_allowed"),
        ("missing_data", found.missing_data),
        ("only_if", in_words(found.only_if) if found.only_if else None),
        ("from_profile", f"{source.attribute.text} ({source.purpose.text})" if source else None),
        ("remember_as", found.remember_as.text if found.remember_as else None),
        *_texts("because", found.because),
        *_texts("unit", found.unit),
        ("min", _number(found.low)),
        ("max", _number(found.high)),
        ("if_nothing_fits", f"widen by {plain_number(round(found.widen * 100, 6))} %" if found.widen else None),
    )


def _asked(found: Question) -> Iterator[tuple[str, str | None]]:
    match found.asks:
        case Near(attribute, tolerance):
            yield "attribute", attribute.text
            yield "tolerance", _number(tolerance)
        case Span(attribute):
            yield "attribute", attribute.text
        case Within(low, high):
            yield "fits_between", f"{low.text}, {high.text}"
        case Choice():
            pass  # answers are parts of their own


def _option(found: Option) -> Told:
    return _written(*_texts("text", found.text), ("fits", _fits(found.fits)), *_texts("because", found.because))


def _rule(found: CompanionWish) -> Told:
    return _written(
        ("when", _fits(found.when)),
        ("products", _fits(found.products)),
        ("match", ", ".join(each.text for each in found.match)),
        ("kind", found.kind),
        *_texts("because", found.because),
    )


def _texts(name: str, texts: Texts | None) -> Iterator[tuple[str, str | None]]:
    for tag, text in (texts.by_locale if texts else {}).items():
        yield name if tag == ANY_LANGUAGE else f"{name} ({tag})", text


def _when(when: ShowWhen | None) -> str | None:
    if when is None:
        return None
    ends = {"results_at_most": when.results_at_most, "answered_at_least": when.answered_at_least}
    return ", ".join(f"{name}: {number}" for name, number in ends.items() if number is not None)


def _fits(fits: Iterable[Fit]) -> str:
    return "; ".join(map(_fit, fits))


def _fit(fit: Fit) -> str:
    match fit:
        case OneOf(attribute, values):
            return f"{attribute.text}: {', '.join(each.text for each in values)}"
        case Band(attribute, low, high):
            return f"{attribute.text}: {_number(low) or '…'} to {_number(high) or '…'}"


def _number(number: float | None) -> str | None:
    return None if number is None else str(plain_number(number))


def _written(*lines: tuple[str, str | None]) -> Told:
    return {name: text for name, text in lines if text}
