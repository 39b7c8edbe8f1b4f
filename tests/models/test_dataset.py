"""Rows for LightFM: each item of a basket once, without itself, and with what consent leaves of its shopper."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.baskets import Basket
from models.dataset import cases_of, examples_of, features_of, orders_of
from models.fit import fit
from models.vocabulary import Vocabulary
from tests.builders import NOW
from tests.models.worlds import FACTS, QUICK, a_training, an_order, checkerboard

SKUS = "ABCDEF"
some_baskets = st.lists(
    st.builds(
        lambda skus, past: Basket(NOW, tuple(sorted(skus)), {}, tuple(sorted(past))),
        st.sets(st.sampled_from(SKUS), min_size=1, max_size=4),
        st.sets(st.sampled_from("AXY"), max_size=3),
    ),
    min_size=1,
    max_size=15,
)


@given(some_baskets)
@settings(max_examples=50, deadline=None)
def test_rows_are_the_cases_whatever_way_they_are_made(baskets):
    vocabulary = Vocabulary.of(baskets)
    cases = list(cases_of(baskets, vocabulary))

    rows = examples_of(orders_of(baskets, vocabulary), 10**6, np.random.default_rng(1))

    assert rows.items.tolist() == [case.target for case in cases]
    assert [rows.contexts[row].indices.tolist() for row in range(len(cases))] == [
        case.context.basket.tolist() for case in cases
    ]


def test_no_more_rows_are_drawn_than_wanted_and_others_each_time():
    baskets = a_training(checkerboard(100)).gathered.baskets
    orders = orders_of(baskets, Vocabulary.of(baskets))
    random = np.random.default_rng(1)

    one, other = examples_of(orders, 50, random), examples_of(orders, 50, random)

    assert len(one.items) == len(other.items) == 50
    assert one.items.tolist() != other.items.tolist()


def test_consent_is_dropped_in_part_in_whole_and_not_at_all():
    values = {"a": "1", "b": "1", "c": "1"}
    baskets = [Basket(NOW, ("A", "B"), dict(values), ("C",)) for _ in range(600)]
    orders = orders_of(baskets, Vocabulary.of(baskets))

    rows = examples_of(orders, 10**6, np.random.default_rng(1))

    kept = np.bincount(np.diff(rows.traits.indptr), minlength=4) / 1200
    assert all(0.3 < share < 0.5 for share in kept[[0, 3]])
    assert all(share > 0.05 for share in kept[[1, 2]])
    assert np.diff(rows.past.indptr).mean() == pytest.approx(0.5, abs=0.05)


def test_an_earlier_order_is_past_and_a_later_one_or_one_of_the_same_moment_is_not():
    lines = [*an_order(1, "shoes-red", shopper="me"), *an_order(2, "laces-red", shopper="me")]
    at_once = [replace(line, order_id="O-3") for line in an_order(2, "polish-red", shopper="me")]

    baskets = a_training([*lines, *at_once, *an_order(3, "bag", shopper="other")]).gathered.baskets

    assert [basket.past for basket in baskets] == [(), ("shoes-red",), ("shoes-red",), ()]


def test_a_new_product_is_scored_by_its_attributes():
    without = [line for line in checkerboard(400) if line.sku != "laces-red"]
    training = a_training(without)
    baskets = training.gathered.baskets
    vocabulary = Vocabulary.of(baskets, FACTS)
    factors = fit(orders_of(baskets, vocabulary), features_of(vocabulary, FACTS), QUICK)
    rows = {sku: vocabulary.positions[sku] for sku in FACTS}

    [case] = [
        case
        for case in cases_of([Basket(NOW, ("bag", "polish-red", "shoes-red"))], vocabulary)
        if case.target == rows["polish-red"]
    ]
    scores = factors.scores(case.context)

    assert not vocabulary.sold[rows["laces-red"]]
    assert scores[rows["laces-red"]] > max(scores[rows[sku]] for sku in ("shoes-blue", "shoes-green", "shoes-white"))


def test_matrices_take_bytes_for_each_product_of_a_basket_and_no_object_for_each_basket():
    past = tuple(f"{number:03}" for number in range(100))
    baskets = [Basket(NOW, past[:2], {}, past)] * 10_000
    vocabulary = Vocabulary.of(baskets)

    tracemalloc.start()
    orders = orders_of(baskets, vocabulary)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert orders.past.nnz == 1_000_000
    assert peak < 16_000_000, "a million ones with their columns are 8 MB; an array for each basket makes that 27"
