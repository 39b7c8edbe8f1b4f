"""What somebody types while playing a questionnaire, understood as an answer or as a wish."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from service.documents.problem import did_you_mean
from service.documents.scalars import number_of

Wish = Literal["back", "why", "quit", "again"]
WISHES: Mapping[str, Wish] = {"b": "back", "w": "why", "q": "quit", "r": "again"}
NOT_SURE = "not_sure"
_RANGE = re.compile(r"([\d.]*)\s*(?:-|\.\.|to|bis)\s*([\d.]*)")

Asked = Mapping[str, object]
"""The question of a state, as it goes over the wire."""


class NotUnderstood(Exception):
    """What was typed is no answer; the message says what would be."""


@dataclass(frozen=True, slots=True)
class Typed:
    """An answer in its wire form."""

    value: object


def understood(text: str, question: Asked) -> Typed | Wish:
    """The wish or the answer; raises `NotUnderstood`."""
    words = text.strip()
    if words in WISHES:
        return WISHES[words]
    if words in ("?", NOT_SURE):
        return _not_sure(question)
    match question["choose"]:
        case "one":
            return Typed(_option(words, _options(question)))
        case "many":
            return Typed([_option(word, _options(question)) for word in re.split(r"[,\s]+", words) if word])
        case "number":
            return Typed(_number(words, "type a number, like 178"))
        case _:
            return Typed(_range(words))


def _not_sure(question: Asked) -> Typed:
    if not question["not_sure"]:
        raise NotUnderstood("this has to be answered; 'not sure' is not offered")
    return Typed(NOT_SURE)


def _options(question: Asked) -> Sequence[str]:
    options = question["options"]
    return [str(option["id"]) for option in options] if isinstance(options, list) else []


def _option(word: str, offered: Sequence[str]) -> str:
    if word.isdecimal() and 1 <= int(word) <= len(offered):
        return offered[int(word) - 1]
    if word in offered:
        return word
    hint = did_you_mean(word, offered) or f"; type a number from 1 to {len(offered)}"
    raise NotUnderstood(f"'{word}' is not offered{hint}")


def _number(words: str, otherwise: str) -> float:
    found = number_of(words.replace(",", "."))
    if found is None:
        raise NotUnderstood(otherwise)
    return found


def _range(words: str) -> Mapping[str, float]:
    otherwise = "type a range: 500-2000, 500- or -2000"
    found = _RANGE.fullmatch(words)
    if found is None or not any(found.groups()):
        raise NotUnderstood(otherwise)
    ends = zip(("from", "to"), found.groups(), strict=True)
    return {end: _number(number, otherwise) for end, number in ends if number}
