"""Reads products.xml: a Google Merchant product feed as RSS 2.0 or Atom.

A document type is refused before it is read, so no entity is ever declared, expanded or fetched.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from service.catalogue.google_items import Detail, Item, mapping_for, rows_of, written_as
from service.catalogue.rows import Table, Unreadable
from service.catalogue.shop import Shop
from service.documents.problem import Complaints, Place

GOOGLE = ("http://base.google.com/ns/1.0", "http://base.google.com/cns/1.0")
PLAIN = ("", "http://www.w3.org/2005/Atom", "http://purl.org/rss/1.0/")
DEEPEST = 16
LONGEST_ITEM = 1_000_000
_CHUNK = 1 << 16
_FEEDS = ("rss", "feed", "RDF")
_ITEMS = ("item", "entry")


def google_xml_table(path: Path, shop: Shop, complaints: Complaints) -> Table:
    """The file's items as rows; raises `Unreadable` at once or while they are taken."""
    mapping = mapping_for(path, shop)
    return Table(None, rows_of(_items(path), path, shop, mapping, complaints), written_as(mapping))


def _items(path: Path) -> Iterator[Item]:
    parser = expat.ParserCreate(namespace_separator=" ")
    feed = _Feed(parser, str(path))
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                parser.Parse(chunk, not chunk)
            except expat.ExpatError as error:
                yield from feed.taken()  # what is complete may be complained about as well
                told = f"not well-formed XML ({expat.ErrorString(error.code)}); is the file cut off?"
                raise Unreadable(Place(str(path), error.lineno, error.offset + 1), "BG-S036", told) from None
            yield from feed.taken()
            if not chunk:
                return


@dataclass(slots=True)
class _Field:
    """One element of an item; `parts` holds what its own elements say."""

    name: str
    is_google: bool
    text: list[str] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)


class _Feed:
    """Takes the parser's events and hands out the items that are complete."""

    def __init__(self, parser: expat.XMLParserType, file: str) -> None:
        self._parser = parser
        self._file = file
        self._depth = 0
        self._item_at = 0
        self._begun = 0
        self._length = 0
        self._fields: list[_Field] = []
        self._inner: list[str] | None = None
        self._complete: list[Item] = []
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_document_type
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters

    def taken(self) -> list[Item]:
        """The items that were completed since the last call."""
        complete, self._complete = self._complete, []
        return complete

    def _refuse_document_type(self, *_: object) -> None:
        raise self._unreadable("BG-S036", "a document type (<!DOCTYPE …>) is not taken; remove it")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        space, local = _parted(name)
        if self._depth == 1 and local not in _FEEDS:
            raise self._unreadable("BG-S037", f"<{local[:40]}> is no product feed; export RSS 2.0 or Atom")
        if self._depth > DEEPEST:
            raise self._unreadable("BG-S036", f"nested deeper than {DEEPEST} levels")
        if not self._item_at:
            if local in _ITEMS and space in PLAIN:
                self._item_at, self._begun, self._length = self._depth, self._parser.CurrentLineNumber, 0
                self._fields = []
        elif self._depth == self._item_at + 1:
            self._fields.append(_Field(local if space in (*GOOGLE, *PLAIN) else name, space in GOOGLE))
            if local == "link" and "href" in attributes and attributes.get("rel", "alternate") == "alternate":
                self._fields[-1].text.append(attributes["href"])
        elif self._depth == self._item_at + 2:
            self._inner = []

    def _characters(self, text: str) -> None:
        if not self._item_at or self._depth <= self._item_at:
            return
        self._length += len(text)
        if self._length > LONGEST_ITEM:
            raise self._unreadable("BG-S036", f"one product has more than {LONGEST_ITEM:,} characters")
        (self._fields[-1].text if self._inner is None else self._inner).append(text)

    def _end(self, name: str) -> None:
        if self._item_at and self._depth == self._item_at:
            self._complete.append(_item(self._begun, self._fields))
            self._item_at = 0
        elif self._item_at and self._depth == self._item_at + 2:
            self._fields[-1].parts[_parted(name)[1]] = "".join(self._inner or ())
            self._inner = None
        self._depth -= 1

    def _unreadable(self, code: str, message: str) -> Unreadable:
        at = Place(self._file, self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)
        return Unreadable(at, code, message)


def _parted(name: str) -> tuple[str, str]:
    space, _, local = name.rpartition(" ")
    return space, local


def _item(line: int, stated: list[_Field]) -> Item:
    """A field in Google's namespace counts before the feed's own of the same name."""
    fields: dict[str, list[str]] = {}
    details: list[Detail] = []
    for one in sorted(stated, key=lambda each: not each.is_google):
        if one.name == "product_detail":
            part = one.parts.get
            details.append(Detail(part("section_name", ""), part("attribute_name", ""), part("attribute_value", "")))
        elif one.is_google or one.name not in fields:
            text = "".join(one.text).strip()
            if text:
                fields.setdefault(one.name, []).append(text)
    return Item(line, fields, details)
