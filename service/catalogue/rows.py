"""The products file as rows of cells, whatever its format; what a cell means is decided elsewhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from service.documents.problem import Place, shortened

Cell = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One product as written; a key that is absent or blank is not stated."""

    line: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file; `columns` where the format names them once, before the rows.

    `written_as` says what a column is called in the file, where it is not called so.
    """

    columns: tuple[str, ...] | None
    rows: Iterator[Row]
    written_as: Mapping[str, str] = field(default_factory=dict)


class Unreadable(Exception):
    """A whole file that cannot be read any further."""

    def __init__(self, at: Place, code: str, message: str) -> None:
        super().__init__(message)
        self.at, self.code, self.message = at, code, message


def cells_of(record: Mapping[str, object]) -> dict[str, Cell]:
    """A record of typed values as cells; an object under `name` becomes `name:de` and so on. Raises `ValueError`."""
    cells: dict[str, Cell] = {}
    for key, value in record.items():
        if key == "name" and isinstance(value, dict):
            cells |= {f"name:{locale}": _text_of("name", name) for locale, name in value.items()}
        elif isinstance(value, list):
            cells[key] = tuple(_text_of(key, one) for one in value if one is not None)
        else:
            cells[key] = _text_of(key, value)
    return cells


def _text_of(key: str, value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case dict() | list() | bytes():
            raise ValueError(f"'{shortened(str(key))}' must be a text, a number, true or false, or a plain list")
        case _:
            return str(value)
