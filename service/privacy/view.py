"""What a shopper lets one purpose see: the only form in which profile values reach advice and cross-sell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Generic, Literal, TypeAlias, TypeVar

from service.privacy.subject import Marked, ShopperId

__all__ = ["AdviceView", "ConsentedValue", "ConsentedView", "CrossSellView", "Marked", "Purchase", "ShopperId"]

PurposeT = TypeVar("PurposeT", bound=str)


@dataclass(frozen=True, slots=True)
class ConsentedValue:
    """One profile value that its subject released for the view's purpose, and the silo that it came from."""

    attribute: str
    value: str | float | bool
    source: str


@dataclass(frozen=True, slots=True)
class Purchase:
    """Something that the shopper bought, in the past and under consent."""

    sku: str
    at: datetime


@dataclass(frozen=True)
class ConsentedView(Generic[PurposeT]):
    """Consented values by attribute, and the attributes that the purpose could use but got no consent for.

    `withheld` comes from the register and the grants alone, sorted; it never tells whether a value exists.
    `purchases` are past orders, the latest first, where the purpose may read them.
    Outside tests only the gate builds one that holds values.
    """

    purpose: PurposeT
    values: Mapping[str, ConsentedValue]
    withheld: tuple[str, ...]
    purchases: tuple[Purchase, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    @classmethod
    def nothing(cls, purpose: PurposeT, withheld: tuple[str, ...] = ()) -> "ConsentedView[PurposeT]":
        """The view of a guest, of somebody who refused everything, and of every failure."""
        return cls(purpose, {}, withheld)


AdviceView: TypeAlias = ConsentedView[Literal["advice_profile"]]
CrossSellView: TypeAlias = ConsentedView[Literal["cross_sell"]]
