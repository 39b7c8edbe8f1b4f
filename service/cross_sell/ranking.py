"""A model's products ranked for what is there, and what of it speaks for each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.catalogue.product import Product
from service.cross_sell import reasons
from service.cross_sell.assortment import TOLD_FROM, Lines
from service.cross_sell.factors import Context, Floats
from service.cross_sell.scoring import attributes_in, context_of
from service.cross_sell.suggestions import Because, Kind
from service.privacy.view import CrossSellView


@dataclass(frozen=True, slots=True)
class Ranked:
    """Scores of all rows for a context whose basket is not empty; `telling` are the products that it was made of."""

    lines: Lines
    context: Context
    telling: Sequence[Product]
    scores: Floats

    @property
    def used(self) -> tuple[str, ...]:
        """The consented attributes that the scores rest on."""
        return attributes_in(self.lines.artefact, self.context)

    def strength(self, row: int) -> float:
        """How much the products there add to the row's score."""
        return float(self._shares(row).sum())

    def reason(self, row: int, locale: str) -> tuple[Kind, Because]:
        """With which product of the basket it goes, by orders if enough can be told, else by the model."""
        artefact = self.lines.artefact
        strongest = int(self.context.basket[np.argmax(self._shares(row))])
        partner, both = self.lines.product(strongest), artefact.bought_together(strongest, row)
        if partner is None:
            raise LookupError("what is in the basket is in the catalogue")
        if both < TOLD_FROM:
            return "similar_baskets", reasons.similar(partner, locale)
        orders = int(artefact.popularity[strongest])
        return "bought_together", reasons.bought_together(partner, both=both, orders=orders, locale=locale)

    def _shares(self, row: int) -> Floats:
        return self.lines.artefact.blend.shares(self.context, row)


def ranked(lines: Lines, telling: Sequence[Product], view: CrossSellView, *, opening: bool = False) -> Ranked | None:
    """The ranking for these products and the view; None if the model knows none of them.

    `opening`: more is still to be laid into the basket, as on a product's page.
    """
    context = context_of(lines.artefact, (product.sku for product in telling), view, opening=opening)
    if len(context.basket) == 0:
        return None
    return Ranked(lines, context, telling, lines.artefact.scores(context))
