"""Suggestions as they are asked for: what guests ask again, as on a product's page, is answered from memory."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import orjson

from service.catalogue.catalogue import Catalogue
from service.catalogue.companions import Companions
from service.cross_sell.artefact import Artefact
from service.cross_sell.assortment import Assortment
from service.cross_sell.request import Request
from service.cross_sell.suggest import suggest
from service.cross_sell.suggestions import Suggestions
from service.privacy.view import ConsentedView, CrossSellView

BOTH_WHILE_SWITCHING = 2
ANSWERS_REMEMBERED = 1_024


@dataclass(frozen=True, slots=True)
class Answer:
    """Suggestions, and their JSON as the wire has it."""

    suggestions: Suggestions
    body: bytes


class Answering:
    """One model over one catalogue. Nothing is remembered of anybody who lets cross-sell see anything or blocks."""

    def __init__(self, catalogue: Catalogue, rules: Companions, artefact: Artefact | None) -> None:
        self._assortment = Assortment.of(catalogue, rules, artefact)
        self._to_guests = lru_cache(ANSWERS_REMEMBERED)(self._to_guest)

    def answer(
        self, request: Request, view: CrossSellView, locale: str, at: datetime, *, blocked: frozenset[str] = frozenset()
    ) -> Answer:
        """The suggestions for a request, none of a blocked category; equal input gives equal output."""
        if not (blocked or view.values or view.purchases):
            return self._to_guests(request, view.withheld, locale)
        assortment = self._assortment.without(blocked) if blocked else self._assortment
        found = suggest(request, assortment, view, locale, at)
        return _answer(found.beside(_unconsented(assortment, request, (), locale)) if found.used else found)

    def _to_guest(self, request: Request, withheld: tuple[str, ...], locale: str) -> Answer:
        return _answer(_unconsented(self._assortment, request, withheld, locale))


def remembered() -> Callable[[Catalogue, Companions, Artefact | None], Answering]:
    """`Answering`, of which the last two are kept: while a model is switched, requests still ask for the other."""
    return lru_cache(BOTH_WHILE_SWITCHING)(Answering)


def _unconsented(assortment: Assortment, request: Request, withheld: tuple[str, ...], locale: str) -> Suggestions:
    nothing: CrossSellView = ConsentedView.nothing("cross_sell", withheld)
    return suggest(request, assortment, nothing, locale, None)


def _answer(suggestions: Suggestions) -> Answer:
    return Answer(suggestions, orjson.dumps(suggestions.as_json()))
