"""Shoppers in a JSON Lines file: read one by one, each with everything that is wrong with it.

Codes: BG-E001 a line that is no record, E002 a field that is missing or not what it holds, E003 a shopper given twice,
E004 a consent that the register does not allow.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path

from service.cli.order_rows import A_MOMENT, is_moment, is_text
from service.cli.row_file import NOT_UTF8, undecodable_line
from service.documents.problem import Complaints, Place, Problem, Refused
from service.privacy.consent import (
    DecidedTwice,
    Decision,
    NoticeOutdated,
    NoticeRef,
    PurposeNotServed,
    SourceNotDeclared,
)
from service.privacy.enrolment import Deciding, Enrolment, judge_all
from service.privacy.profile import CLOCKS_MAY_DIFFER, IncomingValue
from service.privacy.register import Register, UnknownAttribute, UnknownNotice, UnknownPurpose
from service.privacy.shoppers import A_REFERENCE, is_reference
from service.privacy.subject import ShopperId

MOST_COMPLAINTS = 100
NOT_ALLOWED = (
    DecidedTwice,
    NoticeOutdated,
    PurposeNotServed,
    SourceNotDeclared,
    UnknownAttribute,
    UnknownNotice,
    UnknownPurpose,
)
SHOPPER = ("ref", "values", "grants", "simulated")
VALUE = ("attribute", "value", "source", "source_ref", "collected_at")
GRANT = ("attribute", "purpose", "source", "given_at", "notice")
NOTICE = ("id", "version", "language")

Pseudonym = Callable[[str], ShopperId]
Record = Mapping[str, object]


class _NotARecord(Exception):
    """The message says what was expected, and nothing of what was found."""

    def __init__(self, message: str, code: str = "BG-E002") -> None:
        super().__init__(message)
        self.code = code


def shopper_problems(path: Path, register: Register) -> tuple[Problem, ...]:
    """What is wrong with the file, up to a hundred complaints; reads it line by line."""
    complaints = Complaints()
    seen: set[str] = set()
    for number, line in _lines(path):
        at = Place(path.name, number, 1)
        try:
            ref, enrolment = _enrolment(_parsed(line), _nobody)
        except _NotARecord as wrong:
            complaints.add(at, wrong.code, str(wrong))
        else:
            if ref in seen:
                complaints.add(at, "BG-E003", "this shopper is given a second time")
            seen.add(ref)
            _complain_of_consent(enrolment, register, at, complaints)
        if len(complaints.found) >= MOST_COMPLAINTS:
            break
    return complaints.problems


def enrolments(path: Path, pseudonym: Pseudonym) -> Iterator[Enrolment]:
    """The shoppers of a file without problems."""
    for _, line in _lines(path):
        yield _enrolment(_parsed(line), pseudonym)[1]


def _complain_of_consent(enrolment: Enrolment, register: Register, at: Place, complaints: Complaints) -> None:
    try:
        judge_all(register, enrolment.decided)
    except NOT_ALLOWED as refusal:
        complaints.add(at, "BG-E004", str(refusal))


def _nobody(_ref: str) -> ShopperId:
    return ShopperId("")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            yield from ((number, line.strip()) for number, line in enumerate(file, start=1) if line.strip())
    except UnicodeDecodeError:
        with path.open("rb") as raw:
            place = Place(path.name, undecodable_line(raw), 1)
        raise Refused([Problem(place, "error", "BG-E001", NOT_UTF8)]) from None


def _parsed(line: str) -> Record:
    try:
        record = json.loads(line, object_pairs_hook=_without_repetition)
    except (ValueError, RecursionError):
        raise _NotARecord("this is not JSON; each line holds one shopper as an object", "BG-E001") from None
    return _object(record, "a shopper", SHOPPER)


def _without_repetition(pairs: list[tuple[str, object]]) -> Record:
    if len({name for name, _ in pairs}) < len(pairs):
        raise _NotARecord("a field is given twice in one object", "BG-E001")
    return dict(pairs)


def _enrolment(record: Record, pseudonym: Pseudonym) -> tuple[str, Enrolment]:
    """The shopper; what was given at one moment under one notice is one event."""
    ref = _text(record, "ref")
    if not is_reference(ref):
        raise _NotARecord(f"ref: {A_REFERENCE} is expected")
    values = tuple(_value(_object(each, "one of the values", VALUE)) for each in _list(record, "values"))
    given: dict[tuple[datetime, NoticeRef], list[Decision]] = {}
    for each in _list(record, "grants"):
        moment, notice, decision = _grant(_object(each, "one of the grants", GRANT))
        given.setdefault((moment, notice), []).append(decision)
    decided = tuple(Deciding(at, notice, tuple(given[at, notice])) for at, notice in sorted(given, key=itemgetter(0)))
    return ref, Enrolment(pseudonym(ref), decided, values)


def _grant(record: Record) -> tuple[datetime, NoticeRef, Decision]:
    """One consent, for values from one source where it names one."""
    moment = _moment(record, "given_at")
    if moment > datetime.now(UTC) + CLOCKS_MAY_DIFFER:
        raise _NotARecord("given_at: this moment is yet to come")
    notice = _notice(_object(record.get("notice"), "a grant's notice", NOTICE))
    source = None if record.get("source") is None else _text(record, "source")
    return moment, notice, Decision(_text(record, "attribute"), _text(record, "purpose"), given=True, source=source)


def _value(record: Record) -> IncomingValue:
    attribute, source, source_ref = (_text(record, name) for name in ("attribute", "source", "source_ref"))
    return IncomingValue(attribute, record.get("value"), source, source_ref, _moment(record, "collected_at"))


def _notice(record: Record) -> NoticeRef:
    return NoticeRef(*(_text(record, name) for name in NOTICE))


def _object(found: object, what: str, fields: tuple[str, ...]) -> Record:
    """The object, whose fields are these at most: one that is misspelt would else be left out without a word."""
    if not isinstance(found, dict):
        raise _NotARecord(f"{what}: a JSON object is expected")
    if not found.keys() <= set(fields):
        raise _NotARecord(f"{what}: there is a field that is none of {', '.join(fields)}")
    return found


def _list(record: Record, name: str) -> Iterable[object]:
    found = record.get(name, [])
    if not isinstance(found, list):
        raise _NotARecord(f"{name}: a list is expected")
    return found


def _text(record: Record, name: str) -> str:
    found = record.get(name)
    if not (isinstance(found, str) and is_text(found)):
        raise _NotARecord(f"{name}: a text is expected")
    return found


def _moment(record: Record, name: str) -> datetime:
    text = _text(record, name)
    if not is_moment(text):
        raise _NotARecord(f"{name}: {A_MOMENT} is expected")
    return datetime.fromisoformat(text).astimezone(UTC)
