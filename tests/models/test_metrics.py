"""The figures are the ones that the words promise: known vectors, and a naive implementation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.dataset import Case
from models.metrics import by_counts, metrics_of, rank_of, ranks, standard_error
from service.cross_sell.factors import Context


def a_case(*basket, target):
    return Case(Context(np.array(basket, dtype=np.intp), np.empty(0, np.intp)), target)


def naive_rank(scores, basket, target):
    """Sort all candidates by falling score, then by position, and count down to the target."""
    candidates = [position for position in range(len(scores)) if position not in basket]
    return sorted(candidates, key=lambda position: (-scores[position], position)).index(target) + 1


@pytest.mark.parametrize(
    ("scores", "basket", "target", "rank"),
    [
        ([3.0, 2.0, 1.0], [], 0, 1),
        ([3.0, 2.0, 1.0], [], 2, 3),
        ([3.0, 2.0, 1.0], [0], 2, 2),
        ([3.0, 2.0, 1.0], [0, 1], 2, 1),
        ([1.0, 1.0, 1.0], [], 0, 1),
        ([1.0, 1.0, 1.0], [], 2, 3),
        ([1.0, 1.0, 1.0], [0], 2, 2),
    ],
)
def test_known_ranks(scores, basket, target, rank):
    assert rank_of(np.array(scores), a_case(*basket, target=target)) == rank


@given(st.data())
def test_ranks_agree_with_the_naive_ones(data):
    scores = data.draw(st.lists(st.sampled_from([0.0, 0.5, 1.0, -1.0]), min_size=1, max_size=30))
    target = data.draw(st.integers(0, len(scores) - 1))
    basket = data.draw(st.sets(st.integers(0, len(scores) - 1))) - {target}

    assert rank_of(np.array(scores), a_case(*sorted(basket), target=target)) == naive_rank(scores, basket, target)


def test_known_metrics():
    metrics = metrics_of(np.array([1, 2, 5, 6, 10, 11]))

    assert metrics.hit_5 == pytest.approx(3 / 6)
    assert metrics.hit_10 == pytest.approx(5 / 6)
    assert metrics.reciprocal_rank == pytest.approx((1 + 1 / 2 + 1 / 5 + 1 / 6 + 1 / 10 + 1 / 11) / 6)
    assert str(metrics) == "HR@5=0.500 HR@10=0.833 MRR=0.343"


def test_a_perfect_and_a_useless_ranking():
    assert (metrics_of(np.ones(9)).hit_5, metrics_of(np.ones(9)).reciprocal_rank) == (1.0, 1.0)
    assert metrics_of(np.full(9, 1000)).hit_10 == 0.0


def test_the_standard_error_is_that_of_a_mean():
    assert standard_error(np.array([0.0, 1.0] * 50)) == pytest.approx(math.sqrt(25 / 99) / 10)
    assert standard_error(np.array([1.0])) == 0.0


def test_popularity_ranks_alike_whatever_is_in_the_basket():
    cases = [a_case(0, target=2), a_case(1, target=2), a_case(0, 1, target=2)]

    assert ranks(by_counts(np.array([5, 9, 1])), cases).tolist() == [2, 2, 1]
