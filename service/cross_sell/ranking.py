"""A model's products ranked for what is there, and what of it speaks for each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.catalogue.product import Product
from service.cross_sell import reasons
from service.cross_sell.assortment import TOLD_FROM, Lines
from service.cross_sell.factors import Context, Floats, Positions
from service.cross_sell.scoring import attributes_in, context_of
from service.cross_sell.suggestions import Suggestion
from service.privacy.view import CrossSellView

Voice = tuple[int, float]
"""What of a basket speaks for a product: the row that adds most to its score, and how much all add together."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Scores of all rows for a context whose basket is not empty, -inf where nothing may be suggested.

    `telling` are the products that the context was made of.
    """

    lines: Lines
    context: Context
    telling: Sequence[Product]
    scores: Floats

    @property
    def used(self) -> tuple[str, ...]:
        """The consented attributes that the scores rest on."""
        return attributes_in(self.lines.artefact, self.context)

    def spoken_for(self, rows: Positions) -> Mapping[int, Voice]:
        """Of these rows, in order, those to whose score the products there add something, with what speaks for each."""
        shares = self.lines.artefact.blend.shares(self.context, rows)
        strengths, loudest = shares.sum(axis=0).tolist(), self.context.basket[shares.argmax(axis=0)].tolist()
        each = zip(rows.tolist(), loudest, strengths, strict=True)
        return {row: (partner, strength) for row, partner, strength in each if strength > 0}

    def suggestion(self, row: int, voice: Voice, locale: str) -> Suggestion:
        """The row's product and why: with which product it goes, by orders if enough can be told, else by the model."""
        artefact, (loudest, strength) = self.lines.artefact, voice
        product, partner = self.lines.product(row), self.lines.product(loudest)
        both = artefact.bought_together(loudest, row)
        if both < TOLD_FROM:
            return Suggestion(product, "similar_baskets", reasons.similar(partner, locale), strength)
        orders = artefact.popularity.item(loudest)
        because = reasons.bought_together(partner, both=both, orders=orders, locale=locale)
        return Suggestion(product, "bought_together", because, strength)


def ranked(lines: Lines, telling: Sequence[Product], view: CrossSellView, *, opening: bool = False) -> Ranked | None:
    """The ranking for these products and the view; None if the model knows none of them.

    `opening`: more is still to be laid into the basket, as on a product's page.
    """
    context = context_of(lines.artefact, (product.sku for product in telling), view, opening=opening)
    if len(context.basket) == 0:
        return None
    return Ranked(lines, context, telling, lines.artefact.blend.scores(context, lines.standing))
