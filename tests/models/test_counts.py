"""Counts say only what enough orders bear out, and find what stands for what."""

import tracemalloc

import numpy as np
import pytest

from models.baskets import Basket, ProductFacts
from models.counts import AT_LEAST, never_together, pairs_of, popularity_of
from models.vocabulary import Vocabulary
from tests.builders import NOW


def orders(*contents):
    return [Basket(NOW, tuple(sorted(skus))) for count, skus in contents for _ in range(count)]


def test_popularity_counts_orders():
    baskets = orders((3, ["A"]), (2, ["A", "B"]))

    assert popularity_of(baskets, Vocabulary.of(baskets)).tolist() == [5, 2]


def test_a_pair_is_told_both_ways_from_ten_orders_on():
    baskets = orders((AT_LEAST, ["A", "C"]), (AT_LEAST - 1, ["A", "B"]))

    pairs = pairs_of(baskets, Vocabulary.of(baskets))

    assert pairs.starts.tolist() == [0, 1, 1, 2]
    assert pairs.products.tolist() == [2, 0]
    assert pairs.orders.tolist() == [AT_LEAST, AT_LEAST]


def test_orders_of_single_products_make_no_pairs():
    baskets = orders((50, ["A"]), (50, ["B"]))

    assert pairs_of(baskets, Vocabulary.of(baskets)).starts.tolist() == [0, 0, 0]


SHOP = {f"{kind}-{number}": ProductFacts(kind) for kind in ("gravel", "road", "tube", "wax") for number in range(3)}
KINDS = ("gravel", "road", "tube", "wax")


def test_nobody_buys_two_bikes_of_one_kind_or_of_two_that_are_bought_with_the_same():
    bikes = [(60, [f"{bike}-{n}", "tube-0", "tube-1"]) for bike in ("gravel", "road") for n in range(3)]

    apart = never_together(orders(*bikes, (60, ["wax-0", "wax-1"])), SHOP, KINDS)

    assert named(apart) == {("gravel", "gravel"), ("gravel", "road"), ("road", "road")}


def test_kinds_of_two_worlds_do_not_stand_for_each_other():
    worlds = [(60, ["road-0", "tube-0"]), (60, ["road-1", "tube-1"]), (120, ["gravel-0", "wax-0"])]

    apart = never_together(orders(*worlds), SHOP, KINDS)

    assert ("gravel", "road") not in named(apart)


def test_memory_grows_with_the_lines_and_not_with_orders_times_categories():
    facts = {f"{number:03}": ProductFacts(f"{number:03}") for number in range(100)}
    baskets = [Basket(NOW, (f"{number % 99:03}", "099")) for number in range(20_000)]

    tracemalloc.start()
    never_together(baskets, facts, tuple(facts))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 8_000_000, "a number for each order and category is 16 MB"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_handful_of_orders_proves_nothing(count):
    baskets = orders((count, ["road-0", "tube-0"]), (count, ["gravel-0", "tube-0"]), (1, ["wax-0"]))

    assert not never_together(baskets, SHOP, KINDS).any()


def test_standing_for_each_other_is_mutual():
    rng = np.random.default_rng(3)
    baskets = orders(*((1, rng.choice(list(SHOP), size=3, replace=False).tolist()) for _ in range(800)))

    apart = never_together(baskets, SHOP, KINDS)

    assert np.array_equal(apart, apart.T)


def named(apart):
    return {tuple(sorted((KINDS[a], KINDS[b]))) for a, b in zip(*np.nonzero(apart), strict=True)}
