"""The outcome of cross-sell: suggestions, each with its kind and a true reason, and what they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from service.catalogue.product import Product

Kind = Literal["must_have", "bought_together", "popular"]
Degraded = Literal["no_model", "popular_only"]


@dataclass(frozen=True, slots=True)
class Because:
    """Why a product is suggested, in the wanted language, and the product of the basket that it goes with."""

    text: str
    sku: str | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One product to add to the basket."""

    product: Product
    kind: Kind
    because: Because


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Suggestions, best first. `used` and `withheld` name consented attributes, sorted; `degraded` what was missing."""

    found: Sequence[Suggestion]
    used: tuple[str, ...]
    withheld: tuple[str, ...]
    version: str | None
    degraded: Degraded | None
    unknown_skus: tuple[str, ...]
    locale: str
    currency: str

    def as_json(self) -> dict[str, object]:
        """The wire's form, of plain values."""
        return {
            "suggestions": [self._one(rank, suggestion) for rank, suggestion in enumerate(self.found, start=1)],
            "basis": {
                "used": [{"attribute": attribute, "purpose": "cross_sell"} for attribute in self.used],
                "not_used_without_consent": list(self.withheld),
            },
            "model": None if self.version is None else {"version": self.version},
            "degraded": self.degraded,
            "unknown_skus": list(self.unknown_skus),
        }

    def _one(self, rank: int, suggestion: Suggestion) -> dict[str, object]:
        product = suggestion.product
        return {
            "sku": product.sku,
            "name": product.name.get(self.locale),
            "price": product.price,
            "currency": self.currency,
            "url": product.url,
            "image": product.image,
            "rank": rank,
            "kind": suggestion.kind,
            "because": {"text": suggestion.because.text, "sku": suggestion.because.sku},
        }
