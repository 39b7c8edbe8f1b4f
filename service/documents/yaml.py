"""Reads a YAML file as text with places, and refuses what YAML would quietly misunderstand.

Codes: BG-Y001 unreadable, Y002 too large, Y003 not UTF-8, Y004 empty, Y005 tab, Y006 syntax, Y007 duplicate key,
Y008 anchor or alias, Y009 merge key, Y010 tag or directive, Y011 nested too deeply, Y012 key that is not text,
Y013 top is not a mapping, Y014 more than one document. (Y02x: `reader`.)
"""

import re
from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.events import Event, ScalarEvent
from ruamel.yaml.reader import ReaderError

from service.documents.composer import composed
from service.documents.node import Mapping, Node, Scalar, Sequence
from service.documents.problem import Complaints, Place, Refused

__all__ = ["Mapping", "Node", "Scalar", "Sequence", "parse_yaml", "read_yaml", "yaml_of"]

_QUOTES = ("'", '"')
_LEADING_TAB = re.compile(r"^ *\t")
_IN_PLAIN_WORDS = {
    "mapping values are not allowed here": "a colon inside unquoted text, or a line indented too far; "
    "put the text in quotes or align the line with its neighbours",
    "found unexpected end of stream": "a quotation mark is opened and never closed; close it",
    "could not find expected ':'": "a line that is neither 'key: value' nor a list entry; "
    "write a colon and a blank behind the key, or indent it as part of the text above",
    "found character '\\t'": "a tab between the words; use a blank",
    "found character that cannot start any token": "text that begins with a special character; put it in quotes",
    "expected ',' or '}'": "a brace { that is not closed, or a comma that is missing within it; close it, or add the "
    "comma; put text with a comma, colon or bracket in quotes",
    "expected ',' or ']'": "a bracket [ that is not closed, or a comma that is missing within it; close it, or add the "
    "comma; put text with a comma, colon or bracket in quotes",
    "expected <block end>, but found '}'": "a brace } that was never opened; delete it",
    "expected <block end>, but found ']'": "a bracket ] that was never opened; delete it",
    "expected <block end>, but found": "this line is indented neither like the line above nor like the one it belongs "
    "under; align it with its neighbours",
}
_GOES_ON = "text behind its closing quotation mark; write '' for an apostrophe within '…', or use \"…\" around it"
_POINT_AT_THE_BEGINNING = ("found unexpected end of stream", "could not find expected ':'", "expected ',' or")
"""Mistakes that begin where YAML began to read, and are noticed further down."""


LARGEST_FILE = 1_000_000


def read_yaml(path: Path, *, limit_bytes: int = LARGEST_FILE) -> Mapping:
    """The file's content; raises `Refused` with every complaint that can be made at once."""
    try:
        with path.open("rb") as file:
            raw = file.read(limit_bytes + 1)
    except OSError as error:
        told = f"cannot be read: {error.strerror}; check that the file exists"
        raise _refusal(Place(str(path), 1, 1), "BG-Y001", told) from error
    return yaml_of(raw, str(path), limit_bytes=limit_bytes)


def yaml_of(raw: bytes, file: str, *, limit_bytes: int = LARGEST_FILE) -> Mapping:
    """What the bytes of `file` say, whether or not it lies on a disk; raises `Refused`."""
    if len(raw) > limit_bytes:
        raise _refusal(Place(file, 1, 1), "BG-Y002", f"larger than {limit_bytes:,} bytes; split it or shorten it")
    return parse_yaml(_decoded(raw, file), file)


def parse_yaml(text: str, file: str) -> Mapping:
    """The content of a text that stands in `file`; raises `Refused`."""
    complaints = Complaints()
    for number, line in enumerate(text.split("\n"), start=1):
        if _LEADING_TAB.match(line):
            complaints.add(Place(file, number, line.index("\t") + 1), "BG-Y005", "indented by a tab; use spaces")
    complaints.refuse()
    try:
        node = composed(_events(text, file), text.split("\n"), file, complaints)
    except Refused as refused:
        told = {problem.at.line for problem in complaints.found}
        complaints.found.extend(problem for problem in refused.problems if problem.at.line not in told)
        node = None
    complaints.refuse()
    if node is None or (isinstance(node, Scalar) and node.is_empty):
        raise _refusal(Place(file, 1, 1), "BG-Y004", "the file is empty; write at least one 'key: value'")
    if not isinstance(node, Mapping):
        raise _refusal(node.place, "BG-Y013", "a list or a text; write 'key: value' lines instead")
    return node


def _decoded(raw: bytes, file: str) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        place = Place(file, before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1)
        raise _refusal(place, "BG-Y003", "not UTF-8; save the file with the encoding UTF-8") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _events(text: str, file: str) -> Iterator[Event]:
    last: Event | None = None
    try:
        for last in YAML(typ="safe", pure=True).parse(text):
            yield last
    except MarkedYAMLError as error:
        if isinstance(last, ScalarEvent) and last.style in _QUOTES and last.start_mark.line < last.end_mark.line:
            place = Place(file, last.start_mark.line + 1, last.start_mark.column + 1)
            told = f"a quotation mark is opened here and closed only in line {last.end_mark.line + 1}; close it here"
            raise _refusal(place, "BG-Y006", told) from error
        if isinstance(last, ScalarEvent) and last.style in _QUOTES and _is_noticed_at(error, last.end_mark.line):
            place = Place(file, last.end_mark.line + 1, last.end_mark.column + 1)
            raise _refusal(place, "BG-Y006", _GOES_ON) from error
        mark = _mark(error)
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        raise _refusal(place, "BG-Y006", _in_plain_words(error)) from error
    except ReaderError as error:
        before = text[: error.position]
        place = Place(file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        raise _refusal(place, "BG-Y006", "a control character stands in the text; delete it") from error
    except (YAMLError, ValueError, OverflowError, IndexError) as error:
        # ruamel.yaml lets some malformed escapes and directives out as plain Python errors
        raise _refusal(Place(file, 1, 1), "BG-Y006", "not valid YAML; look for odd escapes or directives") from error


def _is_noticed_at(error: MarkedYAMLError, line: int) -> bool:
    return error.problem_mark is not None and error.problem_mark.line == line and "<scalar>" in str(error.problem)


def _mark(error: MarkedYAMLError) -> StringMark | None:
    """Where the mistake is: on another line than it was noticed if something was opened or begun there."""
    noticed: StringMark | None = error.problem_mark
    begun: StringMark | None = error.context_mark
    early = str(error.problem or "").startswith(_POINT_AT_THE_BEGINNING)
    if noticed is not None and begun is not None and early and begun.line < noticed.line:
        return begun
    return noticed or begun


def _in_plain_words(error: MarkedYAMLError) -> str:
    said = re.sub(r"character '[^\\].*' that", "character that", str(error.problem or "not valid YAML"))
    for beginning, explained in _IN_PLAIN_WORDS.items():
        if said.startswith(beginning):
            return explained
    during = f" {error.context}" if error.context else ""
    return f"not valid YAML{during}: {error.problem}; check indentation, quotes and brackets just above"


def _refusal(at: Place, code: str, message: str) -> Refused:
    complaints = Complaints()
    complaints.add(at, code, message)
    return Refused(complaints.problems)
