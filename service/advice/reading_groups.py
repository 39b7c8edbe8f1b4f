"""Reads `questions`: questions and groups of them, each group with the order that its own go in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from service.advice.questionnaire import Group, Order, Question
from service.advice.reading_parts import identifier, named, some, unique
from service.advice.reading_questions import question
from service.documents.node import Mapping, Node
from service.documents.problem import Complaints
from service.documents.reader import Fields, Read, choice

order: Read[Order] = choice("as_written", "adaptive")
"""How the next question is chosen."""


@dataclass(frozen=True, slots=True)
class Entries:
    """The questions in the order of the file, and the groups that some of them stand in."""

    questions: tuple[Question, ...] = ()
    groups: tuple[Group, ...] = ()

    @classmethod
    def of(cls, entries: Iterable["Question | Entries"]) -> "Entries":
        """Questions and groups in a row."""
        each = [cls((entry,)) if isinstance(entry, Question) else entry for entry in entries]
        return cls(
            tuple(question for entry in each for question in entry.questions),
            tuple(group for entry in each for group in entry.groups),
        )


def entries(languages: tuple[str, ...]) -> Callable[[Node, Complaints], Entries]:
    """Reads questions and groups whose texts must exist in these languages."""

    def read_all(node: Node, complaints: Complaints) -> Entries:
        found = Entries.of(some(read_one, "question")(node, complaints))
        unique(((each.id, each.at) for each in found.questions), complaints, "question")
        unique(((each.id, each.at) for each in found.groups), complaints, "group")
        return found

    def read_one(node: Node, complaints: Complaints) -> Question | Entries:
        if isinstance(node, Mapping) and "group" in node.entries:
            return _group(node, complaints, languages)
        return question(languages)(node, complaints)

    return read_all


def _group(node: Node, complaints: Complaints, languages: tuple[str, ...]) -> Entries:
    fields = Fields.of(node, complaints, named(node, "group"))
    name = fields.required("group", identifier, "")
    chosen: Order = fields.optional("order", order, "as_written")
    asked: tuple[Question, ...] = fields.required("questions", some(question(languages), "question"), ())
    fields.no_others()
    return Entries(asked, (Group(name, chosen, tuple(each.id for each in asked), fields.place),))
