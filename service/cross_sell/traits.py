"""Attribute values that a model knows factors for: the rows that a consented profile is folded in by."""

from dataclasses import dataclass

from service.cross_sell.told import Told

TraitValue = str | float | bool


@dataclass(frozen=True, slots=True, order=True)
class Equals:
    """The attribute has exactly this value; a boolean reads `yes` or `no`."""

    attribute: str
    value: str

    def covers(self, value: TraitValue) -> bool:
        """Whether a profile's value is the one meant."""
        return as_text(value) == self.value

    def as_json(self) -> dict[str, object]:
        """The manifest's form."""
        return {"attribute": self.attribute, "equals": self.value}


@dataclass(frozen=True, slots=True, order=True)
class Within:
    """The attribute is a number from `low` (included) to `high` (not included)."""

    attribute: str
    low: float
    high: float

    def covers(self, value: TraitValue) -> bool:
        """Whether a profile's value lies in the range; texts and booleans never do."""
        return isinstance(value, int | float) and not isinstance(value, bool) and self.low <= value < self.high

    def as_json(self) -> dict[str, object]:
        """The manifest's form."""
        return {"attribute": self.attribute, "low": self.low, "high": self.high}


Trait = Equals | Within


def as_text(value: TraitValue) -> str | None:
    """The value as `Equals` compares it; None for a number, which only `Within` covers."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case _:
            return None


def trait_from(told: Told) -> Trait:
    """The trait that a manifest's entry names; raises `ArtefactRefused`."""
    if "equals" in told.fields:
        return Equals(told.text("attribute"), told.text("equals"))
    return Within(told.text("attribute"), told.number("low"), told.number("high"))
