"""The shortlist: the best products left, with a computed reason for every answer."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from service.advice.compiled import Compiled
from service.advice.masks import Mask
from service.advice.narrowing import Situation, Weighed
from service.advice.phrase import Reason, Reasons
from service.advice.phrases import Phrases
from service.advice.questionnaire import POINTS
from service.advice.reply import Picked
from service.advice.state import Listed

Stands: TypeAlias = tuple[tuple[Reason, ...], tuple[Reason, ...], tuple[str, ...]]
"""What fits, what misses, what is not stated."""


def best(compiled: Compiled, here: Situation) -> list[int]:
    """Positions of the best variants of the best models, at most as many as the shortlist shows."""
    return compiled.ranking.best(here.left, points(here), compiled.questionnaire.show_at_most)


def described(compiled: Compiled, here: Situation, positions: Iterable[int], phrases: Phrases) -> tuple[Listed, ...]:
    """Products with what fits of the answers here, what does not, and what they do not state."""
    worded = [(each, phrases.reasons(each.judged.question.id, each.reply)) for each in here.weighed]
    cards = ((compiled.card(compiled.universe.rank_at(each), phrases.locale), 1 << each) for each in positions)
    return tuple([Listed(sku, json, *_stands(product, worded, phrases)) for (sku, json), product in cards])


def points(here: Situation) -> Iterator[tuple[Mask, int]]:
    """What adds to twice the utility: two for a product that fits, one for one that does not tell."""
    for each in here.weighed:
        question = each.judged.question
        if question.effect == "prefer":
            yield each.standing.fitting, POINTS[question.weight]
            yield each.standing.staying, POINTS[question.weight]


def _stands(product: Mask, worded: Iterable[tuple[Weighed, Reasons]], phrases: Phrases) -> Stands:
    fits: list[Reason] = []
    misses: list[Reason] = []
    unknown: dict[str, None] = {}
    for each, reasons in worded:
        if each.standing.fitting & product:
            fits.append(_fitting(each, product, phrases) if each.several else reasons.fits)
        elif each.standing.staying & product:
            unknown |= dict.fromkeys(_not_stated(each, product))
        else:
            misses.append(reasons.misses)
    return tuple(fits), tuple(misses), tuple(unknown)


def _fitting(weighed: Weighed, product: Mask, phrases: Phrases) -> Reason:
    """Of several options picked, those that the product fits."""
    options = weighed.judged.options
    held = [each for each in weighed.picked if options[each].fitting & product]
    return phrases.reasons(weighed.judged.question.id, Picked(tuple(held))).fits


def _not_stated(weighed: Weighed, product: Mask) -> Iterator[str]:
    """The attributes for want of which it cannot be told whether the product fits."""
    options, missing = weighed.judged.options, weighed.judged.missing
    for attribute in weighed.judged.attributes([each for each in weighed.picked if options[each].staying & product]):
        if missing[attribute] & product:
            yield attribute
