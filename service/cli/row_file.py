"""Rows of a file that the shop brings in, streamed: CSV, JSON Lines or Parquet, told by the file's ending."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from service.api.body import MalformedJson, read_json
from service.documents.problem import Place, Problem, Refused

NOT_UTF8 = "this is not UTF-8 text"
UNREADABLE = "\0"
"""Stands for a value of a kind that no column holds; no check lets it pass."""

Row = tuple[int, tuple[Any, ...] | None]
"""The line (of Parquet: the row) and the values in the order of the columns; "" is a blank. None: it is no object."""
Opened = Callable[[Path], BinaryIO]


def as_text(value: object) -> str:
    """A value of JSON or Parquet as CSV would hold it."""
    match value:
        case str():
            return value.strip()
        case None:
            return ""
        case datetime():
            return value.isoformat()
        case int() | float() if not isinstance(value, bool):
            return repr(value).removesuffix(".0")
        case _:
            return UNREADABLE


def as_bytes(path: Path) -> BinaryIO:
    """The file, opened."""
    return path.open("rb")


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file, those of them that it may lack, and the code of complaints about the file itself.

    `cell` makes of a typed value what stands in the row; of CSV every value is text, and stands there as it is.
    """

    columns: tuple[str, ...]
    may_be_missing: frozenset[str]
    code: str
    cell: Callable[[object], object] = as_text

    def lacking(self, path: Path, line: int, message: str) -> Refused:
        """The complaint about a file that is none of this layout."""
        return Refused([Problem(Place(path.name, line, 1), "error", self.code, message)])

    def check(self, path: Path, found: set[str]) -> None:
        """Refuse a file that lacks a column."""
        missing = [name for name in self.columns if name not in found and name not in self.may_be_missing]
        if missing:
            named = f"the first line must name {', '.join(self.columns)}"
            if any(";" in name or "\t" in name for name in found):
                named = "the cells of a CSV file are parted by commas here"
            raise self.lacking(path, 1, f"the columns {', '.join(missing)} are missing; {named}")

    def values(self, record: Mapping[str, Any]) -> tuple[Any, ...]:
        """The cells of a record."""
        return tuple([self.cell(record.get(name)) for name in self.columns])


def rows(path: Path, layout: Layout, opened: Opened = as_bytes) -> Iterator[Row]:
    """Every row of the file; memory does not grow with it. Raises `Refused` where the file itself is broken."""
    read = FORMATS.get(path.suffix.lower())
    if read is None:
        raise layout.lacking(path, 1, f"the file's name tells its format; it must end in {', '.join(FORMATS)}")
    return read(path, layout, opened)


def holds_texts_alone(path: Path) -> bool:
    """Whether every value of the file is a text, numbers and truth values too."""
    return FORMATS.get(path.suffix.lower()) is _csv_rows


def _csv_rows(path: Path, layout: Layout, opened: Opened) -> Iterator[Row]:
    number = 0
    try:
        with opened(path) as raw, TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            named = next(reader, [])
            places = _places(path, layout, named)
            width = max(places, default=0) + 1
            number = reader.line_num
            for cells in reader:
                if len(cells) > len(named):
                    raise layout.lacking(path, number + 1, "this line has more cells than the first line names columns")
                number = reader.line_num
                if cells:
                    padded = cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))]
                    yield number, tuple([padded[place].strip() if place >= 0 else "" for place in places])
    except UnicodeDecodeError:
        with opened(path) as raw:
            raise layout.lacking(path, undecodable_line(raw), NOT_UTF8) from None
    except csv.Error:
        raise layout.lacking(path, number + 1, "this is not a line of a CSV file; is a quote left open?") from None


def undecodable_line(lines: Iterable[bytes]) -> int:
    """The number of the first line that is not UTF-8: what is read ahead fails before its line is reached."""
    for number, line in enumerate(lines, start=1):
        try:
            line.decode()
        except UnicodeDecodeError:
            return number
    return 1


def _places(path: Path, layout: Layout, found: list[str]) -> tuple[int, ...]:
    names = [name.strip() for name in found]
    layout.check(path, set(names))
    twice = [name for name in layout.columns if names.count(name) > 1]
    if twice:
        raise layout.lacking(path, 1, f"the columns {', '.join(twice)} are named twice")
    return tuple(names.index(name) if name in names else -1 for name in layout.columns)


def _jsonl_rows(path: Path, layout: Layout, opened: Opened) -> Iterator[Row]:
    with opened(path) as file:
        for number, line in enumerate(file, start=1):
            raw = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if raw.strip():
                yield number, _object(raw, layout)


def _object(raw: bytes, layout: Layout) -> tuple[Any, ...] | None:
    try:
        record = read_json(raw)
    except MalformedJson:
        return None
    return layout.values(record) if isinstance(record, dict) else None


def _parquet_rows(path: Path, layout: Layout, opened: Opened) -> Iterator[Row]:
    try:
        from pyarrow import ArrowException, parquet  # noqa: PLC0415 - an optional extra
    except ImportError:
        message = "reading Parquet needs pyarrow; pip install 'begleiter[parquet]', or export CSV"
        raise layout.lacking(path, 1, message) from None
    number = 0
    try:
        with opened(path) as raw:
            file = parquet.ParquetFile(raw)
            there = set(file.schema_arrow.names)
            layout.check(path, there)
            columns = [name for name in layout.columns if name in there]
            for batch in file.iter_batches(batch_size=BATCH, columns=columns):
                for record in batch.to_pylist():
                    number += 1
                    yield number, layout.values({name: _plain(value) for name, value in record.items()})
    except (ArrowException, OSError):
        raise layout.lacking(path, number + 1, "not a whole Parquet file; is it cut off?") from None


def _plain(value: object) -> object:
    """A decimal, as warehouses hold prices and numbers, as the number that it is."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


BATCH = 8_192
FORMATS: Mapping[str, Callable[[Path, Layout, Opened], Iterator[Row]]] = {
    ".csv": _csv_rows,
    ".jsonl": _jsonl_rows,
    ".ndjson": _jsonl_rows,
    ".parquet": _parquet_rows,
}
