"""What the shop's rules add to a basket, unless the basket or what is owned fulfils them already."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from service.catalogue.companions import Companion, CompanionRule
from service.catalogue.product import Product
from service.cross_sell.assortment import Assortment
from service.cross_sell.past import Past
from service.cross_sell.suggestions import Because, Suggestion


@dataclass(frozen=True, slots=True)
class ByRule:
    """The rules' word on one basket."""

    assortment: Assortment
    basket: Sequence[Product]
    past: Past
    locale: str

    def of_kind(self, kind: Literal["must_have", "nice_to_have"], taken: frozenset[str]) -> Iterator[Suggestion]:
        """Each companion once, in the order of the basket and then of the rules, with the rule's own reason."""
        seen = set(taken)
        for bearer in self.basket:
            for companion in self.assortment.rules.of_product(bearer):
                product, rule = companion.product, companion.rule
                if rule.kind == kind and product.sku not in seen and self._is_wanted(companion, bearer):
                    seen.add(product.sku)
                    yield Suggestion(product, kind, Because(rule.because.get(self.locale), bearer.sku))

    def _is_wanted(self, companion: Companion, bearer: Product) -> bool:
        rule = companion.rule
        is_met = any(_fulfils(other, bearer, rule) for other in self.basket if other.sku != bearer.sku)
        return (
            not is_met and not self._has_one_to_spare(bearer, rule) and self.assortment.may.suggest(companion.product)
        )

    def _has_one_to_spare(self, bearer: Product, rule: CompanionRule) -> bool:
        """Whether more is owned that would do than is owned that needs it: pedals without a bike of their own."""
        others = [product for product in self.past.products if product.sku != bearer.sku]
        would_do = sum(_fulfils(product, bearer, rule) for product in others)
        return would_do > sum(rule.speaks_of(product) for product in others)


def _fulfils(other: Product, bearer: Product, rule: CompanionRule) -> bool:
    return other.meets(rule.products) and all(_agree(bearer, other, attribute) for attribute in rule.match)


def _agree(one: Product, other: Product, attribute: str) -> bool:
    value = one.value(attribute)
    return value is not None and other.is_any_of(attribute, value if isinstance(value, tuple) else (value,))
