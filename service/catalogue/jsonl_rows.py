"""Reads products.jsonl: one JSON object per line."""

from collections.abc import Iterator
from pathlib import Path

import orjson

from service.catalogue.rows import Row, Table, Unreadable, cells_of
from service.documents.problem import Complaints, Place


def jsonl_table(path: Path, complaints: Complaints) -> Table:
    """The file's objects; raises `Unreadable` while they are taken if there are none."""
    return Table(None, _rows(path, complaints))


def _rows(path: Path, complaints: Complaints) -> Iterator[Row]:
    number = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            raw = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if not raw.strip():
                continue
            try:
                yield Row(number, cells_of(_object(raw)))
            except ValueError as error:
                complaints.add(Place(str(path), number, 1), "BG-S016", str(error))
    if number == 0:
        raise Unreadable(Place(str(path), 1, 1), "BG-S017", "the file is empty; write one JSON object per product")


def _object(raw: bytes) -> dict[str, object]:
    try:
        record = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"not a whole JSON object ({error.msg}); is the file cut off?") from None
    if not isinstance(record, dict):
        raise ValueError("not a JSON object; write {…} on each line")  # noqa: TRY004  the row is malformed, not the call
    return record
