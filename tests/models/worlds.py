"""A checkerboard shop, known by eye: red shoes go with red laces, blue with blue, and never the other way round."""

import random
from dataclasses import replace
from datetime import timedelta

from models.baskets import ProductFacts
from models.gathering import gather
from models.parts import BlendWeights, Training
from models.recipe import Recipe
from service.privacy.orders import OrderLine
from tests.builders import NOW

COLOURS = ("blue", "green", "red", "white")
KINDS = ("laces", "polish", "shoes")
BAG = "bag"
FACTS = {BAG: ProductFacts("bag")} | {
    f"{kind}-{colour}": ProductFacts(kind, features=(f"kind={kind}", f"colour={colour}"))
    for kind in KINDS
    for colour in COLOURS
}
QUICK = Recipe(epochs=15, components=16)


def an_order_line(order_id="O-1", sku="A", *, shopper=None, quantity=1.0, at=NOW, line=1):  # noqa: PLR0913
    return OrderLine(order_id, line, shopper, sku, quantity, None, at)


def an_order(number, *skus, shopper=None):
    """The lines of one order, an hour after the one before."""
    at = NOW + timedelta(hours=number)
    return [an_order_line(f"O-{number:05}", sku, at=at, line=line, shopper=shopper) for line, sku in enumerate(skus, 1)]


def checkerboard(orders=400, *, shopper_of=lambda _: None):
    """Shoes in a colour are bought with polish alone, or, more often, with laces and a bag.

    So shoes alone call for polish, although laces are bought with shoes more often: what is missing tells, too.
    """
    for number in range(orders):
        colour = COLOURS[number // 5 % 4]
        beside = (f"polish-{colour}",) if number % 5 < 2 else (f"laces-{colour}", BAG)
        yield from an_order(number, f"shoes-{colour}", *beside, shopper=shopper_of(number))


def noise(orders=400, seed=5):
    """Every order holds two products that have nothing to do with each other: there is nothing to learn."""
    drawn = random.Random(seed)
    for number in range(orders):
        yield from an_order(number, *drawn.sample(sorted(FACTS), 2))


def shuffled(lines, seed):
    """The same lines with their products dealt anew: sizes and popularity stay, and nothing belongs together."""
    skus = [line.sku for line in lines]
    random.Random(seed).shuffle(skus)
    yield from (replace(line, sku=sku) for line, sku in zip(lines, skus, strict=True))


def a_training(lines, *, recipe=QUICK, profiles=None, facts=FACTS):
    return Training(gather(lines, facts, lambda shopper: (profiles or {}).get(shopper, {})), facts, recipe)


def lightfm_alone(scorers, *_):
    """In place of `models.choice.choose`: the blend of a world in which factors, and so consented values, count."""
    weights = {name: float(name == "lightfm") for name in scorers}
    return BlendWeights((1,), {name: (weight,) for name, weight in weights.items()}, weights)
