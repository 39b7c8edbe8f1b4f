"""Ranking a model's products for one basket and one view, with numpy alone."""

from collections.abc import Iterable, Iterator

import numpy as np

from service.cross_sell.artefact import Artefact
from service.cross_sell.factors import Context, Floats, Positions
from service.privacy.view import CrossSellView

FIRST_LOOK = 64


def context_of(artefact: Artefact, basket: Iterable[str], view: CrossSellView) -> Context:
    """What the model knows of a basket and a view, each product once; the order of the basket does not matter."""
    rows = {artefact.positions[sku] for sku in basket if sku in artefact.positions}
    return Context(_ascending(rows), _ascending(_trait_rows(artefact, view)))


def attributes_in(artefact: Artefact, context: Context) -> tuple[str, ...]:
    """The consented attributes that a context rests on, sorted."""
    return tuple(sorted({artefact.traits[row].attribute for row in context.traits}))


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


def _trait_rows(artefact: Artefact, view: CrossSellView) -> Iterator[int]:
    for row, trait in enumerate(artefact.traits):
        consented = view.values.get(trait.attribute)
        if consented is not None and trait.covers(consented.value):
            yield row


def _ascending(rows: Iterable[int]) -> Positions:
    return np.array(sorted(rows), dtype=np.intp)
