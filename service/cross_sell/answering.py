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
    """One model over one catalogue. Nothing is remembered of anybody who lets cross-sell see anything."""

    def __init__(self, catalogue: Catalogue, rules: Companions, artefact: Artefact | None) -> None:
        self._assortment = Assortment.of(catalogue, rules, artefact)
        self._to_guests = lru_cache(ANSWERS_REMEMBERED)(self._to_guest)

    def answer(self, request: Request, view: CrossSellView, locale: str, at: datetime) -> Answer:
        """The suggestions for a request; equal input gives equal output."""
        if view.values or view.purchases:
            found = suggest(request, self._assortment, view, locale, at)
            return _answer(found.beside(self._unconsented(request, (), locale)) if found.used else found)
        return self._to_guests(request, view.withheld, locale)

    def _to_guest(self, request: Request, withheld: tuple[str, ...], locale: str) -> Answer:
        return _answer(self._unconsented(request, withheld, locale))

    def _unconsented(self, request: Request, withheld: tuple[str, ...], locale: str) -> Suggestions:
        nothing: CrossSellView = ConsentedView.nothing("cross_sell", withheld)
        return suggest(request, self._assortment, nothing, locale, None)


def remembered() -> Callable[[Catalogue, Companions, Artefact | None], Answering]:
    """`Answering`, of which the last two are kept: while a model is switched, requests still ask for the other."""
    return lru_cache(BOTH_WHILE_SWITCHING)(Answering)


def _answer(suggestions: Suggestions) -> Answer:
    return Answer(suggestions, orjson.dumps(suggestions.as_json()))
