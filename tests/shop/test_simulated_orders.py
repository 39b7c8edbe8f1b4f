"""The simulated shoppers and orders: called simulated, same seed same bytes, with habits that a model can find."""

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from shop.simulate import simulate, write

ROOT = Path(__file__).parents[2]
WINTER = (10, 11, 12, 1, 2)


@pytest.fixture(scope="module")
def baskets(simulation):
    found = {}
    for line in simulation.lines:
        found.setdefault(line.order, []).append(line)
    return list(found.values())


@pytest.fixture(scope="module")
def lift(baskets, catalogue):
    """How many times more often two categories meet in a basket than chance would have it."""
    kinds = [{catalogue.find(line.sku).category for line in basket} for basket in baskets]
    alone = Counter(kind for basket in kinds for kind in basket)

    def of(one, other):
        together = sum({one, other} <= basket for basket in kinds)
        return together * len(kinds) / (alone[one] * alone[other])

    return of


def test_there_are_at_least_3000_shoppers_and_15000_orders_over_about_two_years(simulation, baskets):
    days = (simulation.lines[-1].at - simulation.lines[0].at).days

    assert len(simulation.shoppers) >= 3_000
    assert len(baskets) >= 15_000
    assert 700 <= days <= 730


def test_everything_says_that_it_is_simulated(simulation, tmp_path):
    write(simulation, tmp_path)
    with (tmp_path / "orders.csv").open(encoding="utf-8", newline="") as file:
        orders = list(csv.DictReader(file))
    shoppers = [json.loads(line) for line in (tmp_path / "shoppers.jsonl").read_text("utf-8").splitlines()]

    assert list(orders[0]) == ["order_id", "line", "shopper_ref", "sku", "quantity", "unit_price", "ordered_at"]
    assert all(order["order_id"].startswith("simulated-") for order in orders)
    assert all(shopper["simulated"] is True for shopper in shoppers)
    assert all(value["source_ref"].startswith("simulated:") for shopper in shoppers for value in shopper["values"])


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path):
    written = {}
    for name, seed in {"one": 3, "again": 3, "other": 4}.items():
        write(simulate(ROOT / "shop", seed=seed, shoppers=120, guests=20), tmp_path / name)
        written[name] = [(tmp_path / name / file).read_bytes() for file in ("orders.csv", "shoppers.jsonl")]

    assert written["one"] == written["again"]
    assert written["one"][0] != written["other"][0]


def test_the_script_writes_what_the_function_makes_and_says_so(simulation, tmp_path):
    script = [sys.executable, str(ROOT / "shop" / "simulate.py"), "--out", str(tmp_path / "script"), "--seed", "7"]
    said = subprocess.run(script, check=True, capture_output=True, text=True).stdout
    write(simulation, tmp_path / "function")

    assert said.startswith("simulated: 3200 shoppers")
    for file in ("orders.csv", "shoppers.jsonl"):
        assert (tmp_path / "script" / file).read_bytes() == (tmp_path / "function" / file).read_bytes()


def test_orders_hold_only_products_of_the_shop_and_no_line_twice(baskets, catalogue):
    for basket in baskets:
        skus = [line.sku for line in basket]

        assert all(sku in catalogue for sku in skus)
        assert len(set(skus)) == len(skus)
        assert [line.line for line in basket] == list(range(1, len(basket) + 1))


@pytest.mark.parametrize(
    ("one", "other"),
    [("road_bike", "pedal"), ("road_bike", "shoe"), ("gravel_bike", "pedal"), ("city_bike", "light"),
     ("city_bike", "lock"), ("bottle", "bottle_cage"), ("jersey", "shorts"), ("tube", "pump")],
)  # fmt: skip
def test_what_belongs_together_is_bought_together_far_more_often_than_by_chance(lift, one, other):
    assert lift(one, other) > 2.5


@pytest.mark.parametrize(("one", "other"), [("road_bike", "lock"), ("city_bike", "shoe"), ("road_bike", "city_bike")])
def test_what_does_not_belong_together_is_seldom_bought_together(lift, one, other):
    assert lift(one, other) < 0.5


@pytest.mark.parametrize(
    ("kind", "agreeing"), [("pedal", "pedal_system"), ("shoe", "pedal_system"), ("tube", "tube_size")]
)
def test_what_is_bought_with_a_road_bike_fits_it(baskets, catalogue, kind, agreeing):
    pairs = 0
    for basket in baskets:
        products = [catalogue.find(line.sku) for line in basket]
        bikes = [product for product in products if product.category == "road_bike"]
        for other in [product for product in products if product.category == kind and len(bikes) == 1]:
            pairs += 1
            assert other.value(agreeing) == bikes[0].value(agreeing)

    assert pairs > 300


def test_winter_gloves_are_bought_in_winter_alone_and_summer_gloves_are_not(simulation):
    gloves = Counter((line.sku[:6], line.at.month in WINTER) for line in simulation.lines if line.sku.startswith("GL-"))

    assert gloves["GL-210", True] > 300
    assert gloves["GL-210", False] == gloves["GL-220", False] == 0
    assert gloves["GL-110", True] == 0


def test_two_of_a_kind_are_rarely_in_one_basket(baskets, catalogue):
    doubled = [
        basket for basket in baskets if len({catalogue.find(line.sku).category for line in basket}) < len(basket)
    ]

    assert 0 < len(doubled) < 0.03 * len(baskets)


def test_about_half_let_a_model_learn_and_about_half_of_these_allow_everything_else(simulation):
    allowed = [
        {(grant["attribute"], grant["purpose"]) for grant in shopper["grants"]} for shopper in simulation.shoppers
    ]
    training = [grants for grants in allowed if ("orders", "model_training") in grants]
    everything = [grants for grants in training if ("height_cm", "advice_profile") in grants]

    assert 0.45 < len(training) / len(allowed) < 0.55
    assert 0.45 < len(everything) / len(training) < 0.55
    assert sum(not grants for grants in allowed) == len(allowed) - len(training)


def test_values_and_grants_are_such_as_the_register_allows(simulation, register):
    for shopper in simulation.shoppers:
        for value in shopper["values"]:
            declared = register.attributes[value["attribute"]]

            assert declared.accepts(value["value"])
            assert value["source"] in declared.sources
        for grant in shopper["grants"]:
            assert grant["purpose"] in register.attributes[grant["attribute"]].purposes


def test_some_orders_are_by_guests_and_some_baskets_hold_something_sensitive(simulation, catalogue):
    assert sum(not line.shopper for line in simulation.lines) > 1_000
    assert sum(catalogue.shop.categories[catalogue.find(line.sku).category].sensitive for line in simulation.lines) > 50
