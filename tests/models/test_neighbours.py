"""Scorers in closed form: what they are by definition, pruned to the strongest, and the same for the same orders."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from models import neighbours
from models.neighbours import DOUBT, conditional, ease
from service.cross_sell.factors import NONE, Context


def bought(*baskets, products=4):
    matrix = np.zeros((len(baskets), products), dtype=np.float32)
    for row, basket in enumerate(baskets):
        matrix[row, list(basket)] = 1
    return sparse.csr_matrix(matrix)


def dense(scorer):
    size = len(scorer.starts) - 1
    return np.stack([scorer.scores(Context(np.array([row]), NONE)) for row in range(size)])


def naive_ease(matrix, strength):
    inverse = np.linalg.inv(matrix.T @ matrix + strength * np.eye(matrix.shape[1]))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights


some_baskets = st.lists(st.sets(st.integers(0, 7), min_size=1, max_size=5), min_size=5, max_size=30)


@given(some_baskets, st.sampled_from([1.0, 20.0]))
@settings(max_examples=30, deadline=None)
def test_ease_is_what_its_paper_defines(baskets, strength):
    matrix = bought(*baskets, products=8)
    sold = np.flatnonzero(matrix.sum(axis=0).A1)
    wanted = np.zeros((8, 8))
    wanted[np.ix_(sold, sold)] = naive_ease(matrix.toarray()[:, sold].astype(float), strength)

    assert np.allclose(dense(ease(matrix, strength)), wanted, atol=2e-6)


@given(some_baskets)
@settings(max_examples=30, deadline=None)
def test_evened_baskets_weigh_one_by_their_size(baskets):
    matrix = bought(*baskets, products=8)
    lighter = sparse.csr_matrix(matrix.toarray() / np.sqrt(matrix.sum(axis=1).A1)[:, None])
    sold = np.flatnonzero(matrix.sum(axis=0).A1)
    wanted = naive_ease(lighter.toarray()[:, sold].astype(float), 5.0)

    assert np.allclose(dense(ease(matrix, 5.0, evened=True))[np.ix_(sold, sold)], wanted, atol=2e-6)


def test_a_conditional_probability_counts_orders_and_doubts_few():
    matrix = bought(*([{0, 1}] * 6), *([{0, 2}] * 2), {0}, {0, 1, 2})

    weights = dense(conditional(matrix))

    assert weights[0, 1] == pytest.approx(7 / (10 + DOUBT))
    assert weights[1, 0] == pytest.approx(7 / (7 + DOUBT))
    assert weights[0, 2] == pytest.approx(3 / (10 + DOUBT))
    assert weights[1, 2] == 0  # one order proves nothing


def test_pairs_alone_leave_larger_baskets_out():
    matrix = bought(*([{0, 1}] * 4), *([{0, 1, 2}] * 9))

    weights = dense(conditional(matrix, pairs_alone=True))

    assert weights[0, 1] == pytest.approx(4 / (4 + DOUBT))
    assert weights[0, 2] == 0


def test_only_the_strongest_neighbours_stay(monkeypatch):
    matrix = bought(*([{0, 1}] * 9), *([{0, 2}] * 6), *([{0, 3}] * 3), {1, 2, 3})
    everything = dense(conditional(matrix))
    monkeypatch.setattr(neighbours, "MOST_WEIGHTS", 8)  # two for each of four products

    pruned = dense(conditional(matrix))

    assert np.count_nonzero(pruned[0]) == 2
    assert pruned[0, [1, 2]] == pytest.approx(everything[0, [1, 2]])
    assert np.count_nonzero(dense(ease(matrix, 1.0))[0]) == 2


def test_only_the_most_sold_products_are_inverted(monkeypatch):
    monkeypatch.setattr(neighbours, "LARGEST_EASE", 2)

    weights = dense(ease(bought(*([{0, 1}] * 5), *([{2, 3}] * 4)), 1.0))

    assert weights[0, 1] > 0
    assert not weights[2:].any()


@given(some_baskets, st.data())
@settings(max_examples=30, deadline=None)
def test_shares_add_up_to_the_score(baskets, data):
    scorer = ease(bought(*baskets, products=8), 5.0)
    basket = np.array(sorted(data.draw(st.sets(st.integers(0, 7), min_size=1, max_size=4))))
    context = Context(basket, NONE)

    shares = scorer.shares(context, np.arange(8))

    assert shares.sum(axis=0) == pytest.approx(scorer.scores(context), abs=1e-5)
