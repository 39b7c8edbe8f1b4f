"""Reads `privacy.yaml`: first its shape, then whether what it says agrees with itself.

Codes: BG-P001 unknown purpose, P002 bad id, P003 attribute names an undeclared purpose, P004 purpose needs no consent,
P005 no sources, P006 a text lacks a language, P007 notice version twice, P008 not a number of days,
P009 twice in a list, P010 no languages.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from service.documents.node import Node
from service.documents.problem import Complaints, Place, did_you_mean, shortened
from service.documents.reader import (
    Fields,
    Malformed,
    Read,
    boolean,
    choice,
    list_of,
    mapping,
    text,
    texts,
    whole_number,
)
from service.documents.texts import ANY_LANGUAGE, Texts
from service.privacy.declared import (
    ANY_SOURCE_OF_BEHAVIOUR,
    PURPOSES,
    LegalBasis,
    Notice,
    Processing,
    ProfileKind,
    Purpose,
    PurposeId,
    RegisteredAttribute,
)

T = TypeVar("T")
_ID = re.compile(r"[a-z][a-z0-9_]*")
_NO_TEXT = Texts.same("")
_LONGEST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Declared(Generic[T]):
    """Something declared, and where."""

    at: Place
    what: T


@dataclass(frozen=True, slots=True)
class Declarations:
    """Everything that the file declares, in its order."""

    languages: tuple[str, ...]
    purposes: tuple[Declared[Purpose], ...]
    attributes: tuple[Declared[RegisteredAttribute], ...]
    notices: tuple[Declared[Notice], ...]
    anonymous_orders: bool = False


def read_declarations(node: Node, complaints: Complaints) -> Declarations:
    """The file's declarations as far as they can be read; what cannot is complained about."""
    try:
        fields = Fields.of(node, complaints)
    except Malformed as malformed:
        complaints.add(malformed.at, malformed.code, malformed.message)
        return Declarations((), (), (), ())
    languages = fields.required("languages", _list_once(text), ())
    if not languages:
        complaints.add(fields.place_of("languages"), "BG-P010", "no language is named; write e.g. [de, en]")
    declarations = Declarations(
        languages=languages,
        purposes=fields.required("purposes", _by_id(_purpose(languages)), ()),
        attributes=fields.required("attributes", _by_id(_attribute(languages)), ()),
        notices=fields.required("notices", list_of(_notice(languages)), ()),
        anonymous_orders=fields.optional("anonymous_orders", boolean, default=False),
    )
    fields.no_others()
    return declarations


def check_declarations(declarations: Declarations, complaints: Complaints) -> None:
    """Complain where two declarations do not fit together."""
    purposes = {each.what.id: each.what for each in declarations.purposes}
    for attribute in declarations.attributes:
        inside = complaints.within(f"attribute '{attribute.what.id}'")
        for message, code in _unservable(attribute.what, purposes):
            inside.add(attribute.at, code, message)
    seen: set[tuple[str, str]] = set()
    for notice in declarations.notices:
        version = (notice.what.id, notice.what.version)
        if version in seen:
            complaints.add(notice.at, "BG-P007", f"notice '{version[0]}' has version '{version[1]}' twice; count up")
        seen.add(version)


def _unservable(attribute: RegisteredAttribute, purposes: dict[PurposeId, Purpose]) -> Iterator[tuple[str, str]]:
    for name in attribute.purposes:
        purpose = purposes.get(cast("PurposeId", name))
        if purpose is None:
            yield f"no purpose '{shortened(name)}' is declared in this file{did_you_mean(name, purposes)}", "BG-P003"
        elif purpose.legal_basis == "contract":
            yield f"purpose '{name}' rests on the contract and touches no profile; leave it out", "BG-P004"


def _purpose(languages: tuple[str, ...]) -> Callable[[str, Place, Fields], Purpose | None]:
    def read(name: str, at: Place, fields: Fields) -> Purpose | None:
        known = next((purpose for purpose in PURPOSES if purpose == name), None)
        if known is None:
            hint = did_you_mean(name, PURPOSES) or f"; choose from: {', '.join(PURPOSES)}"
            fields.complaints.add(at, "BG-P001", f"Begleiter has no such purpose{hint}")
        said = _texts_in(languages)
        text_, example = fields.required("text", said, _NO_TEXT), fields.required("example", said, _NO_TEXT)
        basis = fields.required("legal_basis", choice(*_BASES), _BASES[1])
        valid = fields.optional("valid_for_days", _days, None)
        fields.no_others()
        return known and Purpose(known, text_, example, basis, valid)

    return read


_BASES: tuple[LegalBasis, ...] = ("contract", "consent")
_KINDS: tuple[ProfileKind, ...] = ("text", "number", "boolean", "behaviour")


def _attribute(languages: tuple[str, ...]) -> Callable[[str, Place, Fields], RegisteredAttribute]:
    def read(name: str, at: Place, fields: Fields) -> RegisteredAttribute:
        kind = fields.required("kind", choice(*_KINDS), _KINDS[0])
        sources = fields.optional("sources", _list_once(_id), ())
        if kind == "behaviour":
            sources = sources or (ANY_SOURCE_OF_BEHAVIOUR,)
        elif not sources:
            fields.complaints.add(at, "BG-P005", "'sources' names nobody; say who may deliver it, e.g. [shopper, crm]")
        attribute = RegisteredAttribute(
            id=name,
            label=fields.required("label", _texts_in(languages), _NO_TEXT),
            why=fields.required("why", _texts_in(languages), _NO_TEXT),
            kind=kind,
            purposes=fields.required("purposes", _list_once(text), ()),
            sources=sources,
            retention_days=fields.optional("retention_days", _days, None),
            sensitive=fields.optional("sensitive", boolean, default=False),
        )
        fields.no_others()
        return attribute

    return read


def _notice(languages: tuple[str, ...]) -> Read[Declared[Notice]]:
    def read(node: Node, complaints: Complaints) -> Declared[Notice]:
        fields = Fields.of(node, complaints, "notice")
        name, version = fields.required("id", _id, ""), fields.required("version", text, "")
        wording = fields.required("text", _texts_in(languages), _NO_TEXT)
        processing = fields.optional("processing", _processing(languages), None)
        fields.no_others()
        return Declared(fields.place, Notice(name, version, wording, processing))

    return read


def _processing(languages: tuple[str, ...]) -> Read[Processing | None]:
    def read(node: Node, complaints: Complaints) -> Processing | None:
        fields = Fields.of(node, complaints, "processing")
        found = Processing(
            controller=fields.required("controller", text, ""),
            contact=fields.required("contact", text, ""),
            officer=fields.optional("officer", text, None),
            authority=fields.optional("authority", text, None),
            jurisdiction=fields.optional("jurisdiction", text, None),
            recipients=fields.optional("recipients", _list_once(text), ()),
            third_countries=fields.optional("third_countries", _list_once(text), ()),
            withdrawal=fields.optional("withdrawal", _texts_in(languages), None),
        )
        fields.no_others()
        return found

    return read


def _by_id(read: Callable[[str, Place, Fields], T | None]) -> Read[tuple[Declared[T], ...]]:
    """Every `id: {…}` entry of a mapping, with the place of its id; entries that cannot be read are left out."""

    def read_all(node: Node, complaints: Complaints) -> tuple[Declared[T], ...]:
        entries = mapping(node, complaints)
        found = [
            Declared(entries.key_places[name], what)
            for name, entry in entries.entries.items()
            for what in [_entry(name, entries.key_places[name], entry, complaints, read)]
            if what is not None
        ]
        return tuple(found)

    return read_all


def _entry(
    name: str, at: Place, node: Node, complaints: Complaints, read: Callable[[str, Place, Fields], T | None]
) -> T | None:
    where = f"'{shortened(name)}'"
    if not _ID.fullmatch(name):
        complaints.add(at, "BG-P002", f"{where} is no id; use small letters, digits and _, beginning with a letter")
    try:
        return read(name, at, Fields.of(node, complaints, where))
    except Malformed as malformed:
        complaints.within(where).add(malformed.at, malformed.code, malformed.message)
        return None


def _texts_in(languages: tuple[str, ...]) -> Read[Texts]:
    def read(node: Node, complaints: Complaints) -> Texts:
        found = texts(node, complaints)
        missing = [each for each in languages if each not in found.by_locale and ANY_LANGUAGE not in found.by_locale]
        if missing:
            complaints.add(node.place, "BG-P006", f"the text in {', '.join(missing)} is missing; add it")
        return found

    return read


def _id(node: Node, complaints: Complaints) -> str:
    word = text(node, complaints)
    if not _ID.fullmatch(word):
        hint = "use small letters, digits and _, beginning with a letter"
        raise Malformed(node.place, "BG-P002", f"'{shortened(word)}' is no id; {hint}")
    return word


def _list_once(read: Read[str]) -> Read[tuple[str, ...]]:
    def read_all(node: Node, complaints: Complaints) -> tuple[str, ...]:
        found = list_of(read)(node, complaints)
        for word in sorted({each for each in found if found.count(each) > 1}):
            complaints.add(node.place, "BG-P009", f"'{shortened(word)}' stands twice in this list")
        return found

    return read_all


def _days(node: Node, complaints: Complaints) -> int:
    days = whole_number(node, complaints)
    if not 1 <= days <= _LONGEST_DAYS:
        raise Malformed(node.place, "BG-P008", f"between 1 and {_LONGEST_DAYS} days are expected here")
    return days
