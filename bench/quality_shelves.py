"""What a shopper sees beside one bike: whether any accessory of the basket is among the first, and no second bike."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bench.quality_data import World
from models.baskets import Basket
from models.parts import Parts
from service.cross_sell.artefact import Artefact
from service.cross_sell.blend import Scorer
from service.cross_sell.factors import NONE, Context, Floats
from service.cross_sell.scoring import best_first

TOP = 5


def whole_baskets(world: World, baskets: Sequence[Basket], artefact: Artefact, parts: Parts) -> Iterator[str]:
    """BIKE: of baskets with one bike and accessories, how many have one of these among the first five beside it."""
    positions, sold = artefact.positions, parts.vocabulary.sold
    asked = []
    for basket in baskets:
        bikes = [positions[sku] for sku in basket.skus if sku in world.bikes and sku in positions]
        others = {positions[sku] for sku in basket.skus if sku not in world.bikes and sku in positions}
        if len(bikes) == 1 and sold[bikes[0]] and others:
            asked.append((bikes[0], others))
    scorers: dict[str, Scorer | Artefact] = {"begleiter": artefact, **parts.scorers}
    for name, scorer in scorers.items():
        tops = {bike: _top(scorer.scores(_beside(bike)), bike, sold) for bike, _ in asked}
        hits = np.array([_first(tops[bike], others) for bike, others in asked])
        figures = (np.mean(hits <= TOP), np.mean(hits <= 2 * TOP), np.mean(1 / hits))
        yield "{} BIKE HR@5={:.3f} HR@10={:.3f} MRR={:.3f}".format(name, *figures)


def substitute_leak(world: World, artefact: Artefact) -> str:
    """How many of the first five beside each bike are bikes, before the service masks them."""
    bikes = [artefact.positions[sku] for sku in sorted(world.bikes) if sku in artefact.positions]
    rows = {artefact.positions[sku] for sku in world.bikes if sku in artefact.positions}
    everything = np.ones(len(artefact.skus), dtype=bool)
    leaks = sum(len(rows.intersection(_top(artefact.scores(_beside(bike)), bike, everything)[:TOP])) for bike in bikes)
    return f"# substitute leak: {leaks} of {TOP * len(bikes)} products in the top 5 of {len(bikes)} bikes are bikes"


def _first(top: Sequence[int], others: set[int]) -> float:
    return next((float(rank) for rank, row in enumerate(top, 1) if row in others), np.inf)


def _beside(product: int) -> Context:
    return Context(np.array([product]), NONE, opening=True)


def _top(scores: Floats, product: int, sold: NDArray[np.bool_]) -> list[int]:
    allowed = sold & (np.arange(len(scores)) != product)
    ranked = best_first(np.where(allowed, scores, np.float32(-np.inf)))
    return [row for row, _ in zip(ranked, range(2 * TOP), strict=False)]
