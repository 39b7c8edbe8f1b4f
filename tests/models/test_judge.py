"""The gate lets nothing through that is not clearly better than what sells most."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.baskets import Basket
from models.dataset import Case
from models.judge import FEWEST_CASES, judge_scores, split
from service.cross_sell.factors import Context
from tests.builders import NOW


def cases(count):
    nothing = np.empty(0, np.intp)
    return [Case(Context(nothing, nothing), number % 20) for number in range(count)]


def always(best):
    """Ranks products from `best` on."""
    scores = -np.array([(position - best) % 20 for position in range(20)], dtype=float)
    return lambda _: scores


def test_a_model_that_finds_more_is_let_through():
    truth = iter(cases(200))

    verdict = judge_scores(lambda _: np.eye(20)[next(truth).target], {"popularity": always(0)}, cases(200))

    assert verdict.reason is None
    assert verdict.metrics["model"].reciprocal_rank == 1.0


def test_a_model_that_is_as_good_is_kept_back_with_the_reason():
    verdict = judge_scores(always(0), {"popularity": always(0)}, cases(200))

    assert "does not clearly beat popularity" in verdict.reason


def test_a_lead_within_two_standard_errors_is_no_lead():
    verdict = judge_scores(always(1), {"popularity": always(0)}, cases(201)[1:])

    assert verdict.metrics["model"].reciprocal_rank >= verdict.metrics["popularity"].reciprocal_rank
    assert verdict.reason is not None


def test_too_few_cases_tell_nothing():
    verdict = judge_scores(always(0), {"popularity": always(0)}, cases(FEWEST_CASES - 1))

    assert verdict.reason.startswith("only 49 items")


@given(st.lists(st.integers(0, 8), min_size=1, max_size=60))
def test_what_is_judged_on_is_later_than_what_was_learnt_from(hours):
    baskets = [Basket(NOW + timedelta(hours=hour), ("A",)) for hour in sorted(hours)]

    earlier, later = split(baskets)

    assert [*earlier, *later] == baskets
    assert not earlier or not later or earlier[-1].ordered_at < later[0].ordered_at


@pytest.mark.parametrize("count", [10, 100])
def test_a_fifth_is_judged_on(count):
    baskets = [Basket(NOW + timedelta(hours=hour), ("A",)) for hour in range(count)]

    assert len(split(baskets)[1]) == count // 5
