"""The best of many scores: the same as sorting them all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.cross_sell.best import best

SIZES = (0, 1, 5, 6, 7, 11, 12, 13, 63, 64, 65, 767, 768, 769, 1_100, 3_000)
VALUES = st.sampled_from([(0.0,), (0.0, 1.0), (-1.0, 0.0, 2.5, -np.inf), tuple(range(50)), (-np.inf,)])


def sorted_out(scores):
    order = np.argsort(-scores, kind="stable")
    return [int(position) for position in order if scores[position] > -np.inf]


@settings(deadline=None)
@given(size=st.sampled_from(SIZES), values=VALUES, seed=st.integers(0, 99))
def test_positions_come_as_if_all_were_sorted(size, values, seed):
    scores = np.random.default_rng(seed).choice(np.array(values, np.float32), size)

    for look in (1, 8, 64, size + 1):
        assert best(scores, look).tolist() == sorted_out(scores)[:look]


@pytest.mark.parametrize("taken", [1, 10, 64, 65, 600])
def test_the_first_few_of_many_are_the_best(taken):
    scores = np.random.default_rng(1).normal(size=50_000).astype(np.float32)

    assert best(scores, taken).tolist() == sorted_out(scores)[:taken]
