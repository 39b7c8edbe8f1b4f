"""The reply to one question: what a shopper may send, what it becomes inside, and how it is written back."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

if TYPE_CHECKING:  # a questionnaire's conditions speak of replies
    from service.advice.questionnaire import Question

NOT_SURE = "not_sure"
"""The option id that every question reserves for "not sure"."""

LARGEST = 1e15
"""Numbers beyond this are refused: no product states them, and cents would be lost."""


@dataclass(frozen=True, slots=True)
class Picked:
    """Ids of the options picked, in the questionnaire's order."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A number."""

    number: float


@dataclass(frozen=True, slots=True)
class Between:
    """A range; an open end is None."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class NotSure:
    """The shopper does not know, which narrows nothing."""


Reply = Picked | Measured | Between | NotSure


class AnswerRefused(Exception):
    """An answer that cannot be taken; the message never contains it."""

    def __init__(self, question: str, message: str) -> None:
        super().__init__(message)
        self.question = question


class UnknownQuestion(AnswerRefused):
    """An answer to a question that the questionnaire does not have."""

    def __init__(self, question: str) -> None:
        super().__init__(question, "the questionnaire has no such question")


class UnknownOption(AnswerRefused):
    """An answer that names an option which the question does not offer."""

    def __init__(self, question: str) -> None:
        super().__init__(question, f"question '{question}' does not offer this option")


class BadReply(AnswerRefused):
    """An answer of the wrong form or out of bounds."""

    def __init__(self, question: str, wanted: str) -> None:
        super().__init__(question, f"question '{question}' wants {wanted}")


def parse_reply(question: "Question", raw: object) -> Reply:
    """The reply in a decoded JSON value.

    Wire forms: one `"beginner"`; many `["daily", "sport"]` or one id; number `178`; range `{"from": 500, "to": 2000}`,
    either end may be absent or null; any question that allows it `"not_sure"`.

    Raises:
        UnknownOption: an option that is not offered.
        BadReply: anything else that does not fit; the message says what is wanted, never what came.
    """
    if raw == NOT_SURE:
        return _not_sure(question)
    match question.choose:
        case "one" | "many":
            return _picked(question, raw)
        case "number":
            return Measured(_entered(question, raw))
        case "range":
            return _between(question, raw)
        case _ as never:
            assert_never(never)


def reply_json(reply: Reply, question: "Question") -> object:
    """The reply in its wire form."""
    match reply:
        case Picked(options):
            return list(options) if question.choose == "many" else options[0]
        case Measured(number):
            return plain_number(number)
        case Between(low, high):
            ends = {"from": low, "to": high}
            return {end: plain_number(number) for end, number in ends.items() if number is not None}
        case NotSure():
            return NOT_SURE
        case _:
            assert_never(reply)


def plain_number(number: float) -> float:
    """A whole number without its `.0`."""
    return int(number) if number == int(number) else number


def _not_sure(question: "Question") -> NotSure:
    if not question.not_sure:
        raise BadReply(question.id, "an answer; 'not sure' is not offered")
    return NotSure()


def _picked(question: "Question", raw: object) -> Picked:
    several = question.choose == "many"
    chosen = raw if several and isinstance(raw, list) else [raw]
    if not chosen or not all(isinstance(each, str) for each in chosen):
        raise BadReply(question.id, "a list of option ids" if several else "the id of one option")
    picked = tuple([option.id for option in question.options if option.id in chosen])
    if len(picked) < len(chosen) and not set(chosen) <= set(picked):
        raise UnknownOption(question.id)
    return Picked(picked)


def _entered(question: "Question", raw: object) -> float:
    number = _number(question, raw)
    low, high = question.low, question.high
    if (low is not None and number < low) or (high is not None and number > high):
        raise BadReply(question.id, f"a number {_bounds(low, high)}")
    return number


def _bounds(low: float | None, high: float | None) -> str:
    least, most = (str(end).removesuffix(".0") for end in (low, high))
    if low is None:
        return f"of at most {most}"
    return f"of at least {least}" if high is None else f"from {least} to {most}"


def _between(question: "Question", raw: object) -> Between:
    if not isinstance(raw, dict) or not set(raw) <= {"from", "to"}:
        raise BadReply(question.id, "an object with 'from', 'to' or both")
    low, high = (None if raw.get(end) is None else _number(question, raw[end]) for end in ("from", "to"))
    if low is None and high is None:
        raise BadReply(question.id, "an object with 'from', 'to' or both")
    if low is not None and high is not None and low > high:
        raise BadReply(question.id, "a range whose 'from' is not above its 'to'")
    return Between(low, high)


def _number(question: "Question", raw: object) -> float:
    # `not abs(...) <= LARGEST` also refuses NaN
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not abs(raw) <= LARGEST:
        raise BadReply(question.id, "a number")
    return float(raw)
