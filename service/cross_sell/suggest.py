"""Suggestions for a basket: what the shop's rules demand first, then what the model ranks, else what is popular."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from service.catalogue.catalogue import Catalogue
from service.catalogue.companions import Companions
from service.catalogue.product import Product
from service.cross_sell import reasons
from service.cross_sell.artefact import Artefact
from service.cross_sell.counter import Counter, is_sensitive
from service.cross_sell.factors import Context
from service.cross_sell.must_haves import must_haves
from service.cross_sell.request import Request
from service.cross_sell.scoring import attributes_in, context_of, rank
from service.cross_sell.suggestions import Degraded, Suggestion, Suggestions
from service.privacy.view import CrossSellView


@dataclass(frozen=True, slots=True)
class _More:
    """What the model or its counts add to the must-haves, and which attributes that rests on."""

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
    demanded = tuple(islice(must_haves(basket, rules, locale), request.limit))
    if artefact is None:
        more = _More(degraded="no_model")
    else:
        counter = Counter.beside((*basket, *(suggestion.product for suggestion in demanded)), artefact, catalogue)
        telling = [product.sku for product in basket if not is_sensitive(product, catalogue)]
        more = _more(counter, context_of(artefact, telling, view), locale, request.limit - len(demanded))
    return Suggestions(
        found=(*demanded, *more.found),
        used=more.used,
        withheld=_withheld(artefact, view),
        version=artefact.version if artefact else None,
        degraded=more.degraded,
        unknown_skus=unknown,
        locale=locale,
        currency=catalogue.shop.currency,
    )


def _more(counter: Counter, context: Context, locale: str, limit: int) -> _More:
    artefact = counter.artefact
    if len(context.basket) == 0:
        offered = counter.offered(artefact.by_popularity, limit)
        found = (Suggestion(product, "popular", reasons.popular(locale)) for product in islice(offered, limit))
        return _More(tuple(found), degraded="popular_only")
    if limit == 0:
        return _More()
    offered = counter.offered(rank(artefact, context), limit)
    found = (_bought_together(product, counter, context, locale) for product in islice(offered, limit))
    return _More(tuple(found), used=attributes_in(artefact, context))


def _bought_together(product: Product, counter: Counter, context: Context, locale: str) -> Suggestion:
    artefact = counter.artefact
    position = artefact.positions[product.sku]
    strongest = artefact.strongest(context, position)
    because = reasons.bought_together(
        counter.catalogue.find(artefact.skus[strongest]),
        both=artefact.bought_together(strongest, position),
        orders=int(artefact.popularity[strongest]),
        locale=locale,
    )
    return Suggestion(product, "bought_together", because)


def _parted(skus: Sequence[str], catalogue: Catalogue) -> tuple[tuple[Product, ...], tuple[str, ...]]:
    each = tuple(dict.fromkeys(skus))
    known = tuple(catalogue.find(sku) for sku in each if sku in catalogue)
    return known, tuple(sku for sku in each if sku not in catalogue)


def _withheld(artefact: Artefact | None, view: CrossSellView) -> tuple[str, ...]:
    usable = {trait.attribute for trait in artefact.traits} if artefact else set()
    return tuple(attribute for attribute in view.withheld if attribute in usable)
