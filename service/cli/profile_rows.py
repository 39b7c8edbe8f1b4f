"""Profile values in a file: read one by one, each with everything that is wrong with it.

Codes: BG-V001 the file or its columns, V002 something that is missing or not what its column holds. What a file may say
and the register or a shopper does not allow is no complaint: it is refused and counted, value by value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from service.cli.order_rows import A_MOMENT, MOST_COMPLAINTS, REMEMBERED, Pseudonym, is_moment, is_text
from service.cli.row_file import Layout, Opened, Row, as_bytes, as_text, holds_texts_alone, rows
from service.documents.problem import Complaints, Place, Problem
from service.documents.scalars import boolean_of, number_of
from service.privacy.portable import NotACopy, copied_values
from service.privacy.profile import IncomingValue
from service.privacy.register import Register
from service.privacy.shoppers import A_REFERENCE, is_reference
from service.privacy.subject import ShopperId

COLUMNS = ("shopper_ref", "attribute", "value", "source", "source_ref", "collected_at")
LARGEST_EXACT = 2**53

Read = tuple[ShopperId, IncomingValue | None]
"""A shopper and the value that is told of them; None where the file does not say where it comes from."""


def _cell(value: object) -> object:
    return "" if value is None else value.strip() if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """A file of values. With a `source`, all of it comes from this silo; without one, each line names its own.

    With `copy_of` it is no such file but the copy that this shopper took along: read at once, it is one shopper's.
    """

    path: Path
    register: Register
    source: str | None = None
    copy_of: str | None = None

    def problems(self, opened: Opened = as_bytes) -> tuple[Problem, ...]:
        """What is wrong with the file, up to a hundred complaints; reads it line by line and keeps nothing of it."""
        complaints = Complaints()
        with complaints.to_the_end():
            for number, cells in self._rows(opened):
                at = Place(self.path.name, number, 1)
                if cells is None:
                    complaints.add(at, "BG-V001", "this is not a JSON object; each line holds one value as {…}")
                else:
                    for name in self._wrong(cells):
                        complaints.add(at, "BG-V002", f"{name}: {self._wanted(name)} is expected")
                if len(complaints.found) >= MOST_COMPLAINTS:
                    break
        return complaints.problems

    def values(self, pseudonym: Pseudonym, opened: Opened = as_bytes) -> Iterator[Read]:
        """The values of a file without problems."""
        named = lru_cache(REMEMBERED)(pseudonym)
        typed = self._typed if self.copy_of is None and holds_texts_alone(self.path) else _as_it_is
        for _, cells in self._rows(opened):
            if cells is None:
                raise ValueError("the file has changed since it was checked")
            ref, attribute, source, source_ref, collected_at = _texts(cells)
            source = source or self.source or ""
            subject, value = named(ref), typed(attribute, cells[2])
            if not (source and source_ref and collected_at):
                yield subject, None
            else:
                moment = datetime.fromisoformat(collected_at).astimezone(UTC)
                yield subject, IncomingValue(attribute, value, source, source_ref, moment)

    def _rows(self, opened: Opened) -> Iterator[Row]:
        layout = Layout(COLUMNS, frozenset() if self.source is None else frozenset({"source"}), "BG-V001", _cell)
        return rows(self.path, layout, opened) if self.copy_of is None else self._copied(layout, opened)

    def _copied(self, layout: Layout, opened: Opened) -> Iterator[Row]:
        """The values of a copy; where one of them stands in it is told by its number."""
        try:
            with opened(self.path) as file:
                copied = copied_values(file.read())
        except NotACopy as wrong:
            raise layout.lacking(self.path, 1, str(wrong)) from None
        for number, record in enumerate(copied, start=1):
            yield number, layout.values({"shopper_ref": self.copy_of, **record})

    def _wrong(self, cells: tuple[object, ...]) -> Iterator[str]:
        ref, attribute, source, _, collected_at = _texts(cells)
        right: Mapping[str, bool] = {
            "shopper_ref": is_reference(ref),
            "attribute": is_text(attribute),
            "value": cells[2] != "" and not isinstance(cells[2], list | dict),
            "source": not source or source == self.source or (self.source is None and is_text(source)),
            "collected_at": not collected_at or is_moment(collected_at),
        }
        return (name for name, is_right in right.items() if not is_right)

    def _wanted(self, name: str) -> str:
        return "nothing, or the source that the file is said to come from," if name == "source" else WANTED[name]

    def _typed(self, attribute: str, text: object) -> object:
        """A text as the attribute's kind has it; one that is none of that kind stays a text, and is refused as such."""
        declared = self.register.attributes.get(attribute)
        match declared and declared.kind:
            case "number":
                number = number_of(str(text))
                return text if number is None else _plain(number)
            case "boolean":
                found = boolean_of(str(text))
                return text if found is None else found
            case _:
                return text


def _as_it_is(_attribute: str, value: object) -> object:
    return value


def _texts(cells: tuple[object, ...]) -> tuple[str, str, str, str, str]:
    """All but the value."""
    ref, attribute, _, source, source_ref, collected_at = cells
    return as_text(ref), as_text(attribute), as_text(source), as_text(source_ref), as_text(collected_at)


def _plain(number: float) -> float:
    return int(number) if number.is_integer() and abs(number) < LARGEST_EXACT else number


WANTED: Mapping[str, str] = {
    "shopper_ref": f"{A_REFERENCE},",
    "attribute": "the name of an attribute",
    "value": "a text, a number or a truth value",
    "collected_at": f"nothing, or {A_MOMENT},",
}
