"""What a model met in the latest orders, as the service would have counted it: the yardstick for drift."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.baskets import Basket, ProductFacts
from models.judge import split
from models.parts import BlendWeights, Parts
from service.cross_sell.best import best
from service.cross_sell.blend import Blend
from service.cross_sell.drift import STRENGTHS, Met, Reference
from service.cross_sell.factors import NONE, Context, Floats, Positions
from service.cross_sell.request import Occasion

MOST = 2_000  # contexts of an occasion
SHOWN, LOOKED_AT = 5, 40  # as the service does for a list of five
T = TypeVar("T")


def reference_of(
    parts: Parts, weights: BlendWeights, baskets: Sequence[Basket], closed_to: "ClosedTo"
) -> Reference | None:
    """By occasion, what guests would have met in the latest fifth of these baskets; None if there is no such fifth.

    A product's page shows one product; a basket is an order without one of its products; after a purchase it is whole.
    Unknown is what nobody bought in the four fifths before.
    """
    earlier, later = split(baskets)
    if not earlier or not later:
        return None
    bought = {sku for basket in earlier for sku in basket.skus}
    new = np.array([sku not in bought for sku in parts.vocabulary.skus], np.bool_)
    orders = [parts.vocabulary.rows(basket.skus) for basket in _some(later)]
    asked: dict[Occasion, list[Context]] = {
        "product": [Context(rows[[at]], NONE, opening=True) for rows in orders for at in range(len(rows))],
        "basket": [Context(np.delete(rows, at), NONE) for rows in orders if len(rows) > 1 for at in range(len(rows))],
        "after_purchase": [Context(rows, NONE) for rows in orders],
    }
    blend = parts.blended(weights)
    return Reference(
        since=later[0].ordered_at.date().isoformat(),
        until=later[-1].ordered_at.date().isoformat(),
        met={occasion: _met(_some(contexts), blend, closed_to, new) for occasion, contexts in asked.items()},
    )


class ClosedTo:
    """What the service would not show beside a basket: what is in it, what nobody bought yet, and substitutes."""

    def __init__(self, parts: Parts, facts: Mapping[str, ProductFacts], never: NDArray[np.bool_]) -> None:
        """`never` (categories, categories): those whose products stand for each other, categories ascending."""
        skus = parts.vocabulary.skus
        categories = sorted({facts[sku].category for sku in skus})
        self._category = np.array([categories.index(facts[sku].category) for sku in skus], np.intp)
        self._never = never
        self._unsold = ~parts.vocabulary.sold

    def __call__(self, basket: Positions) -> NDArray[np.bool_]:
        """By product."""
        apart: NDArray[np.bool_] = np.logical_or.reduce(self._never[self._category[basket]], axis=0)
        closed: NDArray[np.bool_] = apart[self._category] | self._unsold
        closed[basket] = True
        return closed


def _met(contexts: Sequence[Context], blend: Blend, closed_to: ClosedTo, new: NDArray[np.bool_]) -> Met:
    strengths = [found for context in contexts if (found := _strength(context, blend, closed_to)) is not None]
    buckets = np.searchsorted(STRENGTHS, strengths)
    counts = np.bincount(buckets, minlength=len(STRENGTHS) + 1)
    unknown = sum(bool(new[context.basket].any()) for context in contexts)
    return Met(len(contexts), unknown, tuple(counts.tolist()))


def _strength(context: Context, blend: Blend, closed_to: ClosedTo) -> float | None:
    """How strongly the basket speaks for the strongest of what would be shown; None if for nothing."""
    scores: Floats = np.where(closed_to(context.basket), np.float32(-np.inf), blend.scores(context))
    strengths = blend.shares(context, best(scores, LOOKED_AT)).sum(axis=0)
    shown = strengths[strengths > 0][:SHOWN]
    return float(shown.max()) if len(shown) else None


def _some(items: Sequence[T]) -> Sequence[T]:
    return items[:: max(1, -(-len(items) // MOST))]
