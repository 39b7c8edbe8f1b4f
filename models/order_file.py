"""Order lines from a CSV file, for training without a database; every bad line is named."""

import csv
import gzip
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from models.lines import Line

NEEDED = ("order_id", "sku")
MOMENTS = ("ordered_at", "date")
MOST_COMPLAINTS = 20
ENDINGS = (".csv", ".csv.gz")


class OrderFileRefused(Exception):
    """The file cannot be read as order lines; the message names the places, `file:line`."""


def order_lines(path: Path) -> Iterator[Line]:
    """The lines of a CSV file (or .csv.gz) with columns order_id, sku, ordered_at (or date), and perhaps quantity.

    Other columns are not looked at: no line has a shopper. Moments are ISO 8601, UTC unless they say otherwise.

    Raises:
        OrderFileRefused: after the last line, naming the first 20 bad ones; at once if a column is missing, or for a
            file of another ending.
    """
    if not path.name.lower().endswith(ENDINGS):
        raise OrderFileRefused(f"{path.name} ends neither in .csv nor in .csv.gz")
    complaints: list[str] = []
    with closing(_opened(path)) as file:
        rows = csv.DictReader(file)
        moment = _check_columns(path, rows)
        for row in _each(path, rows):
            try:
                yield _line(row, moment, rows.line_num)
            except ValueError:
                complaints.append(f"{path.name}:{rows.line_num}")
    if complaints:
        listed = ", ".join(complaints[:MOST_COMPLAINTS])
        raise OrderFileRefused(
            f"{len(complaints)} lines lack an order_id or a sku, or their {moment} or quantity cannot be read: {listed}"
        )


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return TextIOWrapper(gzip.open(path), encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _each(path: Path, rows: "csv.DictReader[str]") -> Iterator[Mapping[str, str | None]]:
    try:
        yield from rows
    except (csv.Error, UnicodeDecodeError, EOFError):
        raise OrderFileRefused(f"{path.name}: what follows line {rows.line_num} is not CSV in UTF-8") from None


def _check_columns(path: Path, rows: "csv.DictReader[str]") -> str:
    try:
        there = set(rows.fieldnames or ())
    except (csv.Error, UnicodeDecodeError, EOFError):
        raise OrderFileRefused(f"{path.name}:1 is not CSV in UTF-8") from None
    moment = next((name for name in MOMENTS if name in there), None)
    if moment is None or not there.issuperset(NEEDED):
        raise OrderFileRefused(f"{path.name}:1 must name the columns order_id, sku and ordered_at")
    return moment


def _line(row: Mapping[str, str | None], moment: str, number: int) -> Line:
    order_id, sku = (row["order_id"] or "").strip(), (row["sku"] or "").strip()
    if not order_id or not sku:
        raise ValueError(number)
    ordered_at = datetime.fromisoformat((row[moment] or "").strip())
    if ordered_at.tzinfo is None:
        ordered_at = ordered_at.replace(tzinfo=UTC)
    return Line(None, sku, ordered_at, order_id, float(row.get("quantity") or 1))
