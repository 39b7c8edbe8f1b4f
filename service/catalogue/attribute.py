"""What a shop may state about a product: an attribute's name, kind, unit and label."""

from dataclasses import dataclass
from typing import Literal

from service.documents.scalars import boolean_of, number_of
from service.documents.texts import Texts

Kind = Literal["text", "many", "number", "boolean"]
Value = str | float | bool | tuple[str, ...]
Single = str | float | bool


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of the products; `many` means several words per product."""

    name: str
    kind: Kind
    unit: str | None
    label: Texts

    def typed(self, text: str) -> Single | None:
        """The one value that a text in a file stands for (for `many`: one of its words); None if it is none."""
        match self.kind:
            case "number":
                return number_of(text)
            case "boolean":
                return boolean_of(text)
            case _:
                return text or None
