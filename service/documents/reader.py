"""A small typed reader over nodes: says what a file should hold, collects what is wrong, and goes on.

A `Read[T]` turns a node into a T or raises `Malformed`; `Fields` and `list_of` catch that, note the complaint and carry
on with a stand-in, so that one pass finds everything. Call `complaints.refuse()` before trusting what was read.

    fields = Fields.of(node, complaints, "category 'road_bike'")
    label = fields.required("label", texts, Texts.same(""))
    sensitive = fields.optional("sensitive", boolean, default=False)
    fields.no_others()

Codes: BG-Y020 unknown key, Y021 missing key, Y022 text expected, Y023 number expected, Y024 yes or no expected,
Y025 not one of the choices, Y026 list expected, Y027 mapping expected, Y028 not a language tag, Y029 text cut by '#'.
"""

import re
from collections.abc import Callable
from functools import partial
from types import MappingProxyType
from typing import TypeVar

from service.documents.node import Mapping, Node, Scalar, Sequence
from service.documents.problem import Complaints, Place, Problem, did_you_mean, shortened
from service.documents.scalars import boolean_of, number_of
from service.documents.texts import Texts

T = TypeVar("T")
D = TypeVar("D")
Read = Callable[[Node, Complaints], T]

_COMMA = "if it belongs to the text before it, put that text in quotes: a comma ends a text within { }"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Malformed(Exception):
    """This node cannot be read as what was expected."""

    def __init__(self, at: Place, code: str, message: str) -> None:
        super().__init__(message)
        self.at, self.code, self.message = at, code, message


class Fields:
    """The fields of one mapping, each asked for once."""

    def __init__(self, node: Mapping, complaints: Complaints) -> None:
        self.place = node.place
        self.complaints = complaints
        self._node = node
        self._asked: set[str] = set()
        self._missing: dict[str, Problem] = {}

    @classmethod
    def of(cls, node: Node, complaints: Complaints, where: str = "") -> "Fields":
        """The node's fields; `where` begins every message about them. Raises `Malformed` if it is no mapping."""
        return cls(mapping(node, complaints), complaints.within(where) if where else complaints)

    def required(self, key: str, read: Read[T], stand_in: D) -> T | D:
        """What stands under the key; a missing or malformed one is complained about and replaced by the stand-in."""
        node = self._present(key)
        if node is None:
            self._complain_of_missing(key)
            return stand_in
        return _read_or(node, read, self.complaints, stand_in)

    def optional(self, key: str, read: Read[T], default: D) -> T | D:
        """What stands under the key, or the default where nothing does."""
        node = self._present(key)
        return default if node is None else _read_or(node, read, self.complaints, default)

    def place_of(self, key: str) -> Place:
        """Where the key stands; the mapping's own place if it does not."""
        return self._node.key_places.get(key, self.place)

    def no_others(self) -> None:
        """Complain about every key that nobody asked for."""
        for key, place in self._node.key_places.items():
            if key not in self._asked:
                hint = self._misspelt(key) or did_you_mean(key, self._asked)
                if not hint and _is_torn_off(self._node.entries[key]):
                    hint = f"; {_COMMA}"
                hint = hint or f"; known here: {', '.join(sorted(self._asked))}"
                self.complaints.add(place, "BG-Y020", f"unknown key '{shortened(key)}'{hint}")

    def _complain_of_missing(self, key: str) -> None:
        if key in self._node.entries:
            told = f"nothing stands behind '{shortened(key)}'; write it after a colon and a blank"
            self.complaints.add(self.place_of(key), "BG-Y021", told)
        else:
            self.complaints.add(self.place, "BG-Y021", f"'{key}' is missing; add it")
            self._missing[key] = self.complaints.found[-1]

    def _misspelt(self, key: str) -> str:
        """The missing key that this one seems to stand for; then it is not said to be missing as well."""
        for missing, problem in self._missing.items():
            hint = did_you_mean(key, [missing])
            if hint:
                self.complaints.found.remove(problem)
                del self._missing[missing]
                return hint
        return ""

    def _present(self, key: str) -> Node | None:
        self._asked.add(key)
        node = self._node.entries.get(key)
        return None if isinstance(node, Scalar) and node.is_empty else node


def text(node: Node, complaints: Complaints) -> str:  # noqa: ARG001  every Read has this shape
    """Text for machines: a name, an id, a word."""
    if not isinstance(node, Scalar) or not node.text.strip():
        raise Malformed(node.place, "BG-Y022", f"a text is expected here; {_instead(node)}")
    return node.text.strip()


def human_text(node: Node, complaints: Complaints) -> str:
    """Text for people; warns where a '#' has cut it short."""
    words = text(node, complaints)
    if isinstance(node, Scalar) and node.cut_at is not None:
        complaints.add(
            node.cut_at,
            "BG-Y029",
            f"'{shortened(words)}' ends before this '#'; put the whole text in quotes, or the comment on its own line",
            "warning",
        )
    return words


def number(node: Node, complaints: Complaints) -> float:
    """A finite number, written with a dot."""
    words = text(node, complaints)
    found = number_of(words)
    if found is None:
        raise Malformed(node.place, "BG-Y023", f"'{shortened(words)}' is not a number; write it like 1234.5")
    return found


def whole_number(node: Node, complaints: Complaints) -> int:
    """A number without a fraction."""
    found = number(node, complaints)
    if found != int(found):
        raise Malformed(node.place, "BG-Y023", "a whole number is expected here; write it without a fraction")
    return int(found)


def boolean(node: Node, complaints: Complaints) -> bool:
    """Yes or no (true and false will do)."""
    words = text(node, complaints)
    found = boolean_of(words)
    if found is None:
        raise Malformed(node.place, "BG-Y024", f"'{shortened(words)}' is neither yes nor no; write one of them")
    return found


def choice(*known: T) -> Read[T]:
    """One of the given words; `choice("low", "high")` keeps a Literal's type."""
    by_name = {str(word): word for word in known}

    def read(node: Node, complaints: Complaints) -> T:
        word = text(node, complaints)
        if word not in by_name:
            hint = did_you_mean(word, by_name) or f"; choose from: {', '.join(by_name)}"
            raise Malformed(node.place, "BG-Y025", f"'{shortened(word)}' is not known here{hint}")
        return by_name[word]

    return read


def list_of(read: Read[T], *, one_will_do: bool = False) -> Read[tuple[T, ...]]:
    """Every entry of a list; malformed ones are complained about and left out."""

    def read_all(node: Node, complaints: Complaints) -> tuple[T, ...]:
        if one_will_do and isinstance(node, Scalar):
            return (read(node, complaints),)
        if not isinstance(node, Sequence):
            raise Malformed(node.place, "BG-Y026", "a list is expected here; write [a, b] or lines with '- '")
        return tuple(kept for item in node.items for kept in _read_if_possible(item, read, complaints))

    return read_all


def mapping_of(read: Read[T]) -> Read[MappingProxyType[str, T]]:
    """Every value of a mapping by its key, in file order; malformed ones are complained about and left out."""

    def read_all(node: Node, complaints: Complaints) -> MappingProxyType[str, T]:
        entries = mapping(node, complaints).entries.items()
        return MappingProxyType(
            {key: kept for key, item in entries for kept in _read_if_possible(item, read, complaints)}
        )

    return read_all


def entries_of(read: Callable[[str, Node, Complaints], T]) -> Read[MappingProxyType[str, T]]:
    """Like `mapping_of` for values that carry their key as a name: `read` is given the key as well."""

    def read_all(node: Node, complaints: Complaints) -> MappingProxyType[str, T]:
        entries = mapping(node, complaints).entries.items()
        return MappingProxyType(
            {key: kept for key, item in entries for kept in _read_if_possible(item, partial(read, key), complaints)}
        )

    return read_all


def mapping(node: Node, complaints: Complaints) -> Mapping:  # noqa: ARG001  every Read has this shape
    """The node itself, if it consists of 'key: value' lines."""
    if not isinstance(node, Mapping):
        raise Malformed(node.place, "BG-Y027", "'key: value' is expected here; write {key: value}, or lines below")
    return node


def texts(node: Node, complaints: Complaints) -> Texts:
    """A text by language; a plain text counts for all languages."""
    if isinstance(node, Scalar):
        return Texts.same(human_text(node, complaints))
    fields = mapping(node, complaints)
    tagged = {}
    for tag, wording in fields.entries.items():
        if _LANGUAGE.fullmatch(tag):
            tagged[tag] = wording
        else:
            remedy = _COMMA if _is_torn_off(wording) else "write de, en or de-simple"
            complaints.add(fields.key_places[tag], "BG-Y028", f"'{shortened(tag)}' is not a language; {remedy}")
    by_locale = mapping_of(human_text)(Mapping(fields.place, tagged, fields.key_places), complaints)
    if not tagged:
        raise Malformed(node.place, "BG-Y022", "a text is expected here; write one line per language")
    return Texts(by_locale)


def _instead(node: Node) -> str:
    """What to do where no text stands."""
    if isinstance(node, Scalar):
        return "nothing stands there yet, so write it, or delete the key"
    return "write one, without brackets, braces or lines below"


def _is_torn_off(node: Node) -> bool:
    """Whether nothing stands behind a key, as where a comma has cut a text in two."""
    return isinstance(node, Scalar) and node.is_empty


def _read_or(node: Node, read: Read[T], complaints: Complaints, stand_in: D) -> T | D:
    for found in _read_if_possible(node, read, complaints):
        return found
    return stand_in


def _read_if_possible(node: Node, read: Read[T], complaints: Complaints) -> tuple[T, ...]:
    try:
        return (read(node, complaints),)
    except Malformed as malformed:
        complaints.add(malformed.at, malformed.code, malformed.message)
        return ()
