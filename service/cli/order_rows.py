"""Order lines in a CSV file: read one by one, each with everything that is wrong with it.

Codes: BG-O001 columns, O002 a value that is missing or not what its column holds, O003 an order line given twice.
"""

import csv
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from service.documents.problem import Complaints, Place, Problem, Refused
from service.privacy.orders import OrderLine
from service.privacy.subject import ShopperId

COLUMNS = ("order_id", "line", "shopper_ref", "sku", "quantity", "unit_price", "ordered_at")
LONGEST_TEXT = 200
MOST_COMPLAINTS = 100
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
A_MOMENT = "a time with its offset such as 2026-05-04T09:30:00Z"

Pseudonym = Callable[[str], ShopperId]
Row = tuple[int, Mapping[str, str]]


def order_problems(path: Path) -> tuple[Problem, ...]:
    """What is wrong with the file, up to a hundred complaints; reads it line by line."""
    complaints = Complaints()
    seen: set[tuple[str, str]] = set()
    for number, row in _rows(path):
        _complain(row, Place(path.name, number, 1), complaints)
        key = (row["order_id"], row["line"])
        if key in seen:
            complaints.add(Place(path.name, number, 1), "BG-O003", "this order has a line of that number already")
        seen.add(key)
        if len(complaints.found) >= MOST_COMPLAINTS:
            break
    return complaints.problems


def order_lines(path: Path, pseudonym: Pseudonym) -> Iterator[OrderLine]:
    """The lines of a file without problems; a blank shopper is an anonymous basket."""
    for _, row in _rows(path):
        yield OrderLine(
            order_id=row["order_id"],
            line=int(row["line"]),
            shopper=pseudonym(row["shopper_ref"]) if row["shopper_ref"] else None,
            sku=row["sku"],
            quantity=float(row["quantity"]),
            unit_price=float(row["unit_price"]) if row["unit_price"] else None,
            ordered_at=datetime.fromisoformat(row["ordered_at"]).astimezone(UTC),
        )


def shopper_refs(path: Path) -> Iterable[str]:
    """The shop's references of everybody in the file, each once."""
    return dict.fromkeys(row["shopper_ref"] for _, row in _rows(path) if row["shopper_ref"])


def _rows(path: Path) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            _check_columns(path, reader.fieldnames or ())
            for row in reader:
                yield reader.line_num, {name: (row[name] or "").strip() for name in COLUMNS}
    except UnicodeDecodeError:
        raise Refused([Problem(Place(path.name, 1, 1), "error", "BG-O001", "the file is not UTF-8 text")]) from None
    except csv.Error:
        message = "this is not a line of a CSV file; is a quote left open?"
        raise Refused([Problem(Place(path.name, reader.line_num, 1), "error", "BG-O001", message)]) from None


def _check_columns(path: Path, found: Iterable[str]) -> None:
    missing = [name for name in COLUMNS if name not in set(found)]
    if missing:
        message = f"the columns {', '.join(missing)} are missing; the first line must name {', '.join(COLUMNS)}"
        raise Refused([Problem(Place(path.name, 1, 1), "error", "BG-O001", message)])


def _complain(row: Mapping[str, str], at: Place, complaints: Complaints) -> None:
    wrong = [name for name, is_right in CHECKS.items() if not is_right(row[name])]
    for name in wrong:
        complaints.add(at, "BG-O002", f"{name}: {WANTED[name]} is expected")


def _is_text(text: str) -> bool:
    return 0 < len(text) <= LONGEST_TEXT and text.isprintable()


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:10]) > 0 and len(text) < 10  # noqa: PLR2004 - fits 32 bits


def _is_amount(text: str, *, least: float = 0.0) -> bool:
    try:
        return math.isfinite(float(text)) and float(text) >= least
    except ValueError:
        return False


def is_moment(text: str) -> bool:
    """Whether this is a sane time with its offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment.year < 2200 and moment >= EARLIEST  # noqa: PLR2004 - a sane end


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "order_id": _is_text,
    "line": _is_count,
    "shopper_ref": lambda text: not text or _is_text(text),
    "sku": _is_text,
    "quantity": lambda text: _is_amount(text) and float(text) > 0,
    "unit_price": lambda text: not text or _is_amount(text),
    "ordered_at": is_moment,
}
WANTED: Mapping[str, str] = {
    "order_id": "a text",
    "line": "a whole number from 1",
    "shopper_ref": "the shop's reference of the shopper, or nothing,",
    "sku": "a text",
    "quantity": "a number above 0",
    "unit_price": "a number from 0, or nothing,",
    "ordered_at": A_MOMENT,
}
