"""Turns the cells of one row into a product, or says what is wrong with each of them.

Codes: BG-S020 blank sku, S021 duplicate sku, S022 name missing, S023 category, S024 price, S025 number, S026 yes or no,
S027 several values where one is expected, S028 address, S013 unknown column.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

from service.catalogue.attribute import Attribute, Value
from service.catalogue.product import LONGEST_SKU, STATED_OF_EVERY_PRODUCT, Product
from service.catalogue.rows import Cell, Row, Table
from service.catalogue.shop import Shop
from service.documents.problem import Complaints, Place, did_you_mean, shortened
from service.documents.scalars import boolean_of, number_of
from service.documents.texts import Texts

T = TypeVar("T")
D = TypeVar("D")

_REMEMBERED_PER_COLUMN = 20_000


class _Wrong(Exception):
    """A cell that cannot be read."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class ProductRows:
    """Reads rows one after another; remembers skus, and what each spelling of a value means."""

    def __init__(self, shop: Shop, file: str, table: Table, complaints: Complaints) -> None:
        self._shop = shop
        self._file = file
        self._complaints = complaints
        self._columns = {name: number for number, name in enumerate(table.columns or (), start=1)}
        self._written_as = table.written_as
        self._known = known_columns(shop)
        self._complained_columns: set[str] = set()
        self._line_of_sku: dict[str, int] = {}
        self._meanings: dict[str, dict[Cell, Value]] = {name: {} for name in shop.attributes}

    def read(self, row: Row) -> Product | None:
        """The product, or None after complaints."""
        so_far = len(self._complaints.found)
        sku = self._sku(row)
        product = Product(
            sku=sku,
            name=self._name(row),
            price=self._cell(row, "price", _price, 0.0),
            category=self._cell(row, "category", self._category, ""),
            attributes=self._attributes(row),
            url=self._cell(row, "url", _address, None),
            image=self._cell(row, "image", _address, None),
            available=self._cell(row, "available", _available, default=True),
        )
        self._check_columns(row)
        return product if len(self._complaints.found) == so_far else None

    def _sku(self, row: Row) -> str:
        sku = self._cell(row, "sku", _sku, "")
        if not sku:
            return sku
        first = self._line_of_sku.setdefault(sku, row.line)
        if first != row.line:
            self._complain(row, "sku", "BG-S021", f"stands in line {first} already; every sku is one product")
        return sku

    def _name(self, row: Row) -> Texts:
        source, *others = self._shop.locales
        plain = self._cell(row, "name", _single, "")
        first = self._cell(row, f"name:{source}", _single, "") or plain
        if not first:
            self._complain(row, f"name:{source}", "BG-S022", f"no name in the source language; fill in 'name:{source}'")
        translated = {locale: self._cell(row, f"name:{locale}", _single, "") for locale in others}
        stated = {source: first} | {locale: name for locale, name in translated.items() if name}
        return Texts(MappingProxyType(stated))

    def _category(self, cell: Cell) -> str:
        category = _single(cell)
        found = self._shop.categories.get(category)
        if found is None:
            hint = did_you_mean(category, self._shop.categories) or "; add it to shop.yaml"
            raise _Wrong("BG-S023", f"no category '{shortened(category)}' in shop.yaml{hint}")
        return found.id

    def _attributes(self, row: Row) -> Mapping[str, Value]:
        stated: dict[str, Value] = {}
        for name, meanings in self._meanings.items():
            cell = row.cells.get(name)
            if not cell:
                continue
            value = meanings.get(cell)
            if value is None:
                value = self._meaning(row, name, cell)
            if value is not None:
                stated[name] = value
        return MappingProxyType(stated)

    def _meaning(self, row: Row, name: str, cell: Cell) -> Value | None:
        attribute = self._shop.attributes[name]
        value = self._cell(row, name, lambda written: _value(attribute, written), None)
        meanings = self._meanings[name]
        if value is not None and len(meanings) < _REMEMBERED_PER_COLUMN:
            meanings[cell] = value
        return value

    def _check_columns(self, row: Row) -> None:
        for column in row.cells.keys() - self._known - self._complained_columns:
            self._complained_columns.add(column)
            self._complain(row, column, "BG-S013", unknown_column(column, self._known))

    def _cell(self, row: Row, column: str, read: Callable[[Cell], T], default: D) -> T | D:
        try:
            return read(row.cells.get(column, ""))
        except _Wrong as wrong:
            self._complain(row, column, wrong.code, wrong.message)
            return default

    def _complain(self, row: Row, column: str, code: str, message: str) -> None:
        sku = row.cells.get("sku")
        whose = f"product '{shortened(sku)}', " if isinstance(sku, str) and sku.strip() else ""
        place = Place(self._file, row.line, self._columns.get(column, 1))
        written = self._written_as.get(column)
        where = f"column '{shortened(column)}'" if written is None else f"'{shortened(written)}'"
        self._complaints.add(place, code, f"{whose}{where}: {message}")


def known_columns(shop: Shop) -> frozenset[str]:
    """Every column that a products file may have."""
    return frozenset((*STATED_OF_EVERY_PRODUCT, *(f"name:{locale}" for locale in shop.locales), *shop.attributes))


def unknown_column(column: str, known: frozenset[str]) -> str:
    """What to say about a column that nobody knows."""
    hint = did_you_mean(column, sorted(known)) or "; declare it in shop.yaml or remove it"
    return f"neither a column of every product nor an attribute in shop.yaml{hint}"


def _single(cell: Cell) -> str:
    if isinstance(cell, tuple):
        raise _Wrong("BG-S027", "one value is expected here, not a list")
    return cell.strip()


def _sku(cell: Cell) -> str:
    sku = _single(cell)
    if not sku:
        raise _Wrong("BG-S020", "the sku is blank; every product needs one")
    if len(sku) > LONGEST_SKU or not sku.isprintable():
        raise _Wrong("BG-S020", f"longer than {LONGEST_SKU} characters, or with characters that cannot be seen")
    return sku


def _price(cell: Cell) -> float:
    words = _single(cell)
    price = number_of(words)
    if price is None:
        raise _Wrong("BG-S024", f"'{shortened(words)}' is not a price; write it like 1799.00")
    if price < 0:
        raise _Wrong("BG-S024", "a price is never negative")
    return price + 0.0  # -0.0 becomes 0.0


def _available(cell: Cell) -> bool:
    words = _single(cell)
    return _boolean(words) if words else True


def _boolean(words: str) -> bool:
    found = boolean_of(words)
    if found is None:
        raise _Wrong("BG-S026", f"'{shortened(words)}' is neither yes nor no")
    return found


def _address(cell: Cell) -> str | None:
    words = _single(cell)
    if not words:
        return None
    if not words.lower().startswith(("https://", "http://", "/")) or not words.isprintable() or " " in words:
        raise _Wrong(
            "BG-S028", "not an address; write https://…, http://… or a path that begins with /, without blanks"
        )
    return words


def _value(attribute: Attribute, cell: Cell) -> Value | None:
    """What a cell states; None where it is blank."""
    if attribute.kind == "many":
        return _several(cell.split("|") if isinstance(cell, str) else cell)
    words = _single(cell)
    match attribute.kind:
        case _ if not words:
            return None
        case "text":
            return words
        case "number":
            number = number_of(words)
            if number is None:
                raise _Wrong(
                    "BG-S025", f"'{shortened(words)}' is not a number; write it like 1234.5, or leave it blank"
                )
            return number
        case "boolean":
            return _boolean(words)


def _several(words: Iterable[str]) -> tuple[str, ...] | None:
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip())) or None
