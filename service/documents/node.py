"""What a YAML file says: text, lists and mappings, each with its place."""

from collections import abc
from dataclasses import dataclass

from service.documents.problem import Place


@dataclass(frozen=True, slots=True)
class Scalar:
    """A piece of text as written: `no`, `1.0` and dates stay text until a schema types them.

    `cut_at` is where a comment begins on the line on which unquoted text ends: what follows it is lost.
    """

    place: Place
    text: str
    quoted: bool = False
    cut_at: Place | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing was written: ``key:`` with no value."""
        return not self.text and not self.quoted


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    place: Place
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and what stands under them, in the order of the file."""

    place: Place
    entries: abc.Mapping[str, "Node"]
    key_places: abc.Mapping[str, Place]


Node = Scalar | Sequence | Mapping
