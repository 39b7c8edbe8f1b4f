"""A model knows products, and only such attribute values as enough shoppers share."""

from datetime import timedelta

import pytest

from models.baskets import Basket, ProductFacts
from models.gathering import gather
from models.lines import Line
from models.vocabulary import AT_LEAST, Vocabulary
from service.cross_sell.traits import Equals, Within
from tests.builders import NOW


def baskets(count, **values):
    """Each of another shopper with these values."""
    return [Basket(NOW, ("A", "B"), dict(values)) for _ in range(count)]


def test_products_ascend_and_unknown_ones_have_no_row():
    vocabulary = Vocabulary.of([Basket(NOW, ("B", "C")), Basket(NOW, ("A",))])

    assert vocabulary.skus == ("A", "B", "C")
    assert vocabulary.rows(["C", "A", "unheard of", "C"]).tolist() == [0, 2]


@pytest.mark.parametrize(("count", "known"), [(AT_LEAST - 1, ()), (AT_LEAST, (Equals("style", "sporty"),))])
def test_a_value_that_too_few_shoppers_share_is_not_learnt(count, known):
    assert Vocabulary.of(baskets(count, style="sporty")).traits == known


@pytest.mark.parametrize("value", ["the only one", True, 181.5])
def test_however_often_somebody_orders_their_value_is_one_shoppers(value):
    theirs = gather(
        (Line("me", sku, NOW + timedelta(days=day), f"O-{day}") for day in range(500) for sku in "AB"),
        {sku: ProductFacts("thing") for sku in "AB"},
        lambda _: {"said": value},
    ).baskets

    assert len(theirs) == 500
    assert Vocabulary.of(theirs).traits == ()


def test_a_range_of_numbers_that_one_shopper_fills_is_not_learnt():
    often = {"height_cm": 205.0}
    crowd = [basket for height in range(150, 200) for basket in baskets(1, height_cm=float(height))]

    vocabulary = Vocabulary.of([*crowd, *[Basket(NOW, ("A",), often)] * 150])

    assert vocabulary.trait_rows({"height_cm": 160.0}).tolist() != []
    assert vocabulary.trait_rows({"height_cm": 205.0}).tolist() == []


def test_numbers_are_learnt_in_ranges_that_cover_every_value_once():
    vocabulary = Vocabulary.of([basket for height in range(150, 200) for basket in baskets(2, height_cm=float(height))])

    assert all(isinstance(trait, Within) for trait in vocabulary.traits)
    assert [len(vocabulary.trait_rows({"height_cm": value})) for value in (-1e9, 150, 162.5, 174.5, 199, 1e9)] == [
        1
    ] * 6


def test_numbers_of_too_few_shoppers_are_not_learnt():
    assert Vocabulary.of(baskets(AT_LEAST * 4 - 1, height_cm=180.0)).traits == ()


def test_a_number_that_all_share_makes_one_range():
    vocabulary = Vocabulary.of(baskets(AT_LEAST * 4, height_cm=180.0))

    assert len(vocabulary.traits) == 1


def test_truth_is_not_a_number_and_a_number_no_text():
    vocabulary = Vocabulary.of(baskets(50, garage=True))

    assert vocabulary.traits == (Equals("garage", "yes"),)
    assert len(vocabulary.trait_rows({"garage": 1.0})) == 0
    assert len(vocabulary.trait_rows({"garage": "yes"})) == 1
