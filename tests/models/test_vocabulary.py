"""A model knows products, and only such attribute values as enough baskets share."""

import pytest

from models.baskets import Basket
from models.vocabulary import AT_LEAST, Vocabulary
from service.cross_sell.traits import Equals, Within
from tests.builders import NOW


def baskets(count, **values):
    return [Basket(NOW, ("A", "B"), values)] * count


def test_products_ascend_and_unknown_ones_have_no_row():
    vocabulary = Vocabulary.of([Basket(NOW, ("B", "C")), Basket(NOW, ("A",))])

    assert vocabulary.skus == ("A", "B", "C")
    assert vocabulary.rows(["C", "A", "unheard of", "C"]).tolist() == [0, 2]


@pytest.mark.parametrize(("count", "known"), [(AT_LEAST - 1, ()), (AT_LEAST, (Equals("style", "sporty"),))])
def test_a_value_that_too_few_baskets_share_is_not_learnt(count, known):
    assert Vocabulary.of(baskets(count, style="sporty")).traits == known


def test_numbers_are_learnt_in_ranges_that_cover_every_value_once():
    vocabulary = Vocabulary.of([basket for height in range(150, 200) for basket in baskets(2, height_cm=float(height))])

    assert all(isinstance(trait, Within) for trait in vocabulary.traits)
    assert [len(vocabulary.trait_rows({"height_cm": value})) for value in (-1e9, 150, 162.5, 174.5, 199, 1e9)] == [
        1
    ] * 6


def test_numbers_of_too_few_baskets_are_not_learnt():
    assert Vocabulary.of(baskets(AT_LEAST * 4 - 1, height_cm=180.0)).traits == ()


def test_a_number_that_all_share_makes_one_range():
    vocabulary = Vocabulary.of(baskets(AT_LEAST * 4, height_cm=180.0))

    assert len(vocabulary.traits) == 1


def test_truth_is_not_a_number_and_a_number_no_text():
    vocabulary = Vocabulary.of(baskets(50, garage=True))

    assert vocabulary.traits == (Equals("garage", "yes"),)
    assert len(vocabulary.trait_rows({"garage": 1.0})) == 0
    assert len(vocabulary.trait_rows({"garage": "yes"})) == 1
