"""Reads tables of text, products.csv above all, row by row, and says where they are broken or cut off."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from service.catalogue.rows import Row, Table, Unreadable
from service.documents.problem import Complaints, Place

_UNFINISHED = "the last line is not finished by a line break; is the file cut off? If not, add the line break"


def csv_table(path: Path, complaints: Complaints) -> Table:
    """The file's header and rows; raises `Unreadable` at once or while the rows are taken."""
    rows = records(path, complaints)
    header = next(rows, None)
    if header is None:
        raise Unreadable(Place(str(path), 1, 1), "BG-S017", "the file is empty; write a header line and products")
    columns = tuple(name.strip() for name in header[1])
    return Table(columns, _rows(rows, columns, str(path), complaints))


def _rows(
    lines: Iterator[tuple[int, list[str]]], columns: tuple[str, ...], file: str, complaints: Complaints
) -> Iterator[Row]:
    for line, cells in lines:
        if len(cells) == len(columns):
            yield Row(line, dict(zip(columns, cells, strict=True)))
            continue
        broken_row(Place(file, line, 1), cells, columns, complaints)


def broken_row(at: Place, cells: Sequence[str], columns: Sequence[str], complaints: Complaints) -> None:
    """Complain about a row with too few or too many cells."""
    remedy = "is the file cut off?" if len(cells) < len(columns) else "put text with a separator in quotes"
    complaints.add(at, "BG-S015", f"the row has {len(cells)} cells, the header {len(columns)}; {remedy}")


def records(path: Path, complaints: Complaints, delimiter: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not blank, with the line on which it begins; without a delimiter, commas or semicolons."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            yield from _parsed(file, str(path), complaints, delimiter)
        except UnicodeDecodeError:
            raise _not_utf8(path) from None


def _parsed(file: TextIO, name: str, complaints: Complaints, delimiter: str | None) -> Iterator[tuple[int, list[str]]]:
    first = file.readline()
    file.seek(0)
    lines = _Lines(file)
    guessed = ";" if ";" in first and "," not in first else ","
    reader = csv.reader(lines, delimiter=delimiter or guessed, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            complaints.add(Place(name, begins, 1), "BG-S016", f"the row cannot be read: {_in_plain_words(error)}")
            continue
        if cells is None:
            return
        if not lines.finished:  # what was cut off may have been half a cell
            complaints.add(Place(name, begins, 1), "BG-S015", _UNFINISHED)
        elif any(cell.strip() for cell in cells):
            yield begins, cells


class _Lines:
    """The lines of a file; `finished` tells whether a line break ended the one taken last."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.finished = True

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._file)
        self.finished = line.endswith(("\n", "\r"))
        return line


def _in_plain_words(error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return "a quotation mark is opened and never closed; is the file cut off?"
    if "expected after" in str(error):
        return 'text goes on after a closing quotation mark; write "" for a quotation mark inside quotes'
    return f"{error}; look for a quotation mark that is never closed"


def _not_utf8(path: Path) -> Unreadable:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                place = Place(str(path), number, error.start + 1)
                return Unreadable(place, "BG-S011", "not UTF-8; save the file with the encoding UTF-8")
    return Unreadable(Place(str(path), 1, 1), "BG-S011", "not UTF-8; is the file cut off?")
