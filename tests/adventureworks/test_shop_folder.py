"""The AdventureWorks shop folder is read by the real readers, and holds what SOURCE.txt says."""

import csv
import json
from datetime import date

import pytest

from service.catalogue.catalogue import Catalogue, load_catalogue
from service.privacy.register import Register, read_register
from tests.adventureworks.shop_folder import order_lines, write_shoppers


@pytest.fixture(scope="module")
def catalogue(adventureworks_shop) -> Catalogue:
    return load_catalogue(adventureworks_shop.shop)


@pytest.fixture(scope="module")
def register(adventureworks_shop) -> Register:
    return read_register(adventureworks_shop.shop / "privacy.yaml")


@pytest.fixture(scope="module")
def shoppers(tmp_path_factory, adventureworks_shop):
    """Half of the customers let a model learn, and half of these allow everything."""
    path = tmp_path_factory.mktemp("shoppers") / "shoppers.jsonl"
    write_shoppers(path, training=0.5, everything=0.5)
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_product_with_a_price_is_in_the_catalogue(catalogue):
    assert len(catalogue.products) == 293
    assert sum(product.available for product in catalogue.products) == 195
    assert catalogue.find("BK-R19B-52").value("size_cm") == 52


def test_a_bike_that_is_no_longer_sold_is_known_but_not_available(catalogue):
    assert not catalogue.find("BK-R93R-62").available


def test_every_online_order_line_is_written_with_its_customer(adventureworks_shop, shoppers):
    with adventureworks_shop.orders.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    refs = {shopper["ref"] for shopper in shoppers}

    assert len(lines) == 60_398
    assert len(refs) == 18_484
    assert {line["shopper_ref"] for line in lines} <= refs


def test_the_training_orders_of_the_protocol_hold_102_products_of_the_catalogue(catalogue, adventureworks_shop):
    skus = {line["sku"] for line in order_lines(since=date(2012, 12, 28), until=date(2013, 10, 31))}

    assert len(skus) == 102
    assert all(catalogue.find(sku).available for sku in skus)


def test_the_test_orders_of_the_protocol_are_as_many_as_source_says(adventureworks_shop):
    known = {line["sku"] for line in order_lines(since=date(2012, 12, 28), until=date(2013, 10, 31))}
    baskets = {}
    for line in order_lines(since=date(2013, 11, 1)):
        if line["sku"] in known:
            baskets.setdefault(line["order_id"], set()).add(line["sku"])
    several = [basket for basket in baskets.values() if len(basket) >= 2]

    assert (len(several), sum(map(len, several))) == (4_153, 11_717)


def test_profile_values_and_grants_are_such_as_the_register_allows(register, shoppers):
    for shopper in shoppers:
        assert shopper["simulated"] is True
        assert all(register.attributes[value["attribute"]].accepts(value["value"]) for value in shopper["values"])
        assert all(grant["purpose"] in register.attributes[grant["attribute"]].purposes for grant in shopper["grants"])


def test_simulated_consent_comes_in_the_shares_asked_for(shoppers):
    grants = [len(shopper["grants"]) for shopper in shoppers]

    assert 0.47 < sum(map(bool, grants)) / len(grants) < 0.53
    assert 0.22 < sum(number > 1 for number in grants) / len(grants) < 0.28


def test_unless_told_otherwise_everybody_lets_a_model_learn_and_allows_nothing_else(adventureworks_shop):
    with adventureworks_shop.shoppers.open(encoding="utf-8") as file:
        first = [json.loads(next(file)) for _ in range(100)]

    assert {len(shopper["grants"]) for shopper in first} == {1}
