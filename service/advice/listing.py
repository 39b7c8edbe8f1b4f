"""The shortlist: the products left, ranked by the preferences, with a computed reason for every answer.

The utility of a product is the sum over the answered preferences of the question's points (low 1, medium 2, high 4)
times 1 if the product fits, a half if it does not state what was asked for, 0 if it misses. Ties go to the lower price,
then the lower sku. Of the variants of one model the best one is shown.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from service.advice.compiled import Compiled
from service.advice.judged import Standing
from service.advice.phrases import Phrases
from service.advice.questionnaire import POINTS
from service.advice.reply import NotSure, Picked, Reply
from service.advice.state import Listed, Reason
from service.catalogue.product import Product
from service.catalogue.sets import WORD, Words, unpacked

_ABOVE_ANY_RANK = 1 << 32
_TAKEN = np.iinfo(np.int64).min


def best(compiled: Compiled, counted: Mapping[str, Reply], live: Words) -> list[int]:
    """Positions of the best variants of the best models, at most as many as the shortlist shows."""
    positions = np.flatnonzero(unpacked(live))
    keys = _keys(compiled, counted, positions)
    found: list[int] = []
    for _ in range(min(compiled.questionnaire.show_at_most, positions.size)):
        first = int(keys.argmax())
        if keys[first] == _TAKEN:
            break
        found.append(int(positions[first]))
        _take_model(compiled, positions, keys, first)
    return found


def listed(compiled: Compiled, counted: Mapping[str, Reply], position: int, phrases: Phrases) -> Listed:
    """A product of the shortlist with what fits, what does not, and what it does not state."""
    rank = compiled.universe.rank_at(position)
    product = compiled.catalogue.products[rank]
    fits: list[Reason] = []
    misses: list[Reason] = []
    unknown: dict[str, None] = {}
    for question, reply in counted.items():
        if isinstance(reply, NotSure):
            continue
        standing = compiled.standing(question, reply)
        if _holds(standing.fits, position):
            fits.append(Reason(question, phrases.fits(question, _fitting(compiled, question, reply, position))))
        elif _holds(standing.kept, position):
            unknown |= dict.fromkeys(_not_stated(compiled, question, reply, position, product))
        else:
            misses.append(Reason(question, phrases.asked(question, reply)))
    json = compiled.catalogue.json_at(rank, phrases.locale)
    return Listed(product.sku, json, tuple(fits), tuple(misses), tuple(unknown))


def _keys(compiled: Compiled, counted: Mapping[str, Reply], positions: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number per position that sorts by utility, then by price and sku; the highest is best."""
    ranks = compiled.universe.ranks[positions].astype(np.int64)
    points = [
        _points(compiled.standing(question, reply), positions) * POINTS[compiled.by_id[question].question.weight]
        for question, reply in counted.items()
        if compiled.by_id[question].question.effect == "prefer" and not isinstance(reply, NotSure)
    ]
    if not points:
        return -ranks
    keys: NDArray[np.int64] = np.sum(points, axis=0, dtype=np.int64) * _ABOVE_ANY_RANK - ranks
    return keys


def _points(standing: Standing, positions: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Two for a product that fits, one for one that does not tell, none for one that misses."""
    return (unpacked(standing.fits).view(np.uint8) + unpacked(standing.kept).view(np.uint8))[positions]


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


def _fitting(compiled: Compiled, question: str, reply: Reply, position: int) -> Reply:
    """Of several options picked those that the product fits; any other reply as it is."""
    if not isinstance(reply, Picked) or len(reply.options) == 1:
        return reply
    rows = compiled.by_id[question].fits
    options = compiled.by_id[question].question.options
    return Picked(
        tuple(
            option.id
            for row, option in zip(rows, options, strict=True)
            if option.id in reply.options and _holds(row, position)
        )
    )


def _not_stated(compiled: Compiled, question: str, reply: Reply, position: int, product: Product) -> Iterator[str]:
    """The attributes for want of which it cannot be told whether the product fits."""
    judged = compiled.by_id[question]
    picked: tuple[str, ...] = ()
    if isinstance(reply, Picked):
        rows = zip(judged.kept, judged.question.options, strict=True)
        picked = tuple(option.id for row, option in rows if option.id in reply.options and _holds(row, position))
    for attribute in judged.attributes(picked):
        if product.value(attribute) is None:
            yield attribute


def _holds(words: Words, position: int) -> bool:
    return bool(int(words[position // WORD]) >> position % WORD & 1)
