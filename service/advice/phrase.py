"""Texts in one locale with their JSON, written out once: a question as it is put, an answer as a reason."""

from dataclasses import dataclass, field

import orjson

from service.advice.questionnaire import Choose, Effect


@dataclass(frozen=True, slots=True)
class Reason:
    """What an answer asked for, in words."""

    question: str
    text: str
    json: bytes = field(compare=False, repr=False)

    @classmethod
    def of(cls, question: str, text: str) -> "Reason":
        """The reason, encoded."""
        return cls(question, text, orjson.dumps({"question": question, "text": text}))


@dataclass(frozen=True, slots=True)
class Reasons:
    """An answer in words: for a product that fits, and for one that misses."""

    fits: Reason
    misses: Reason


@dataclass(frozen=True, slots=True)
class Phrase:
    """One question in one locale; `options` are ids with texts.

    `head` is the question's JSON object up to what depends on the answers, `openings` are the options' up to the count.
    """

    id: str
    text: str
    help: str | None
    choose: Choose
    effect: Effect
    not_sure: bool
    unit: str | None
    options: tuple[tuple[str, str], ...]
    head: bytes = field(init=False, repr=False)
    openings: tuple[bytes, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        told = {each: getattr(self, each) for each in _TOLD_AT_FIRST}
        object.__setattr__(self, "head", orjson.dumps(told)[:-1])
        object.__setattr__(self, "openings", tuple(_opening(*option) for option in self.options))

    def json(self, extent: object, prefilled: object, remaining: tuple[int, ...]) -> bytes:
        """The question's whole JSON object; `remaining` counts for the options."""
        counted = zip(self.openings, remaining, strict=True)
        return b'%b,"range":%b,"prefilled":%b,"options":[%b]}' % (
            self.head,
            _NULL if extent is None else orjson.dumps(extent),
            _NULL if prefilled is None else orjson.dumps(prefilled),
            b",".join([b"%b%d}" % each for each in counted]),
        )


_NULL = b"null"
_TOLD_AT_FIRST = ("id", "text", "help", "choose", "effect", "not_sure", "unit")


def _opening(option: str, text: str) -> bytes:
    return orjson.dumps({"id": option, "text": text})[:-1] + b',"remaining":'
