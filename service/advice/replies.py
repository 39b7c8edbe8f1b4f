"""The replies that count for one shopper: what was answered, and what a consented profile answers instead of asking."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.advice.compiled import Compiled
from service.advice.questionnaire import Question
from service.advice.reply import AnswerRefused, NotSure, Reply, UnknownQuestion, parse_reply
from service.privacy.view import AdviceView, ConsentedValue

Answers = Mapping[str, Reply | None]
"""Replies by question id; None asks for the question although the profile would answer it."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Replies by question, those of the profile included; what the profile gave, and what it only proposes."""

    replies: dict[str, Reply] = field(default_factory=dict)
    prefilled: dict[str, ConsentedValue] = field(default_factory=dict)
    proposed: dict[str, ConsentedValue] = field(default_factory=dict)


def parse_answers(compiled: Compiled, raw: Mapping[str, object]) -> Answers:
    """Answers from decoded JSON, in file order; raises `UnknownQuestion`, `UnknownOption` or `BadReply`."""
    for name in raw:
        if name not in compiled.by_id:
            raise UnknownQuestion(name)
    return {
        question.id: None if raw[question.id] is None else parse_reply(question, raw[question.id])
        for question in compiled.questions
        if question.id in raw
    }


def gather(compiled: Compiled, answers: Answers, view: AdviceView) -> Gathered:
    """What was answered, and what the view answers where nothing was; an answer always wins over the profile."""
    gathered = Gathered()
    for question in compiled.questions:
        answer = answers.get(question.id)
        if answer is not None:
            gathered.replies[question.id] = answer
        elif question.from_profile is not None:
            _from_profile(question, view, gathered, asked_for=question.id in answers)
    return gathered


def _from_profile(question: Question, view: AdviceView, gathered: Gathered, *, asked_for: bool) -> None:
    source = question.from_profile
    value = None if source is None or source.purpose.text != view.purpose else view.values.get(source.attribute.text)
    reply = None if value is None else _understood(question, value)
    if value is None or reply is None:
        return
    if asked_for:
        gathered.proposed[question.id] = value
    else:
        gathered.replies[question.id] = reply
        gathered.prefilled[question.id] = value


def _understood(question: Question, value: ConsentedValue) -> Reply | None:
    """The reply that a profile value stands for; one that the question does not offer counts as absent."""
    raw = ("yes" if value.value else "no") if isinstance(value.value, bool) else value.value
    try:
        reply = parse_reply(question, raw)
    except AnswerRefused:
        return None
    return None if isinstance(reply, NotSure) else reply
