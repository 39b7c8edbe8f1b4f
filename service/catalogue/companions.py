"""Companions: what goes with a product by the shop's rule, like pedals with a bike that comes without."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product as every_combination
from types import MappingProxyType
from typing import Literal

from service.catalogue.attribute import Single
from service.catalogue.catalogue import Catalogue
from service.catalogue.product import Product
from service.documents.texts import Texts

Criteria = Mapping[str, tuple[Single, ...]]
_Agreement = tuple[Single, ...]
_ANYTHING: Criteria = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CompanionRule:
    """Products like `when` go with `products`, if both agree on every attribute in `match`.

    A rule speaks of no product outside `among`: what a questionnaire may show at all.
    """

    id: str
    when: Criteria
    products: Criteria
    match: tuple[str, ...]
    kind: Literal["must_have", "nice_to_have"]
    because: Texts
    among: Criteria = field(default_factory=lambda: _ANYTHING)

    def speaks_of(self, product: Product) -> bool:
        """Whether something must or may go with this product."""
        return product.meets(self.when) and product.meets(self.among)


@dataclass(frozen=True, slots=True)
class Companion:
    """A product that goes with another one, and by which rule."""

    product: Product
    rule: CompanionRule
    for_sku: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Companions:
    """Rules compiled against a catalogue, so that a product's companions are found by look-ups alone."""

    rules: tuple[CompanionRule, ...]
    catalogue: Catalogue
    _best: tuple[Mapping[_Agreement, tuple[int, ...]], ...]

    @classmethod
    def of(cls, rules: Iterable[CompanionRule], catalogue: Catalogue) -> "Companions":
        """The rules, each with its best candidates; unavailable and sensitive products never are candidates."""
        rules = tuple(rules)
        return cls(rules, catalogue, tuple(_best_by_agreement(rule, catalogue) for rule in rules))

    def of_product(self, product: Product) -> tuple[Companion, ...]:
        """At most one companion per rule, in the order of the rules: the cheapest that agrees, then by sku."""
        return tuple(
            Companion(self.catalogue.products[index], rule, product.sku)
            for rule, best in zip(self.rules, self._best, strict=True)
            if rule.speaks_of(product) and (index := self._cheapest(product, rule, best)) is not None
        )

    def _cheapest(
        self, product: Product, rule: CompanionRule, best: Mapping[_Agreement, tuple[int, ...]]
    ) -> int | None:
        candidates = (index for agreement in _agreements(product, rule.match) for index in best.get(agreement, ()))
        others = (index for index in candidates if self.catalogue.products[index].sku != product.sku)
        return min(others, default=None)


def companions_for(product: Product, rules: Iterable[CompanionRule], catalogue: Catalogue) -> tuple[Companion, ...]:
    """The product's companions, for once; whoever asks often keeps a `Companions`."""
    return Companions.of(rules, catalogue).of_product(product)


def _best_by_agreement(rule: CompanionRule, catalogue: Catalogue) -> Mapping[_Agreement, tuple[int, ...]]:
    """By agreed values the two cheapest candidates: one of them may be the product itself."""
    best: dict[_Agreement, tuple[int, ...]] = {}
    for index, candidate in enumerate(catalogue.products):
        if _may_accompany(candidate, rule, catalogue):
            for agreement in _agreements(candidate, rule.match):
                found = best.get(agreement, ())
                if len(found) < 2:  # noqa: PLR2004  the product itself and another one
                    best[agreement] = (*found, index)
    return MappingProxyType(best)


def _may_accompany(candidate: Product, rule: CompanionRule, catalogue: Catalogue) -> bool:
    category = catalogue.shop.categories.get(candidate.category)
    sensitive = category is not None and category.sensitive
    return candidate.available and not sensitive and candidate.meets(rule.products)


def _agreements(product: Product, match: Sequence[str]) -> Iterator[_Agreement]:
    """Every way in which another product can agree with this one; none if something is not stated."""
    stated = [product.value(attribute) for attribute in match]
    each = [value if isinstance(value, tuple) else () if value is None else (value,) for value in stated]
    return every_combination(*each)
