"""The gate keeps back what is no better than luck, falls behind, changes without cause or is one-sided."""

from collections import Counter
from dataclasses import asdict, replace

import numpy as np
import pytest

from models.choice import choose_on
from models.counts import popularity_of
from models.dataset import Case
from models.gate import behind_in_service, behind_recipe, churn, exposure, substitute_leak
from models.judge import NotPublished, judged_cases, split
from models.parts import fit_parts
from models.recipe import Recipe, recipe_in
from models.train import fit_and_write, train
from service.cross_sell.artefact import open_artefact
from service.cross_sell.factors import NONE, Context
from service.cross_sell.pointer import publish
from tests.models.worlds import FACTS, QUICK, a_training, checkerboard, lightfm_alone, shuffled

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
        lambda _: (parts, lambda __: np.zeros(len(FACTS))), training.gathered.baskets, in_service, 7
    )["behind_in_service"]
    equal = behind_in_service(
        lambda _: (parts, parts.blended(choice.weights).scores), training.gathered.baskets, in_service, 7
    )["behind_in_service"]

    assert not useless.is_kept
    assert equal.is_kept


def test_without_newer_orders_nothing_is_said_of_the_model_in_service(fitted, tmp_path):
    training, _, _ = fitted
    in_service = open_artefact(fit_and_write(training, tmp_path))

    assert behind_in_service(lambda _: pytest.fail("fitted"), training.gathered.baskets, in_service, 7) == {}


def test_of_very_many_newer_orders_a_sample_is_asked_for(fitted, tmp_path, monkeypatch):
    training, choice, parts = fitted
    known = [basket for basket in training.gathered.baskets if basket.ordered_at.day < 10]
    earlier = replace(training, gathered=replace(training.gathered, baskets=tuple(known)))
    in_service = open_artefact(fit_and_write(earlier, tmp_path))
    monkeypatch.setattr("models.judge.MOST_CASES", 60)
    asked = []

    def score(context):
        asked.append(context)
        return parts.blended(choice.weights).scores(context)

    told = behind_in_service(lambda _: (parts, score), training.gathered.baskets, in_service, 7)

    assert told["behind_in_service"].is_kept
    assert len(asked) == 60


def test_a_model_behind_the_recipe_of_the_one_in_service_is_told(fitted):
    training, choice, parts = fitted
    ours, sold = parts.blended(choice.weights).scores, parts.vocabulary.sold
    cases = judged_cases(training.gathered.baskets[-50:], parts, 7)

    def useless(_):
        return np.zeros(len(FACTS))

    assert not behind_recipe(useless, ours, cases, sold)["behind_recipe"].is_kept
    assert behind_recipe(ours, useless, cases, sold)["behind_recipe"].is_kept
    assert behind_recipe(ours, ours, cases, sold)["behind_recipe"].is_kept


def test_on_the_same_orders_another_recipe_is_held_against_the_one_in_service(tmp_path, monkeypatch):
    before, weak = a_training(checkerboard()), replace(QUICK, epochs=1, components=1)
    publish(tmp_path, train(before, tmp_path).folder)
    monkeypatch.setattr("models.choice.choose", lightfm_alone)

    with pytest.raises(NotPublished, match="the recipe of the model in service finds later orders better"):
        train(replace(before, recipe=weak), tmp_path)


def test_what_is_chosen_by_validation_and_the_seed_make_no_other_recipe():
    recipe = Recipe()

    assert not recipe.differs_from(replace(recipe, seed=8, ease_regularisation=1.0, evened_regularisation=2.0))
    assert recipe.differs_from(replace(recipe, epochs=41))
    assert recipe_in(asdict(recipe)) == recipe
    assert recipe_in(asdict(recipe) | {"epochs": "many"}) is None
    assert recipe_in({"epochs": 40}) is None


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
    assert "behind_recipe" not in again.verdict.measures
