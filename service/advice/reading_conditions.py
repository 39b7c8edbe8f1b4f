"""Reads `only_if`: lines that must all hold, each about one earlier question or built with not, all and any."""

from collections.abc import Callable

from service.advice.conditions import All, Any, AnyOf, AtLeast, AtMost, Condition, Is, Not
from service.advice.reading_parts import some, word
from service.advice.words import Word
from service.documents.node import Mapping, Node, Scalar
from service.documents.problem import Complaints
from service.documents.reader import Fields, Malformed, mapping, number


def condition(node: Node, complaints: Complaints) -> Condition:
    """The condition; several lines must all hold."""
    lines = mapping(node, complaints)
    if not lines.entries:
        raise Malformed(node.place, "BG-Q008", "the condition is empty; write 'question: option' or delete it")
    fields = Fields(lines, complaints)
    found = [fields.required(key, _line(Word(key, at)), None) for key, at in lines.key_places.items()]
    return _all([part for part in found if part is not None])


def _line(key: Word) -> Callable[[Node, Complaints], Condition]:
    def read(node: Node, complaints: Complaints) -> Condition:
        match key.text:
            case "not":
                return Not(condition(node, complaints))
            case "all":
                return All(some(condition, "condition")(node, complaints))
            case "any":
                return Any(some(condition, "condition")(node, complaints))
            case _:
                return _about(key, node, complaints)

    return read


def _about(question: Word, node: Node, complaints: Complaints) -> Condition:
    if isinstance(node, Scalar):
        return Is(question, word(node, complaints))
    if isinstance(node, Mapping):
        return _number(question, node, complaints)
    return AnyOf(question, some(word, "option")(node, complaints))


def _number(question: Word, node: Mapping, complaints: Complaints) -> Condition:
    fields = Fields(node, complaints)
    least: float | None = fields.optional("at_least", number, None)
    most: float | None = fields.optional("at_most", number, None)
    fields.no_others()
    if least is None and most is None:
        complaints.add(node.place, "BG-Q008", "a number is compared with 'at_least', 'at_most' or both; add one")
    if least is not None and most is not None and least > most:
        complaints.add(
            fields.place_of("at_least"), "BG-Q007", "'at_least' is above 'at_most'; exchange the two numbers"
        )
    parts: list[Condition] = [] if least is None else [AtLeast(question, least)]
    return _all(parts if most is None else [*parts, AtMost(question, most)])


def _all(parts: list[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else All(tuple(parts))
