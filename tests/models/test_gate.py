"""The gate keeps back what is no better than luck, falls behind, changes without cause or is one-sided."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from models.choice import choose_on
from models.counts import popularity_of
from models.dataset import Case
from models.gate import behind_in_service, churn, exposure, substitute_leak
from models.judge import NotPublished, split
from models.parts import fit_parts
from models.train import fit_and_write, train
from service.cross_sell.artefact import open_artefact
from service.cross_sell.factors import NONE, Context
from service.cross_sell.pointer import publish
from tests.models.worlds import FACTS, a_training, checkerboard, shuffled

SOLD = np.ones(100, dtype=bool)
BOUGHT = np.arange(100, 0, -1)


@pytest.mark.parametrize("seed", range(3))
def test_orders_whose_products_were_shuffled_are_not_published(tmp_path, seed):
    with pytest.raises(NotPublished, match="does not clearly beat popularity"):
        train(a_training(shuffled(list(checkerboard()), seed)), tmp_path)


def test_shuffled_orders_keep_their_sizes_and_every_product_its_popularity():
    before, after = list(checkerboard(50)), list(shuffled(list(checkerboard(50)), 1))

    assert Counter(line.sku for line in before) == Counter(line.sku for line in after)
    assert [line.order_id for line in before] == [line.order_id for line in after]


@pytest.fixture(scope="module")
def fitted():
    training = a_training(checkerboard(300))
    choice, _ = choose_on(training, *split(training.gathered.baskets))
    return training, choice, fit_parts(training, training.gathered.baskets, choice.recipe)


def test_equal_orders_churn_nothing_and_another_models_lists_do(fitted, tmp_path):
    training, choice, parts = fitted
    in_service = open_artefact(fit_and_write(training, tmp_path))
    bought = popularity_of(training.gathered.baskets, parts.vocabulary)

    kept = churn(parts.blended(choice.weights).scores, parts, bought, in_service)["kept_without_new_orders"]
    changed = churn(lambda _: np.arange(len(FACTS), dtype=float), parts, bought, in_service)

    assert kept.value == 1.0
    assert kept.is_kept
    assert changed["kept_without_new_orders"].value < 1.0


def test_products_with_new_orders_may_change_their_lists(fitted, tmp_path):
    training, choice, parts = fitted
    in_service = open_artefact(fit_and_write(training, tmp_path))
    bought = popularity_of(training.gathered.baskets, parts.vocabulary) + 1

    assert churn(parts.blended(choice.weights).scores, parts, bought, in_service) == {}


def test_a_model_behind_the_one_in_service_is_told(fitted, tmp_path):
    training, choice, parts = fitted
    known = [basket for basket in training.gathered.baskets if basket.ordered_at.day < 10]
    earlier = replace(training, gathered=replace(training.gathered, baskets=tuple(known)))
    in_service = open_artefact(fit_and_write(earlier, tmp_path))

    useless = behind_in_service(
        lambda _: (parts, lambda __: np.zeros(len(FACTS))), training.gathered.baskets, in_service
    )["behind_in_service"]
    equal = behind_in_service(
        lambda _: (parts, parts.blended(choice.weights).scores), training.gathered.baskets, in_service
    )["behind_in_service"]

    assert not useless.is_kept
    assert equal.is_kept


def test_without_newer_orders_nothing_is_said_of_the_model_in_service(fitted, tmp_path):
    training, _, _ = fitted
    in_service = open_artefact(fit_and_write(training, tmp_path))

    assert behind_in_service(lambda _: pytest.fail("fitted"), training.gathered.baskets, in_service) == {}


def test_one_list_for_everybody_covers_too_little_and_is_biased():
    cases = [Case(Context(NONE, NONE), target) for target in range(40, 100)]

    shown = exposure(lambda _: BOUGHT.astype(float), cases, SOLD, BOUGHT)

    assert not shown.coverage.is_kept
    assert shown.popularity_bias.value > 2
    assert shown.suggested[0] == 1.0


def test_lists_as_wide_as_what_is_bought_are_even_handed():
    cases = [Case(Context(NONE, NONE), target) for target in range(100)]
    asked = iter(cases)

    shown = exposure(lambda _: np.eye(100)[next(asked).target] * 2, cases, SOLD, BOUGHT)

    assert shown.coverage.is_kept
    assert shown.popularity_bias.is_kept


def test_a_model_that_proposes_shoes_to_shoes_leaks(fitted):
    _, _, parts = fitted
    never = {"shoes": frozenset({"shoes"})}
    shoes = np.array([FACTS[sku].category == "shoes" for sku in parts.vocabulary.skus], dtype=float)

    leaking = substitute_leak(lambda _: shoes, parts, FACTS, never)["substitute_leak"]

    assert leaking.value == pytest.approx(3 / 5)
    assert not leaking.is_kept


def test_a_second_training_on_the_same_orders_is_published_again(tmp_path):
    first = train(a_training(checkerboard()), tmp_path)
    publish(tmp_path, first.folder)

    again = train(a_training(checkerboard()), tmp_path)

    assert again.verdict.reason is None
    assert again.verdict.measures["kept_without_new_orders"].value == 1.0
