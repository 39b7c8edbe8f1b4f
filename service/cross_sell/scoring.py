"""Ranking a model's products for one basket and one view, with numpy alone."""

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from service.cross_sell.artefact import Artefact
from service.cross_sell.factors import NONE, Context, Floats, Positions
from service.privacy.view import CrossSellView

ORDERS = "orders"
FIRST_LOOK = 64
MOST_PAST = 100  # products of past orders that count, the latest


def context_of(artefact: Artefact, basket: Iterable[str], view: CrossSellView, *, opening: bool = False) -> Context:
    """What the model knows of a basket and a view, each product once; the order of the basket does not matter.

    `opening`: more is still to be laid into the basket, as on a product's page.
    """
    return Context(
        basket=_rows(artefact, basket),
        traits=_ascending(_trait_rows(artefact, view)) if view.values else NONE,
        past=_rows(artefact, _bought(artefact, view)) if view.purchases and artefact.learns_from_past else NONE,
        opening=opening,
    )


def attributes_in(artefact: Artefact, context: Context) -> tuple[str, ...]:
    """The consented attributes that a context rests on, sorted; past orders are the attribute `orders`."""
    found = {artefact.traits[row].attribute for row in context.traits.tolist()}
    return tuple(sorted(found | {ORDERS} if len(context.past) else found))


def attributes_known(artefact: Artefact) -> frozenset[str]:
    """The attributes that the model could use, if they were consented to."""
    return frozenset(trait.attribute for trait in artefact.traits) | ({ORDERS} if artefact.learns_from_past else set())


def rank(artefact: Artefact, context: Context) -> Iterator[int]:
    """The positions of the products outside the context's basket, best first; equal scores go by sku."""
    scores = artefact.scores(context)
    scores[context.basket] = -np.inf
    return best_first(scores)


def best_first(scores: Floats) -> Iterator[int]:
    """Positions by falling score, ties by position, -inf left out; sorts no more than what is taken."""
    look, told = FIRST_LOOK, 0
    while True:
        best = _best(scores, look)
        yield from (int(position) for position in best[told:])
        if look >= len(scores):
            return
        look, told = look * 8, len(best)


def _best(scores: Floats, look: int) -> Positions:
    finite = scores > -np.inf
    if look < len(scores):
        finite &= scores >= np.partition(scores, -look)[-look]
    candidates = np.flatnonzero(finite)
    ordered: Positions = candidates[np.argsort(-scores[candidates], kind="stable")]
    return ordered


def _bought(artefact: Artefact, view: CrossSellView) -> Iterator[str]:
    known = (purchase.sku for purchase in view.purchases if purchase.sku in artefact.positions)
    return islice(dict.fromkeys(known), MOST_PAST)


def _trait_rows(artefact: Artefact, view: CrossSellView) -> Iterator[int]:
    for row, trait in enumerate(artefact.traits):
        consented = view.values.get(trait.attribute)
        if consented is not None and trait.covers(consented.value):
            yield row


def _rows(artefact: Artefact, skus: Iterable[str]) -> Positions:
    return _ascending({artefact.positions[sku] for sku in skus if sku in artefact.positions})


def _ascending(rows: Iterable[int]) -> Positions:
    ascending = sorted(rows)
    return np.array(ascending, dtype=np.intp) if ascending else NONE
