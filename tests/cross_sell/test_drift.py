"""Drift: told by how far two histograms are apart, with limits, and never from a handful of replies."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cross_sell.drift import FEWEST, STRENGTHS, Met, Reference, drift, reference_in, stability_index
from service.cross_sell.refusal import ArtefactRefused
from service.cross_sell.request import OCCASIONS

counts = st.lists(st.integers(0, 10_000), min_size=10, max_size=10)
EVEN = Met(1000, 0, (100,) * 10)


def scores(*strengths):
    """What is said of the scores of a service that met these, beside a model that met all strengths alike."""
    running = replace(EVEN, strengths=strengths + (0,) * (10 - len(strengths)))
    return next(drift(EVEN, running))


def test_the_index_is_what_its_definition_says():
    expected, found = [39.5, 59.5], [69.5, 29.5]  # with half a count more these are shares of .4 and .6, .7 and .3

    index = stability_index(expected, found)

    assert index == pytest.approx((0.7 - 0.4) * math.log(0.7 / 0.4) + (0.3 - 0.6) * math.log(0.3 / 0.6))


@given(counts, counts)
def test_the_index_is_0_for_equals_never_below_and_the_same_both_ways(one, other):
    assert stability_index(one, one) == 0
    assert stability_index(one, other) >= -1e-12
    assert stability_index(one, other) == pytest.approx(stability_index(other, one))


@pytest.mark.parametrize(
    ("strengths", "said"),
    [
        ((100,) * 10, "are spread as in its orders (PSI 0.00"),
        ((60, 140) * 5, "begin to shift (PSI 0.17, 0.1 or more)"),
        ((20, 180) * 5, "have shifted (PSI 0.87, 0.25 or more): retrain"),
        ((0,) * 9 + (FEWEST - 1,), f"too few to compare ({FEWEST - 1} now, 1000 in its orders"),
        ((0,) * 9 + (FEWEST,), "have shifted"),
    ],
)
def test_scores_are_told_with_limits_and_only_if_enough_were_met(strengths, said):
    assert said in scores(*strengths)


@pytest.mark.parametrize(
    ("unknown", "said"), [(80, "8.0% hold a product that nobody had bought, 3.0% did"), (81, "8.1% hold a product")]
)
def test_unknown_products_are_told_beside_those_of_the_orders_and_are_drift_from_five_points_on(unknown, said):
    *_, told = drift(replace(EVEN, unknown=30), replace(EVEN, unknown=unknown))

    assert said in told
    assert ("retrain" in told) == (unknown > 80)


def test_few_baskets_say_nothing_of_unknown_products():
    *_, told = drift(EVEN, replace(EVEN, baskets=FEWEST - 1, unknown=FEWEST - 1))

    assert "too few baskets" in told


def test_a_reference_is_read_as_it_was_written():
    reference = Reference("2026-01-01", "2026-02-01", {occasion: replace(EVEN, unknown=3) for occasion in OCCASIONS})

    assert reference_in({"reference": reference.as_json()}) == reference


def test_a_reference_in_other_buckets_is_none_and_a_broken_one_is_refused():
    told = Reference("2026-01-01", "2026-02-01", dict.fromkeys(OCCASIONS, EVEN)).as_json()

    assert reference_in({}) is None
    assert reference_in({"reference": told | {"strengths_up_to": [*STRENGTHS, 200.0]}}) is None
    with pytest.raises(ArtefactRefused):
        reference_in({"reference": told | {"occasions": {}}})
