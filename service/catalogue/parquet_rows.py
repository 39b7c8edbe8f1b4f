"""Reads products.parquet, if pyarrow is installed; complaints name the row instead of a line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from service.catalogue.rows import Row, Table, Unreadable, cells_of
from service.documents.problem import Complaints, Place


def parquet_table(path: Path, complaints: Complaints) -> Table:
    """The file's columns and rows; raises `Unreadable` at once or while the rows are taken."""
    top = Place(str(path), 1, 1)
    try:
        from pyarrow import ArrowException, parquet  # noqa: PLC0415  an optional extra: most shops never install it
    except ImportError:
        raise Unreadable(
            top, "BG-S018", "reading Parquet needs pyarrow; pip install 'begleiter[parquet]', or export CSV"
        ) from None
    broken = (ArrowException, OSError, UnicodeDecodeError)
    try:
        file = parquet.ParquetFile(path)
    except broken:
        raise _cut_off(top) from None
    return Table(tuple(file.schema_arrow.names), _rows(file, str(path), broken, complaints))


def _rows(file: Any, name: str, broken: tuple[type[Exception], ...], complaints: Complaints) -> Iterator[Row]:  # noqa: ANN401  pyarrow ships no types
    number = 0
    try:
        for batch in file.iter_batches():
            for number, record in enumerate(batch.to_pylist(), start=number + 1):  # noqa: B020  rows go on across batches
                try:
                    yield Row(number, cells_of(record))
                except ValueError as error:
                    complaints.add(Place(name, number, 1), "BG-S016", str(error))
    except broken:
        raise _cut_off(Place(name, number + 1, 1)) from None


def _cut_off(at: Place) -> Unreadable:
    return Unreadable(at, "BG-S011", "not a whole Parquet file; is it cut off?")
