"""From which age somebody consents alone (Article 8 GDPR and the laws of its states); below it a guardian does.

Figures as the states have set them by the end of 2024; a shop whose country is not listed gets the regulation's own 16.
"""

from types import MappingProxyType
from typing import Literal

Acting = Literal["minor", "guardian"]
"""A minor may withdraw and not give; a guardian gives for one."""

WHERE_NOTHING_ELSE_IS_SET = 16
_OTHERS = {
    13: ("BE", "EE", "FI", "GB", "IS", "LV", "MT", "NO", "PT", "SE"),
    14: ("AT", "BG", "CY", "ES", "IT", "LT"),
    15: ("CZ", "DK", "FR", "GR", "SI"),
}
AGES = MappingProxyType({country: age for age, countries in _OTHERS.items() for country in countries})


class GuardianNeeded(Exception):
    """The shopper is too young to give consent alone in the shop's country; a guardian may give it for them."""

    def __init__(self) -> None:
        super().__init__("below the age of consent of the shop's country only a guardian may give; withdrawing is free")


def age_of_consent(country: str) -> int:
    """The age in years, by the country's two letters."""
    return AGES.get(country.upper(), WHERE_NOTHING_ELSE_IS_SET)


def acting(country: str, age: int | None, *, guardian: bool) -> Acting | None:
    """As whom somebody of this age acts; None for one who decides alone, and where the shop tells no age."""
    if guardian:
        return "guardian"
    return "minor" if age is not None and age < age_of_consent(country) else None
