"""Reading JSON that somebody else wrote: every field typed, everything else refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from service.cross_sell.refusal import ArtefactRefused

LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Told:
    """One JSON object of a manifest and where it stands."""

    fields: Mapping[str, object]
    where: str = "manifest"

    @classmethod
    def of(cls, value: object, where: str) -> "Told":
        """The value as an object; raises `ArtefactRefused` if it is none."""
        if not isinstance(value, dict):
            raise ArtefactRefused(f"{where} is not an object")
        return cls(cast("dict[str, object]", value), where)

    def text(self, name: str) -> str:
        """A field that must be a string."""
        value = self._field(name)
        if not isinstance(value, str):
            raise self._wrong(name, "a text")
        return value

    def whole(self, name: str) -> int:
        """A field that must be a whole number, 0 or more, that databases and arrays hold."""
        value = self._field(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST:
            raise self._wrong(name, "a whole number from 0")
        return value

    def number(self, name: str) -> float:
        """A field that must be a number."""
        value = self._field(name)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self._wrong(name, "a number")
        try:
            return float(value)
        except OverflowError:
            raise self._wrong(name, "a number that a float holds") from None

    def several(self, name: str) -> list[object]:
        """A field that must be a list."""
        value = self._field(name)
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A field that must be a list of strings."""
        values = self.several(name)
        if not all(isinstance(value, str) for value in values):
            raise self._wrong(name, "a list of texts")
        return tuple(cast("list[str]", values))

    def numbers(self, name: str) -> tuple[float, ...]:
        """A field that must be a list of numbers."""
        values = self.several(name)
        return tuple(Told({name: value}, self.where).number(name) for value in values)

    def whole_numbers(self, name: str) -> tuple[int, ...]:
        """A field that must be a list of whole numbers, 0 or more."""
        values = self.several(name)
        return tuple(Told({name: value}, self.where).whole(name) for value in values)

    def inner(self, name: str) -> "Told":
        """A field that must be an object."""
        return Told.of(self._field(name), f"{self.where}, {name}")

    def objects(self, name: str) -> "tuple[Told, ...]":
        """A field that must be a list of objects."""
        return tuple(Told.of(value, f"{self.where}, {name}") for value in self.several(name))

    def _field(self, name: str) -> object:
        if name not in self.fields:
            raise ArtefactRefused(f"{self.where}: '{name}' is missing")
        return self.fields[name]

    def _wrong(self, name: str, wanted: str) -> ArtefactRefused:
        return ArtefactRefused(f"{self.where}: '{name}' is not {wanted}")
