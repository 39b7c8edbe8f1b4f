"""Suggestions for a basket: what the shop's rules demand first, then what the model ranks, else what is popular."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from service.catalogue.catalogue import Catalogue
from service.catalogue.companions import Companion, Companions
from service.catalogue.product import Product
from service.cross_sell import reasons
from service.cross_sell.artefact import Artefact
from service.cross_sell.factors import Context
from service.cross_sell.request import Request
from service.cross_sell.scoring import attributes_in, context_of, rank
from service.cross_sell.suggestions import Because, Degraded, Suggestion, Suggestions
from service.privacy.view import CrossSellView


@dataclass(frozen=True, slots=True)
class _Counter:
    """What may be laid on the counter for one basket; each product once."""

    catalogue: Catalogue
    basket: tuple[Product, ...]
    never: frozenset[str]
    taken: set[str] = field(default_factory=set)

    def offered(self, skus: Iterator[str]) -> Iterator[Product]:
        """The products among these that are sold, in stock, not sensitive and no substitute for what is there."""
        for sku in skus:
            if sku not in self.taken and sku in self.catalogue and self._allows(self.catalogue.find(sku)):
                self.taken.add(sku)
                yield self.catalogue.find(sku)

    def telling_skus(self) -> Iterator[str]:
        """What the model may look at: the basket without sensitive products."""
        return (product.sku for product in self.basket if not self._is_sensitive(product))

    def _allows(self, product: Product) -> bool:
        return product.available and product.category not in self.never and not self._is_sensitive(product)

    def _is_sensitive(self, product: Product) -> bool:
        category = self.catalogue.shop.categories.get(product.category)
        return category is None or category.sensitive


@dataclass(frozen=True, slots=True)
class _More:
    """What the model or the counts add to the must-haves."""

    found: tuple[Suggestion, ...] = ()
    used: tuple[str, ...] = ()
    degraded: Degraded | None = None


def suggest(  # noqa: PLR0913, PLR0917  everything a suggestion depends on, each by its own name
    request: Request,
    artefact: Artefact | None,
    catalogue: Catalogue,
    rules: Companions,
    view: CrossSellView,
    locale: str,
) -> Suggestions:
    """At most `request.limit` suggestions. Pure: the same input gives the same output, ties going by sku."""
    basket, unknown = _parted(request.basket, catalogue)
    never = artefact.never_with(product.category for product in basket) if artefact else frozenset[str]()
    counter = _Counter(catalogue, basket, never, {product.sku for product in basket})
    must_have = tuple(islice(_must_haves(counter, rules, locale), request.limit))
    more = _more(counter, artefact, view, locale, limit=request.limit - len(must_have))
    return Suggestions(
        found=(*must_have, *more.found),
        used=more.used,
        withheld=_withheld(artefact, view),
        version=artefact.version if artefact else None,
        degraded=more.degraded,
        unknown_skus=unknown,
        locale=locale,
        currency=catalogue.shop.currency,
    )


def _more(counter: _Counter, artefact: Artefact | None, view: CrossSellView, locale: str, *, limit: int) -> _More:
    if artefact is None:
        return _More(degraded="no_model")
    context = context_of(artefact, counter.telling_skus(), view)
    if len(context.basket) == 0:
        return _More(tuple(islice(_popular(counter, artefact, locale), limit)), degraded="popular_only")
    if limit == 0:
        return _More()
    return _More(tuple(islice(_by_model(counter, artefact, context, locale), limit)), attributes_in(artefact, context))


def _must_haves(counter: _Counter, rules: Companions, locale: str) -> Iterator[Suggestion]:
    for product in counter.basket:
        for companion in rules.of_product(product):
            sku = companion.product.sku
            if companion.rule.kind == "must_have" and sku not in counter.taken and not _is_met(companion, counter):
                counter.taken.add(sku)
                because = Because(companion.rule.because.get(locale), product.sku)
                yield Suggestion(companion.product, "must_have", because)


def _is_met(companion: Companion, counter: _Counter) -> bool:
    """Whether the basket already holds something that fulfils the rule, be it another product of the same kind."""
    bearer = counter.catalogue.find(companion.for_sku)
    return any(
        other.meets(companion.rule.products)
        and all(_overlap(bearer, other, attribute) for attribute in companion.rule.match)
        for other in counter.basket
        if other.sku != bearer.sku
    )


def _overlap(one: Product, other: Product, attribute: str) -> bool:
    value = one.value(attribute)
    return value is not None and other.is_any_of(attribute, value if isinstance(value, tuple) else (value,))


def _by_model(counter: _Counter, artefact: Artefact, context: Context, locale: str) -> Iterator[Suggestion]:
    for product in counter.offered(artefact.skus[position] for position in rank(artefact, context)):
        position = artefact.positions[product.sku]
        strongest = artefact.strongest(context, position)
        because = reasons.bought_together(
            counter.catalogue.find(artefact.skus[strongest]),
            both=artefact.bought_together(strongest, position),
            orders=int(artefact.popularity[strongest]),
            locale=locale,
        )
        yield Suggestion(product, "bought_together", because)


def _popular(counter: _Counter, artefact: Artefact, locale: str) -> Iterator[Suggestion]:
    for product in counter.offered(artefact.skus[position] for position in artefact.by_popularity):
        yield Suggestion(product, "popular", reasons.popular(locale))


def _parted(skus: Sequence[str], catalogue: Catalogue) -> tuple[tuple[Product, ...], tuple[str, ...]]:
    each = tuple(dict.fromkeys(skus))
    known = tuple(catalogue.find(sku) for sku in each if sku in catalogue)
    return known, tuple(sku for sku in each if sku not in catalogue)


def _withheld(artefact: Artefact | None, view: CrossSellView) -> tuple[str, ...]:
    usable = {trait.attribute for trait in artefact.traits} if artefact else set()
    return tuple(attribute for attribute in view.withheld if attribute in usable)
