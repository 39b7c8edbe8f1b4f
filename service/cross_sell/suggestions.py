"""The outcome of cross-sell: suggestions, each with its kind and a true reason, and what they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import orjson

from service.catalogue.product import Product
from service.cross_sell.goods import Goods

Kind = Literal["must_have", "due_again", "bought_together", "similar_baskets", "nice_to_have", "popular"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Known = Literal["all", "some", "none", "empty"]
Degraded = Literal["past_orders_only", "popular_only", "no_model"]
DEGRADED: tuple[Degraded, ...] = get_args(Degraded)


@dataclass(frozen=True, slots=True)
class Because:
    """Why a product is suggested, in the wanted language, and the product of the basket that it goes with."""

    text: str
    sku: str | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One product to add to the basket. `strength`: how much the basket adds to its score, if the model ranked it."""

    product: Product
    kind: Kind
    because: Because
    strength: float | None = None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Suggestions, best first. `used` and `withheld` name consented attributes, sorted; `degraded` what was missing.

    `known`: how much of the basket was bought in the orders that the model learnt from; sensitive products are not
    counted. `without`: the skus that the same request gets where nothing is consented to; None if nothing that was
    consented to was used.
    """

    found: Sequence[Suggestion]
    used: tuple[str, ...]
    withheld: tuple[str, ...]
    version: str | None
    degraded: Degraded | None
    unknown_skus: tuple[str, ...]
    locale: str
    goods: Goods
    known: Known = "empty"
    without: tuple[str, ...] | None = None

    def beside(self, unconsented: "Suggestions") -> "Suggestions":
        """The same, with what would be suggested without anything that was used of the shopper."""
        return replace(self, without=tuple(each.product.sku for each in unconsented.found))

    def as_json(self) -> dict[str, object]:
        """The wire's form, of plain values."""
        return {
            "suggestions": [self._one(rank, suggestion) for rank, suggestion in enumerate(self.found, start=1)],
            "basis": {
                "used": [{"attribute": attribute, "purpose": "cross_sell"} for attribute in self.used],
                "not_used_without_consent": list(self.withheld),
            },
            "without_consent": None if self.without is None else list(self.without),
            "model": None if self.version is None else {"version": self.version},
            "degraded": self.degraded,
            "unknown_skus": list(self.unknown_skus),
        }

    def _one(self, rank: int, suggestion: Suggestion) -> orjson.Fragment:
        because = {"text": suggestion.because.text, "sku": suggestion.because.sku}
        more = orjson.dumps({"rank": rank, "kind": suggestion.kind, "because": because})
        product = self.goods.json(suggestion.product.sku, self.locale)
        return orjson.Fragment(b"".join((product[:-1], b",", more[1:])))
