"""The shortlist: the products left, ranked by the preferences, with a computed reason for every answer.

The utility of a product is the sum over the answered preferences of the question's points (low 1, medium 2, high 4)
times 1 if the product fits, a half if it does not state what was asked for, 0 if it misses. Ties go to the lower price,
then the lower sku. Of the variants of one model the best one is shown.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from service.advice.compiled import Compiled
from service.advice.judged import Standing
from service.advice.narrowing import Situation, Weighed
from service.advice.phrases import Phrases
from service.advice.questionnaire import POINTS
from service.advice.reply import Picked, Reply
from service.advice.state import Listed, Reason
from service.catalogue.product import Product
from service.catalogue.sets import WORD, Words, unpacked

_ABOVE_ANY_RANK = 1 << 32
_TAKEN = np.iinfo(np.int64).min


def best(compiled: Compiled, here: Situation) -> list[int]:
    """Positions of the best variants of the best models, at most as many as the shortlist shows."""
    positions = np.flatnonzero(unpacked(here.live))
    keys = _keys(compiled, here, positions)
    found: list[int] = []
    for _ in range(min(compiled.questionnaire.show_at_most, here.remaining)):
        first = int(keys.argmax())
        found.append(int(positions[first]))
        _take_model(compiled, positions, keys, first)
    return found


def listed(compiled: Compiled, here: Situation, position: int, phrases: Phrases) -> Listed:
    """A product of the shortlist with what fits, what does not, and what it does not state."""
    rank = compiled.universe.rank_at(position)
    product = compiled.catalogue.products[rank]
    fits: list[Reason] = []
    misses: list[Reason] = []
    unknown: dict[str, None] = {}
    for each in here.weighed:
        if _holds(each.standing.fits, position):
            fits.append(phrases.reasons(each.question.id, _fitting(each, position)).fits)
        elif _holds(each.standing.kept, position):
            unknown |= dict.fromkeys(_not_stated(each, position, product))
        else:
            misses.append(phrases.reasons(each.question.id, each.reply).misses)
    json = compiled.catalogue.json_at(rank, phrases.locale)
    return Listed(product.sku, json, tuple(fits), tuple(misses), tuple(unknown))


def _keys(compiled: Compiled, here: Situation, positions: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number per position that sorts by utility, then by price and sku; the highest is best."""
    keys = -compiled.universe.ranks[positions].astype(np.int64)
    for each in here.weighed:
        if each.question.effect == "prefer":
            keys += _points(each.standing, positions) * (POINTS[each.question.weight] * _ABOVE_ANY_RANK)
    return keys


def _points(standing: Standing, positions: NDArray[np.int64]) -> NDArray[np.int64]:
    """Two for a product that fits, one for one that does not tell, none for one that misses."""
    points = unpacked(standing.fits).view(np.uint8) + unpacked(standing.kept).view(np.uint8)
    return points[positions].astype(np.int64)


def _take_model(compiled: Compiled, positions: NDArray[np.int64], keys: NDArray[np.int64], taken: int) -> None:
    """Mark all variants of a product's model as taken; they stand side by side."""
    models = compiled.universe.models
    model = models[positions[taken]]
    first = last = taken
    while first > 0 and models[positions[first - 1]] == model:
        first -= 1
    while last + 1 < positions.size and models[positions[last + 1]] == model:
        last += 1
    keys[first : last + 1] = _TAKEN


def _fitting(weighed: Weighed, position: int) -> Reply:
    """Of several options picked those that the product fits; any other reply as it is."""
    reply = weighed.reply
    if not isinstance(reply, Picked) or len(reply.options) == 1:
        return reply
    return Picked(_held(weighed.judged.fits, weighed, reply, position))


def _not_stated(weighed: Weighed, position: int, product: Product) -> Iterator[str]:
    """The attributes for want of which it cannot be told whether the product fits."""
    reply, kept = weighed.reply, weighed.judged.kept
    options = _held(kept, weighed, reply, position) if isinstance(reply, Picked) else ()
    for attribute in weighed.judged.attributes(options):
        if product.value(attribute) is None:
            yield attribute


def _held(rows: Words, weighed: Weighed, picked: Picked, position: int) -> tuple[str, ...]:
    """The picked options whose row holds the position."""
    offered = zip(rows, weighed.question.options, strict=True)
    return tuple(option.id for row, option in offered if option.id in picked.options and _holds(row, position))


def _holds(words: Words, position: int) -> int:
    return int(words[position // WORD]) >> position % WORD & 1
