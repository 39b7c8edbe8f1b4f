"""Turns YAML events into nodes without recursion, and complains about what a shop's file must not use."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import MappingProxyType

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from service.documents.node import Mapping, Node, Scalar, Sequence
from service.documents.problem import Complaints, Place, Problem, Refused, shortened

DEEPEST = 24
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_KEEP_ONE = "keep one of them, or begin a new entry of the list with '- '"
_COMMENT = re.compile(r"\s*(?=#)")


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been seen yet."""

    place: Place
    is_mapping: bool
    items: list[Node] = field(default_factory=list)
    keys: dict[str, Place] = field(default_factory=dict)

    def waits_for_value(self) -> bool:
        return self.is_mapping and len(self.items) % 2 == 1

    def waits_for_key(self) -> bool:
        return self.is_mapping and len(self.items) % 2 == 0


def composed(events: Iterable[Event], lines: list[str], file: str, complaints: Complaints) -> Node | None:
    """The node that the events describe, None when there is none; stops early only where nesting is too deep."""
    composer = _Composer(lines, file, complaints)
    for event in events:
        composer.take(event)
    return composer.top


class _Composer:
    def __init__(self, lines: list[str], file: str, complaints: Complaints) -> None:
        self._lines = lines
        self._file = file
        self._complaints = complaints
        self._open: list[_Open] = []
        self._documents = 0
        self.top: Node | None = None

    def take(self, event: Event) -> None:
        match event:
            case DocumentStartEvent():
                self._begin_document(event)
            case MappingStartEvent() | SequenceStartEvent():
                self._begin(event)
            case MappingEndEvent():
                self._put(self._mapping(self._open.pop()))
            case SequenceEndEvent():
                ended = self._open.pop()
                self._put(Sequence(ended.place, tuple(ended.items)))
            case ScalarEvent():
                self._put(self._scalar(event))
            case AliasEvent():
                self._refuse_alias(event)
            case _:
                pass  # the starts and ends of the stream say nothing

    def _place(self, event: Event) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + 1, mark.column + 1)

    def _begin_document(self, event: DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            self._complaints.add(self._place(event), "BG-Y014", "a second document begins here; one file, one document")
        if event.version or event.tags:
            self._complaints.add(self._place(event), "BG-Y010", "a directive such as %YAML or %TAG; remove it")

    def _begin(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        place = self._place(event)
        if len(self._open) >= DEEPEST:
            raise Refused([Problem(place, "error", "BG-Y011", f"nested deeper than {DEEPEST} levels; flatten it")])
        self._refuse_decoration(event, place)
        self._open.append(_Open(place, isinstance(event, MappingStartEvent)))

    def _scalar(self, event: ScalarEvent) -> Scalar:
        place = self._place(event)
        self._refuse_decoration(event, place)
        if _HALF_CHARACTER.search(event.value):
            self._complaints.add(
                place, "BG-Y006", "half a character (an escaped surrogate); write the character itself"
            )
        plain = event.style is None
        if plain and not event.value and self._open and self._open[-1].waits_for_value():
            place = self._open[-1].items[-1].place  # an empty value stands where its key stands
        return Scalar(place, event.value, quoted=not plain, cut_at=self._cut_at(event) if plain else None)

    def _cut_at(self, event: ScalarEvent) -> Place | None:
        line, column = event.end_mark.line, event.end_mark.column
        if not event.value or line >= len(self._lines):
            return None
        comment = _COMMENT.match(self._lines[line], column)
        return Place(self._file, line + 1, comment.end() + 1) if comment else None

    def _refuse_decoration(self, event: MappingStartEvent | SequenceStartEvent | ScalarEvent, place: Place) -> None:
        if event.anchor is not None:
            self._complaints.add(place, "BG-Y008", f"anchor '&{event.anchor}'; write the content out")
        if event.ctag is not None:
            self._complaints.add(place, "BG-Y010", f"tag '{event.tag}'; remove it, or put text with '!' in quotes")

    def _refuse_alias(self, event: AliasEvent) -> None:
        place = self._place(event)
        self._complaints.add(place, "BG-Y008", f"alias '*{event.anchor}'; write the content out, or put it in quotes")
        self._put(Scalar(place, ""))

    def _put(self, node: Node) -> None:
        if not self._open:
            self.top = node
            return
        if self._open[-1].waits_for_key():
            node = self._as_key(node, self._open[-1].keys)
        self._open[-1].items.append(node)

    def _as_key(self, node: Node, earlier: dict[str, Place]) -> Scalar:
        if not isinstance(node, Scalar) or node.is_empty:
            self._complaints.add(node.place, "BG-Y012", "a key must be a text; put text with { or [ in quotes")
            return Scalar(node.place, "")
        if node.text == "<<" and not node.quoted:
            self._complaints.add(node.place, "BG-Y009", "merge key '<<'; write the fields out")
        first = earlier.setdefault(node.text, node.place)
        if first is not node.place:
            again = f"'{shortened(node.text)}' stands here again (first in line {first.line}); {_KEEP_ONE}"
            self._complaints.add(node.place, "BG-Y007", again)
        return node

    @staticmethod
    def _mapping(ended: _Open) -> Mapping:
        keys = [key.text for key in ended.items[::2] if isinstance(key, Scalar)]
        entries = dict(zip(keys, ended.items[1::2], strict=True))
        return Mapping(ended.place, MappingProxyType(entries), MappingProxyType(ended.keys))
