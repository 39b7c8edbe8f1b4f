"""Turns the items of a Google Merchant feed into rows of the shop's own columns, or says what is wrong with them.

Codes: BG-S030 category, S031 price, S032 currency, S033 availability, S034 unit, S035 no `google_feed` in shop.yaml,
S036 broken XML, S037 no product feed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from service.catalogue.google_mapping import FeedSource, GoogleMapping
from service.catalogue.measures import in_unit
from service.catalogue.rows import Cell, Row, Unreadable
from service.catalogue.shop import Shop
from service.documents.problem import Complaints, Place, shortened

OF_EVERY_ITEM = {"sku": "id", "name": "title", "url": "link", "image": "image_link"}
_CAN_BE_ORDERED = {"in stock": "yes", "preorder": "yes", "backorder": "yes", "out of stock": "no", "": ""}
_PRICE = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:\s*([A-Za-z]{3}))?")
_NOTHING: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Detail:
    """One `product_detail`: a section that may be blank, a name and a value."""

    section: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Item:
    """One product as a feed states it; a field may be repeated."""

    line: int
    fields: Mapping[str, Sequence[str]]
    details: Sequence[Detail] = ()

    def first(self, field: str) -> str:
        """What the field states, blank if it is not there."""
        return next(iter(self.fields.get(field, _NOTHING)), "").strip()


def mapping_for(path: Path, shop: Shop) -> GoogleMapping:
    """The shop's `google_feed`; raises `Unreadable` without one."""
    if shop.google_feed is None:
        remedy = "shop.yaml has no 'google_feed', which says what is what in a Google Merchant feed; add it"
        raise Unreadable(Place(str(path), 1, 1), "BG-S035", remedy)
    return shop.google_feed


def written_as(mapping: GoogleMapping) -> dict[str, str]:
    """Which field of the feed stands behind each of our columns."""
    return OF_EVERY_ITEM | {name: source.as_written for name, source in mapping.attributes.items()}


def rows_of(
    items: Iterable[Item], path: Path, shop: Shop, mapping: GoogleMapping, complaints: Complaints
) -> Iterator[Row]:
    """The items as rows. A sale counts that was on when the file was written, which is the feed's own moment."""
    reader = _Items(str(path), shop, mapping, complaints, datetime.fromtimestamp(path.stat().st_mtime, UTC))
    return (row for item in items if (row := reader.read(item)) is not None)


class _Items:
    def __init__(
        self, file: str, shop: Shop, mapping: GoogleMapping, complaints: Complaints, written_at: datetime
    ) -> None:
        self._file = file
        self._shop = shop
        self._mapping = mapping
        self._complaints = complaints
        self._written_at = written_at
        self._categories: dict[tuple[str, ...], str | None] = {}

    def read(self, item: Item) -> Row | None:
        """The row; None where the product is to be left out. After a complaint something valid stands in."""
        category = self._category(item)
        if category is None:
            return None
        cells: dict[str, Cell] = {column: item.first(field) for column, field in OF_EVERY_ITEM.items()}
        cells |= {"category": category, "price": self._price(item), "available": self._available(item)}
        for name, source in self._mapping.attributes.items():
            several = self._values(item, name, source)
            if several:
                cells[name] = several[0] if len(several) == 1 else several
        return Row(item.line, cells)

    def _category(self, item: Item) -> str | None:
        stated = item.fields
        paths = tuple(path for name in ("product_type", "google_product_category") for path in stated.get(name, ()))
        if paths not in self._categories:
            found = self._categories[paths] = self._mapping.category_of(paths)
            if found is None and not self._mapping.leave_out_others:
                told = f"nothing in google_feed is called '{shortened(paths[0])}'" if paths else "no category is stated"
                remedy = "map it under 'categories', or write 'other_products: leave_out'"
                self._complain(item, "product_type", "BG-S030", f"{told}; {remedy}")
                self._categories[paths] = next(iter(self._shop.categories), None)  # said once for all such products
        return self._categories[paths]

    def _price(self, item: Item) -> str:
        on_sale = item.first("sale_price") and self._is_on(item, item.first("sale_price_effective_date"))
        field = "sale_price" if on_sale else "price"
        written = item.first(field)
        found = _PRICE.fullmatch(written)
        if found is None:
            self._complain(item, field, "BG-S031", f"'{shortened(written)}' is not a price; write it like 15.00 EUR")
            return "0"
        amount, currency = found.groups()
        if currency is not None and currency.upper() != self._shop.currency:
            self._complain(item, field, "BG-S032", f"the shop's currency is {self._shop.currency}, not {currency}")
        return amount

    def _is_on(self, item: Item, period: str) -> bool:
        if not period:
            return True
        try:
            begins, ends = (_moment(end) for end in period.split("/"))
        except ValueError:
            told = "not a period; write 2026-02-24T13:00+0100/2026-02-29T15:30+0100"
            self._complain(item, "sale_price_effective_date", "BG-S031", told)
            return False
        return begins <= self._written_at <= ends

    def _available(self, item: Item) -> str:
        written = item.first("availability")
        found = _CAN_BE_ORDERED.get(written.lower().replace("_", " "))
        if found is None:
            remedy = "write in_stock, out_of_stock, preorder or backorder"
            self._complain(item, "availability", "BG-S033", f"'{shortened(written)}' is not known; {remedy}")
        return found or ""

    def _values(self, item: Item, name: str, source: FeedSource) -> tuple[str, ...]:
        stated = _stated(item, source)
        attribute = self._shop.attributes[name]
        if attribute.kind == "many":
            sign = source.split_at or "|"
            stated = [part for one in stated for part in one.split(sign)]
        words = [source.values.get(one.strip(), one.strip()) for one in stated]
        if attribute.kind == "number":
            words = [self._number(item, source, one, attribute.unit) for one in words]
        return tuple(one for one in words if one)

    def _number(self, item: Item, source: FeedSource, written: str, unit: str | None) -> str:
        found = in_unit(written, unit)
        if found is None:
            wanted = f"in {unit}" if unit else "without a unit: shop.yaml declares none"
            told = f"'{shortened(written)}' cannot be converted; write the number {wanted}"
            self._complain(item, source.as_written, "BG-S034", told)
        return found or ""

    def _complain(self, item: Item, field: str, code: str, message: str) -> None:
        whose = f"product '{shortened(item.first('id'))}', " if item.first("id") else ""
        self._complaints.add(Place(self._file, item.line, 1), code, f"{whose}'{shortened(field)}': {message}")


def _stated(item: Item, source: FeedSource) -> Sequence[str]:
    if source.detail is None:
        return item.fields.get(source.name, _NOTHING)
    return [
        detail.value
        for detail in item.details
        if detail.name.strip() == source.detail and source.section in (None, detail.section.strip())
    ]


def _moment(written: str) -> datetime:
    found = datetime.fromisoformat(written.strip())
    return found if found.tzinfo else found.replace(tzinfo=UTC)
