"""A questionnaire as a graph: what is asked after what, and under which condition."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from service.advice.conditions import All, Any, AnyOf, AtLeast, AtMost, Condition, Is, Not, mentions
from service.advice.questionnaire import Question, Questionnaire
from service.advice.reply import plain_number


@dataclass(frozen=True, slots=True)
class Node:
    """A question: its text, how it is answered, its answers; `condition` in words where it is not always asked."""

    id: str
    text: str
    kind: str
    options: tuple[str, ...]
    condition: str | None


@dataclass(frozen=True, slots=True)
class Edge:
    """From one question to a later one by their places; `because` is the condition that leads there, if one does."""

    start: int
    end: int
    because: str | None


@dataclass(frozen=True, slots=True)
class Graph:
    """The title, the questions in the order of the file, and what leads from one to the other."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @classmethod
    def of(cls, questionnaire: Questionnaire, locale: str) -> "Graph":
        """The graph with its texts in a language."""
        nodes = tuple(_node(question, locale) for question in questionnaire.questions)
        return cls(questionnaire.title.get(locale), nodes, tuple(_edges(questionnaire.questions)))


def in_words(condition: Condition) -> str:  # noqa: PLR0911  one line per kind of condition
    """A condition as one would read it out."""
    match condition:
        case Is(question, option):
            return f"{question.text}: {option.text}"
        case AnyOf(question, options):
            return f"{question.text}: {' or '.join(option.text for option in options)}"
        case AtLeast(question, number):
            return f"{question.text} at least {plain_number(number)}"
        case AtMost(question, number):
            return f"{question.text} at most {plain_number(number)}"
        case Not(inner):
            return f"not ({in_words(inner)})"
        case All(parts):
            return " and ".join(_part(part) for part in parts)
        case Any(parts):
            return " or ".join(_part(part) for part in parts)
        case _:
            assert_never(condition)


def _part(condition: Condition) -> str:
    return f"({in_words(condition)})" if isinstance(condition, All | Any) else in_words(condition)


def _node(question: Question, locale: str) -> Node:
    weight = f", {question.weight}" if question.effect == "prefer" else ""
    return Node(
        id=question.id,
        text=question.text.get(locale),
        kind=f"{question.choose}, {question.effect}{weight}",
        options=tuple(option.text.get(locale) for option in question.options),
        condition=None if question.only_if is None else in_words(question.only_if),
    )


def _edges(questions: Sequence[Question]) -> Iterator[Edge]:
    """Questions that are always asked follow one another; one with a condition hangs on those that it tests."""
    places = {question.id: place for place, question in enumerate(questions)}
    before: int | None = None
    for place, question in enumerate(questions):
        if question.only_if is None:
            if before is not None:
                yield Edge(before, place, None)
            before = place
        else:
            tested = {places[word.text]: None for word, _ in mentions(question.only_if) if word.text in places}
            for start in tested:
                yield Edge(start, place, in_words(question.only_if))
