"""The whole path on real products and orders: import, retrain, advice and cross-sell over HTTP, by the command alone.

Trained on the window of the protocol in the data's SOURCE.txt. That the customers consent to it is simulated.
"""

import csv
import re
from collections import defaultdict
from datetime import date

import pytest

from tests.acceptance.running import begleiter, environment_of, serving
from tests.adventureworks.shop_folder import write_orders, write_shoppers

FIRST, LAST = date(2012, 12, 28), date(2013, 10, 31)
ANSWERS = {"budget": {"to": 2500}, "ride": "road", "size": 52, "commute": "miles_5_10", "class": "high"}
BIKE, PEDALS = "BK-R89B-52", "PD-R853"
TOGETHER = {"de": r"In (\d+) von (\d+) Bestellungen zusammen", "en": r"(\d+) of (\d+) orders"}
CONSENTING = 0.7


@pytest.fixture(scope="module")
def orders(adventureworks_shop, tmp_path_factory):
    """The orders of the protocol's training window."""
    path = tmp_path_factory.mktemp("orders") / "orders.csv"
    write_orders(path, since=FIRST, until=LAST)
    return path


@pytest.fixture(scope="module")
def shoppers(adventureworks_shop, tmp_path_factory):
    """All customers, seven of ten of whom let a model learn from their orders."""
    path = tmp_path_factory.mktemp("shoppers") / "shoppers.jsonl"
    write_shoppers(path, training=CONSENTING)
    return path


@pytest.fixture(scope="module")
def environment(adventureworks_shop, tmp_path_factory):
    return environment_of(
        tmp_path_factory.mktemp("var"),
        BEGLEITER_SHOP=adventureworks_shop.shop,
        BEGLEITER_QUESTIONNAIRES=adventureworks_shop.questionnaires,
    )


@pytest.fixture(scope="module")
def told(environment, shoppers, orders):
    """What each command said, from an empty folder to a published model."""
    commands = {
        "upgrade": ("db", "upgrade"),
        "check": ("check",),
        "shoppers": ("import", "shoppers", str(shoppers)),
        "orders": ("import", "orders", str(orders)),
        "retrain": ("retrain", "--epochs", "5"),
    }
    outcomes = {}
    for name, command in commands.items():
        outcomes[name] = begleiter(*command, environment=environment)
        assert outcomes[name].returncode == 0, outcomes[name].stdout + outcomes[name].stderr
    return {name: outcome.stdout + outcome.stderr for name, outcome in outcomes.items()}


@pytest.fixture(scope="module")
def service(told, environment):
    with serving(environment) as running:
        yield running


@pytest.fixture(scope="module")
def baskets(orders, shoppers):
    """The orders that the model may learn from, as sets of skus."""
    allowed = set(re.findall(r'"ref": "(\w+)".*"model_training"', shoppers.read_text("utf-8")))
    found = defaultdict(set)
    with orders.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["shopper_ref"] in allowed:
                found[row["order_id"]].add(row["sku"])
    return list(found.values())


def advise(service, locale="en", **changed):
    body = {"questionnaire": "road-bike", "answers": ANSWERS, "locale": locale} | changed
    reply = service.post("/v1/advice", body)
    assert reply.status == 200, reply.body
    return reply.json


def suggest(service, *basket, locale="en", limit=20):
    reply = service.post("/v1/cross-sell", {"basket": list(basket), "limit": limit, "locale": locale})
    assert reply.status == 200, reply.body
    return reply.json


@pytest.fixture(scope="module")
def products(adventureworks_shop):
    with (adventureworks_shop.shop / "products.csv").open(encoding="utf-8", newline="") as file:
        return {row["sku"]: row for row in csv.DictReader(file)}


def test_shoppers_come_in_and_the_orders_of_those_who_allow_their_use(told, orders, shoppers):
    allowed = set(re.findall(r'"ref": "(\w+)".*"model_training"', shoppers.read_text("utf-8")))
    with orders.open(encoding="utf-8", newline="") as file:
        usable = sum(row["shopper_ref"] in allowed for row in csv.DictReader(file))

    assert "18484 new shoppers" in told["shoppers"]
    assert f"{usable} new order lines" in told["orders"]
    assert f"{42256 - usable} left out: their shoppers do not allow" in told["orders"]


def test_the_model_learns_from_those_who_consented_and_from_nobody_else(told, baskets):
    several = sum(len(basket) > 1 for basket in baskets)

    assert f"{len(baskets)} orders, {several} of them with several products" in told["retrain"]


def test_the_service_stands_with_the_model_that_was_published(service, told):
    ready = service.get("/ready").json

    assert ready["status"] == "ready"
    assert (ready["catalogue"]["products"], ready["questionnaires"]["published"]) == (293, ["road-bike"])
    assert ready["questionnaires"]["refused"] == []
    assert ready["model"]["version"].startswith(LAST.isoformat())
    assert ready["model"]["version"] in told["retrain"]
    assert ready["model"]["refused"] is None


@pytest.mark.parametrize(("locale", "because"), [("en", "Pedals of the class"), ("de", "Pedale der Klasse")])
def test_a_road_bike_is_advised_with_reasons_and_with_pedals(service, products, locale, because):
    state = advise(service, locale)
    best = state["shortlist"][0]
    pedals = [each for each in state["companions"] if each["for"] == BIKE and each["kind"] == "must_have"]

    assert state["questionnaire"]["locale"] == locale
    assert 0 < len(state["shortlist"]) <= 3
    assert {products[each["sku"]]["category"] for each in state["shortlist"]} == {"road_bikes"}
    assert all(float(products[each["sku"]]["price"]) <= ANSWERS["budget"]["to"] for each in state["shortlist"])
    assert (best["sku"], {reason["question"] for reason in best["fits"]}) == (BIKE, set(ANSWERS))
    assert [(each["sku"], each["because"][: len(because)]) for each in pedals] == [(PEDALS, because)]


def test_a_session_asks_what_stateless_advice_asks_and_ends_in_the_same_state(service):
    begun = service.post("/v1/sessions", {"questionnaire": "road-bike", "locale": "de"}).json
    state, asked = begun["state"], []
    while state["question"] and state["question"]["id"] in ANSWERS:
        question = state["question"]["id"]
        asked.append(question)
        address = f"/v1/sessions/{begun['id']}/answers/{question}"
        state = service.call("PUT", address, {"value": ANSWERS[question]}, token=begun["token"]).json

    assert asked == list(ANSWERS)
    assert state == advise(service, "de")


@pytest.mark.parametrize("locale", ["de", "en"])
def test_what_goes_with_the_chosen_bike_is_led_by_pedals_and_has_true_reasons(service, baskets, products, locale):
    found = suggest(service, BIKE, locale=locale)
    first, *others = found["suggestions"]
    with_bike = sum(BIKE in basket for basket in baskets)
    counted = 0

    assert (first["sku"], first["kind"], first["because"]["sku"]) == (PEDALS, "must_have", BIKE)
    assert (found["model"], found["degraded"]) == ({"version": service.get("/ready").json["model"]["version"]}, None)
    for each in others:
        together = sum({BIKE, each["sku"]} <= basket for basket in baskets)
        told = re.search(TOGETHER[locale], each["because"]["text"])
        assert each["price"] == float(products[each["sku"]]["price"])
        if told:
            counted += 1
            assert (int(told[1]), int(told[2])) == (together, with_bike)
    assert counted >= 3
    assert "Road Bottle Cage" in [each["name"] for each in others]


def test_no_bike_is_suggested_to_a_bike_whichever_it_is(service, products):
    bikes = [row for row in products.values() if row["category"].endswith("_bikes") and row["available"] == "yes"]
    for bike in bikes:
        suggested = [each["sku"] for each in suggest(service, bike["sku"], limit=50)["suggestions"]]

        assert suggested
        assert not {sku for sku in suggested if products[sku]["category"].endswith("_bikes")}, bike["sku"]


def test_what_lies_in_the_basket_is_not_suggested_again(service):
    first = [each["sku"] for each in suggest(service, BIKE)["suggestions"]]

    then = [each["sku"] for each in suggest(service, BIKE, *first[:5])["suggestions"]]

    assert not {BIKE, *first[:5]} & set(then)
