"""The blend is never worse than its best part, and what does not help weighs nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.blending import choose, merit_of, opening_cases
from models.dataset import Case
from models.metrics import ranks
from service.cross_sell.blend import Blend, Popularity, Weighted
from service.cross_sell.factors import NONE, Context
from tests.models.worlds import a_training, checkerboard

PRODUCTS = 12
SOLD = np.ones(PRODUCTS, dtype=bool)


class Table:
    """Scores by the first product of the basket, as a test wants them."""

    def __init__(self, scores):
        self.table = np.array(scores, dtype=np.float32)

    @property
    def standing(self):
        return np.zeros_like(self.table[0])

    def scores(self, context):
        return self.table[context.basket[0]].copy()

    def heard(self, context, weight):
        return self.table[context.basket[0]] * weight

    def add_heard(self, scores, context, weight):
        scores += self.heard(context, weight)

    def shares(self, context, product):
        return self.table[context.basket, product]


def cases(random, count=60):
    rows = [random.choice(PRODUCTS, 3, replace=False) for _ in range(count)]
    return [Case(Context(np.sort(row[1:]), NONE), int(row[0])) for row in rows]


def merit(score, some):
    return float(merit_of(ranks(score, some, SOLD)).mean())


def blended(scorers, weights):
    return Blend.of(weights.sizes, tuple(Weighted(scorers[name], weights.by_scorer[name], 1.0) for name in scorers))


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_no_part_alone_finds_more_on_what_the_blend_was_chosen_by(seed):
    random = np.random.default_rng(seed)
    scorers = {name: Table(random.normal(size=(PRODUCTS, PRODUCTS))) for name in "abc"}
    some = cases(random)

    best = merit(blended(scorers, choose(scorers, some, SOLD, 1)).scores, some)

    assert all(best >= merit(scorer.scores, some) - 1e-6 for scorer in scorers.values())


def test_a_scorer_that_knows_everything_is_all_that_counts():
    random = np.random.default_rng(1)
    some = [Case(Context(np.array([row]), NONE), (row + 1) % PRODUCTS) for row in range(PRODUCTS)] * 5
    truth = np.roll(np.eye(PRODUCTS), 1, axis=1)
    scorers = {"noise": Table(random.normal(size=(PRODUCTS, PRODUCTS))), "truth": Table(truth)}

    weights = choose(scorers, some, SOLD, 1)

    assert weights.by_scorer["noise"] == (0.0,)
    assert weights.by_scorer["truth"][0] > 0


def test_weights_part_by_basket_size_where_that_pays():
    truth, lie = np.roll(np.eye(PRODUCTS), 1, axis=1), np.roll(np.eye(PRODUCTS), 2, axis=1)
    small = [Case(Context(np.array([row]), NONE), (row + 1) % PRODUCTS) for row in range(6)] * 50
    large = [Case(Context(np.array([row, 10, 11]), NONE), (row + 2) % PRODUCTS) for row in range(6)] * 50

    weights = choose({"small": Table(truth), "large": Table(lie)}, small + large, SOLD, 1)

    assert weights.sizes == (1, 2)
    assert weights.by_scorer["small"][0] > weights.by_scorer["large"][0]
    assert weights.by_scorer["large"][1] > weights.by_scorer["small"][1]


def test_a_basket_begins_with_each_of_its_products():
    begun, starts = opening_cases([Case(Context(np.array([1, 2]), NONE), 0), Case(Context(np.array([3]), NONE), 4)])

    assert [(case.context.basket.tolist(), case.target) for case in begun] == [([0], 1), ([0], 2), ([4], 3)]
    assert starts.tolist() == [0, 2]
    assert all(case.context.opening for case in begun)


def test_popularity_scores_alike_for_every_context():
    scorer, some = Popularity(np.arange(3, dtype=np.float32)), Context(np.array([1, 2]), NONE)
    blend = Blend.of((1,), (Weighted(scorer, (1.0,), 1.0),))

    assert scorer.scores(Context(NONE, NONE)).tolist() == [0, 1, 2]
    assert blend.scores(some).tolist() == scorer.scores(some).tolist() == [0, 1, 2]
    assert blend.shares(some, np.array([0])).tolist() == [[0], [0]]


@pytest.mark.parametrize(("count", "first"), [(0, 1.0), (1, 1.0), (2, 5.0), (9, 5.0)])
def test_the_class_of_a_basket_is_that_of_its_size(count, first):
    blend = Blend.of((1, 2), (Weighted(Popularity(np.ones(2, np.float32)), (1.0, 5.0), 7.0),))

    assert blend.scores(Context(np.arange(count), NONE))[0] == first
    assert blend.scores(Context(np.arange(count), NONE, opening=True))[0] == 7.0


def test_the_world_of_the_tests_has_baskets_of_two_and_three():
    assert {len(basket.skus) for basket in a_training(checkerboard(20)).gathered.baskets} == {2, 3}
