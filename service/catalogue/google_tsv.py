"""Reads products.tsv: a Google Merchant product feed as a table whose cells are parted by tabs."""

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from service.catalogue.csv_rows import broken_row, records
from service.catalogue.google_items import Detail, Item, mapping_for, rows_of, written_as
from service.catalogue.rows import Table, Unreadable
from service.catalogue.shop import Shop
from service.documents.problem import Complaints, Place, Refused

_REPEATED = ("product_type", "google_product_category", "product_highlight", "color", "size")
_UNESCAPED_COLON = re.compile(r"(?<!\\):")


def google_tsv_table(path: Path, shop: Shop, complaints: Complaints) -> Table:
    """The file's items as rows; raises `Unreadable` at once or while they are taken, `Refused` for a bad header."""
    mapping = mapping_for(path, shop)
    lines = records(path, complaints, delimiter="\t")
    header = next(lines, None)
    if header is None:
        raise Unreadable(Place(str(path), 1, 1), "BG-S017", "the file is empty; write a header line and products")
    columns = [_column(name) for name in header[1]]
    for wanted in ("id", "title", "price"):
        if wanted not in columns:
            complaints.add(Place(str(path), 1, 1), "BG-S012", f"column '{wanted}' is missing; add it to the first line")
    if complaints.found:
        raise Refused(complaints.problems)  # every row would only repeat it
    items = _items(lines, columns, str(path), complaints)
    return Table(None, rows_of(items, path, shop, mapping, complaints), written_as(mapping))


def _items(
    lines: Iterator[tuple[int, list[str]]], columns: Sequence[str], file: str, complaints: Complaints
) -> Iterator[Item]:
    for line, cells in lines:
        if len(cells) != len(columns):
            broken_row(Place(file, line, 1), cells, columns, complaints)
            continue
        fields: dict[str, list[str]] = {}
        for column, cell in zip(columns, cells, strict=True):
            if cell:
                fields.setdefault(column, []).extend(_parted(cell) if column in _REPEATED else [cell])
        yield Item(line, fields, list(_details(fields.get("product_detail", []))))


def _column(written: str) -> str:
    """`image link`, `g:image_link` and `c:frame:string` name the fields image_link and frame."""
    name = written.strip().lower().removeprefix("g:").partition("(")[0]
    if name.startswith("c:"):
        name = name.removeprefix("c:").partition(":")[0]
    return name.strip().replace(" ", "_")


def _parted(cell: str) -> list[str]:
    """Several values parted by commas; one with a comma of its own stands in quotes."""
    if "," not in cell and not cell.startswith('"'):
        return [cell]
    return [part.strip() for part in next(csv.reader([cell], skipinitialspace=True), []) if part.strip()]


def _details(cells: Sequence[str]) -> Iterator[Detail]:
    for cell in cells:
        for one in _parted(cell):
            section, name, value = _three(one)
            if name:
                yield Detail(section, name, value)


def _three(written: str) -> tuple[str, str, str]:
    """`section:name:value`; a backslash makes a colon part of the text, and the value may hold colons anyway."""
    ends = [0, *(found.end() for found in list(_UNESCAPED_COLON.finditer(written))[:2])]
    parts = [written[start : end - 1] for start, end in pairwise(ends)] + [written[ends[-1] :]]
    section, name, value = (part.replace("\\:", ":").strip() for part in ["", *parts][-3:])
    return section, name, value
