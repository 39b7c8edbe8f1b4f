"""Order lines in a file: read one by one, each with everything that is wrong with it.

Codes: BG-O001 the file or its columns, O002 a value that is missing or not what its column holds, O003 an order line
given twice.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import numpy as np

from service.cli.row_file import Layout, rows
from service.documents.problem import Complaints, Place, Problem
from service.documents.scalars import LARGEST
from service.privacy.orders import OrderLine
from service.privacy.profile import CLOCKS_MAY_DIFFER
from service.privacy.shoppers import A_REFERENCE, is_reference
from service.privacy.subject import ShopperId

COLUMNS = ("order_id", "line", "shopper_ref", "sku", "quantity", "unit_price", "ordered_at")
ORDERS = Layout(COLUMNS, frozenset({"shopper_ref", "unit_price"}), "BG-O001")
LONGEST_TEXT = 200
MOST_COMPLAINTS = 100
REMEMBERED = 65_536
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
A_MOMENT = "a time with its offset such as 2026-05-04T09:30:00Z"

Pseudonym = Callable[[str], ShopperId]
Tick = Callable[[], None]


def order_problems(path: Path, tick: Tick = lambda: None) -> tuple[Problem, ...]:
    """What is wrong with the file, up to a hundred complaints; reads it line by line and keeps 16 bytes of each."""
    complaints = Complaints()
    given = _Given()
    with complaints.to_the_end():
        for number, values in rows(path, ORDERS):
            tick()
            if values is None:
                message = "this is not a JSON object; each line holds one order line as {…}"
                complaints.add(Place(path.name, number, 1), "BG-O001", message)
            elif wrong := [
                name for name, value, is_right in zip(COLUMNS, values, RIGHT, strict=True) if not is_right(value)
            ]:
                for name in wrong:
                    complaints.add(Place(path.name, number, 1), "BG-O002", f"{name}: {WANTED[name]} is expected")
            else:
                given.add(number, values[0], int(values[1]))
            if len(complaints.found) >= MOST_COMPLAINTS:
                break
    for number in given.again()[: max(0, MOST_COMPLAINTS - len(complaints.found))]:
        complaints.add(Place(path.name, number, 1), "BG-O003", "this order has a line of that number already")
    return complaints.problems


def order_lines(path: Path, pseudonym: Pseudonym, tick: Tick = lambda: None) -> Iterator[OrderLine]:
    """The lines of a file without problems; a blank shopper is an anonymous basket."""
    named = lru_cache(REMEMBERED)(pseudonym)
    for _, values in rows(path, ORDERS):
        tick()
        if values is None:
            raise ValueError("the file has changed since it was checked")
        order_id, line, shopper, sku, quantity, price, ordered_at = values
        yield OrderLine(
            order_id=order_id,
            line=int(line),
            shopper=named(shopper) if shopper else None,
            sku=sku,
            quantity=float(quantity),
            unit_price=float(price) if price else None,
            ordered_at=datetime.fromisoformat(ordered_at).astimezone(UTC),
        )


class _Given:
    """Which order lines a file has given so far: a hash of each and where it stood, 16 bytes together."""

    def __init__(self) -> None:
        self._keys, self._numbers = array("q"), array("q")

    def add(self, number: int, order_id: str, line: int) -> None:
        self._keys.append(hash((order_id, line)))
        self._numbers.append(number)

    def again(self) -> list[int]:
        """The lines that give what an earlier line gave; of 64-bit hashes, two in ten million agree once in 300,000."""
        keys, numbers = np.frombuffer(self._keys, np.int64), np.frombuffer(self._numbers, np.int64)
        order = np.argsort(keys, kind="stable")
        repeated = order[1:][keys[order[1:]] == keys[order[:-1]]]
        return [int(number) for number in np.sort(numbers[repeated])]


def is_text(text: str) -> bool:
    """Whether this is a text on one line, and not too long."""
    return 0 < len(text) <= LONGEST_TEXT and text.isprintable()


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:10]) > 0 and len(text) < 10  # noqa: PLR2004 - fits 32 bits


def _is_amount(text: str, *, least: float = 0.0) -> bool:
    try:
        return "_" not in text and least <= float(text) <= LARGEST
    except ValueError:
        return False


def is_moment(text: str) -> bool:
    """Whether this is a sane time with its offset."""
    return _moment(text) is not None


def _is_over(text: str) -> bool:
    moment = _moment(text)
    return moment is not None and moment <= datetime.now(UTC) + CLOCKS_MAY_DIFFER


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    sane = moment.tzinfo is not None and moment.year < 2200 and moment >= EARLIEST  # noqa: PLR2004 - a sane end
    return moment if sane else None


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "order_id": is_text,
    "line": _is_count,
    "shopper_ref": lambda text: not text or is_reference(text),
    "sku": is_text,
    "quantity": lambda text: _is_amount(text) and float(text) > 0,
    "unit_price": lambda text: not text or _is_amount(text),
    "ordered_at": _is_over,
}
RIGHT = tuple(CHECKS[name] for name in COLUMNS)
WANTED: Mapping[str, str] = {
    "order_id": "a text",
    "line": "a whole number from 1",
    "shopper_ref": f"{A_REFERENCE}, or nothing,",
    "sku": "a text",
    "quantity": "a number above 0",
    "unit_price": "a number from 0, or nothing,",
    "ordered_at": f"{A_MOMENT}, which is over,",
}
