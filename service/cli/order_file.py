"""Rows of an orders file, streamed as texts: CSV, JSON Lines or Parquet, told by the file's ending."""

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from service.documents.problem import Place, Problem, Refused

COLUMNS = ("order_id", "line", "shopper_ref", "sku", "quantity", "unit_price", "ordered_at")
MAY_BE_MISSING = frozenset({"shopper_ref", "unit_price"})
UNREADABLE = "\0"
"""Stands for a value of a kind that no column holds; no check lets it pass."""

Row = tuple[int, tuple[str, ...] | None]
"""The line (of Parquet: the row) and the values in the order of `COLUMNS`; "" is a blank. None: it is no object."""


def order_rows(path: Path) -> Iterator[Row]:
    """Every row of the file; memory does not grow with it. Raises `Refused` where the file itself is broken."""
    return FORMATS.get(path.suffix.lower(), _csv_rows)(path)


def _csv_rows(path: Path) -> Iterator[Row]:
    number = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            places = _places(path, next(reader, []))
            width = max(places, default=0) + 1
            for cells in reader:
                number = reader.line_num
                if cells:
                    padded = cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))]
                    yield number, tuple([padded[place].strip() if place >= 0 else "" for place in places])
    except UnicodeDecodeError:
        raise _broken(path, number, "the file is not UTF-8 text") from None
    except csv.Error:
        raise _broken(path, number, "this is not a line of a CSV file; is a quote left open?") from None


def _places(path: Path, found: list[str]) -> tuple[int, ...]:
    names = [name.strip() for name in found]
    _check_columns(path, set(names))
    return tuple(names.index(name) if name in names else -1 for name in COLUMNS)


def _jsonl_rows(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            raw = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if raw.strip():
                yield number, _object(raw)


def _object(raw: bytes) -> tuple[str, ...] | None:
    try:
        record = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return _values(record) if isinstance(record, dict) else None


def _parquet_rows(path: Path) -> Iterator[Row]:
    try:
        from pyarrow import ArrowException, parquet  # noqa: PLC0415 - an optional extra
    except ImportError:
        message = "reading Parquet needs pyarrow; pip install 'begleiter[parquet]', or export CSV"
        raise _broken(path, 1, message) from None
    number = 0
    try:
        file = parquet.ParquetFile(path)
        there = set(file.schema_arrow.names)
        _check_columns(path, there)
        columns = [name for name in COLUMNS if name in there]
        for batch in file.iter_batches(batch_size=BATCH, columns=columns):
            for record in batch.to_pylist():
                number += 1
                yield number, _values(record)
    except (ArrowException, OSError):
        raise _broken(path, number + 1, "not a whole Parquet file; is it cut off?") from None


BATCH = 8_192


def _values(record: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple([_text(record.get(name)) for name in COLUMNS])


def _text(value: object) -> str:
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


def _check_columns(path: Path, found: set[str]) -> None:
    missing = [name for name in COLUMNS if name not in found and name not in MAY_BE_MISSING]
    if missing:
        named = f"the first line must name {', '.join(COLUMNS)}"
        raise _broken(path, 1, f"the columns {', '.join(missing)} are missing; {named}")


def _broken(path: Path, line: int, message: str) -> Refused:
    return Refused([Problem(Place(path.name, line, 1), "error", "BG-O001", message)])


FORMATS: Mapping[str, Callable[[Path], Iterator[Row]]] = {
    ".csv": _csv_rows,
    ".jsonl": _jsonl_rows,
    ".ndjson": _jsonl_rows,
    ".parquet": _parquet_rows,
}
