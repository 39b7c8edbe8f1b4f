"""Suggestions for a basket: what the shop's rules demand first, then what the model ranks, else what is popular."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from service.catalogue.product import Product
from service.cross_sell import reasons
from service.cross_sell.assortment import Assortment, Lines
from service.cross_sell.by_rule import ByRule
from service.cross_sell.counter import Counter, skus_of
from service.cross_sell.past import Past
from service.cross_sell.ranking import Ranked, ranked
from service.cross_sell.request import Request
from service.cross_sell.scoring import ORDERS
from service.cross_sell.suggestions import Degraded, Known, Suggestion, Suggestions
from service.privacy.view import CrossSellView


def suggest(
    request: Request, assortment: Assortment, view: CrossSellView, locale: str, at: datetime | None
) -> Suggestions:
    """At most `request.limit` suggestions. Pure: the same input gives the same output, ties going by sku.

    The moment counts for past orders alone; without any it may be None.
    """
    basket, unknown = assortment.goods.parted(request.basket)
    past = Past.of(view, assortment.goods.catalogue, at)
    rules = ByRule(assortment, basket, past, locale)
    first = _first(request, rules)
    more = _ByModel(assortment, request, view, rules).after(first)
    found = [*first, *more.found]
    if len(found) < request.limit:
        found += islice(rules.of_kind("nice_to_have", _skus(found)), request.limit - len(found))
    return Suggestions(
        found=found,
        used=tuple(sorted({*more.used, *((ORDERS,) if past.products else ())})),
        withheld=_withheld(assortment.lines, view),
        version=assortment.lines.artefact.version if assortment.lines else None,
        degraded=more.degraded,
        unknown_skus=unknown,
        locale=locale,
        goods=assortment.goods,
        known=_known([product.sku for product in basket if assortment.may.hear(product)], unknown, assortment.lines),
    )


def _first(request: Request, rules: ByRule) -> list[Suggestion]:
    """What must be had, and beside it what may be used up, unless a product is only looked at."""
    kept = skus_of(rules.basket) | frozenset(rules.past.kept_back())
    demanded = list(islice(rules.of_kind("must_have", kept), request.limit))
    if request.occasion == "product" or not rules.past.products:
        return demanded
    taken = skus_of(rules.basket) | _skus(demanded)
    renewed = (
        Suggestion(due.product, "due_again", reasons.due(due, rules.locale))
        for due in rules.past.due()
        if due.product.sku not in taken and rules.assortment.may.suggest(due.product)
    )
    return [*demanded, *islice(renewed, min(request.limit - len(demanded), (request.limit + 1) // 2))]


@dataclass(frozen=True, slots=True)
class _More:
    """What the model adds, and which attributes that rests on."""

    found: Sequence[Suggestion] = ()
    used: tuple[str, ...] = ()
    degraded: Degraded | None = None


@dataclass(frozen=True, slots=True)
class _ByModel:
    """The model's word: what goes with the basket, else with past orders, else what is popular."""

    assortment: Assortment
    request: Request
    view: CrossSellView
    rules: ByRule

    def after(self, first: Sequence[Suggestion]) -> _More:
        """What is laid beside the first suggestions, up to the limit."""
        lines, limit = self.assortment.lines, self.request.limit - len(first)
        if lines is None:
            return _More(degraded="no_model")
        there = (*self.rules.basket, *(suggestion.product for suggestion in first))
        opening = self.request.occasion == "product"
        heard = ranked(lines, self._telling(self.rules.basket), self.view, opening=opening)
        if heard is not None:
            counter = self._counter(lines, there)
            return _More(self._spoken_for(counter, heard, limit), heard.used)
        heard = ranked(lines, self._telling(self.rules.past.products[:MOST_TELLING]), self.view)
        if heard is not None:
            counter = self._counter(lines, (*there, *heard.telling))
            return _More(self._spoken_for(counter, heard, limit), heard.used, "past_orders_only")
        counter = self._counter(lines, there)
        rows = counter.spread(counter.offered(lines.popularity(), self.request.limit).tolist(), self.request.limit)
        popular = (Suggestion(lines.product(row), "popular", reasons.popular(self.rules.locale)) for row in rows)
        return _More(list(islice(popular, limit)), degraded="popular_only")

    def _telling(self, products: Sequence[Product]) -> tuple[Product, ...]:
        return tuple(product for product in products if self.assortment.may.hear(product))

    def _counter(self, lines: Lines, there: Sequence[Product]) -> Counter:
        return Counter(lines, self.rules.basket, there, frozenset(self.rules.past.kept_back()))

    def _spoken_for(self, counter: Counter, heard: Ranked, limit: int) -> list[Suggestion]:
        """Only what something there speaks for: a list may be short, and holds no noise."""
        voices = heard.spoken_for(counter.offered(heard.scores, self.request.limit))
        rows = islice(counter.spread(voices, self.request.limit), limit)
        return [heard.suggestion(row, voices[row], self.rules.locale) for row in rows]


MOST_TELLING = 5
"""Past purchases that speak where the basket cannot: the latest."""


def _known(skus: Sequence[str], unknown: Sequence[str], lines: Lines | None) -> Known:
    if not skus and not unknown:
        return "empty"
    heard = sum(lines.artefact.was_bought(sku) for sku in skus) if lines else 0
    if heard == len(skus) + len(unknown):
        return "all"
    return "some" if heard else "none"


def _skus(suggestions: Sequence[Suggestion]) -> frozenset[str]:
    return skus_of(suggestion.product for suggestion in suggestions)


def _withheld(lines: Lines | None, view: CrossSellView) -> tuple[str, ...]:
    usable = lines.usable if lines else (ORDERS,)
    return tuple(attribute for attribute in view.withheld if attribute in usable)
