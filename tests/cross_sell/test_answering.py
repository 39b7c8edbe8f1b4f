"""What is remembered between requests: answers to guests, and nothing of anybody who allows anything."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.catalogue.companions import Companions
from service.cross_sell.answering import Answering, remembered
from service.cross_sell.artefact import open_artefact
from service.cross_sell.assortment import Assortment
from service.cross_sell.request import OCCASIONS, Request
from service.cross_sell.suggest import suggest
from service.privacy.view import ConsentedView, Purchase
from tests.builders import NOW, a_catalogue, a_companion_rule, a_shop
from tests.cross_sell.artefacts import a_cross_sell_view, an_artefact
from tests.cross_sell.stall import CATEGORIES, PRODUCTS, SUBSTITUTES

SHOP = a_shop(categories=("road_bike", "gravel_bike", "pedal", "helmet", "bottle"), sensitive=("strap",))
SKUS = [product.sku for product in PRODUCTS]
NOBODY = a_cross_sell_view()


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    catalogue = a_catalogue(*PRODUCTS, shop=SHOP)
    goes = {"RB-1": {"BO-1": 2.0, "HE-1": 1.0}, "HE-1": {"PD-2": 1.0}}
    folder = an_artefact(tmp_path_factory.mktemp("models"), *SKUS, categories=CATEGORIES, never=SUBSTITUTES, goes=goes)
    return catalogue, Companions.of([a_companion_rule()], catalogue), open_artefact(folder)


def told(answer):
    return json.loads(answer.body)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.lists(
        st.tuples(st.lists(st.sampled_from([*SKUS, "?"]), max_size=3), st.sampled_from(OCCASIONS), st.booleans()),
        max_size=12,
    )
)
def test_whatever_was_asked_before_an_answer_is_what_it_would_be_afresh(parts, asked):
    catalogue, rules, artefact = parts
    answering = Answering(*parts)
    buyer = ConsentedView("cross_sell", {}, (), (Purchase("BO-1", NOW), Purchase("PD-1", NOW)))

    for basket, occasion, is_guest in asked:
        request, view = Request(tuple(basket), occasion, 4), NOBODY if is_guest else buyer
        afresh = suggest(request, Assortment.of(catalogue, rules, artefact), view, "en", NOW)
        answer = answering.answer(request, view, "en", NOW)
        assert [each.product.sku for each in answer.suggestions.found] == [each.product.sku for each in afresh.found]
        assert (answer.suggestions.used, answer.suggestions.degraded) == (afresh.used, afresh.degraded)


def test_a_guest_who_asks_again_is_answered_from_memory(parts):
    answering = Answering(*parts)

    one, other = (answering.answer(Request(("RB-1",)), NOBODY, "en", NOW) for _ in range(2))

    assert one is other
    assert told(one)["suggestions"]


def test_of_somebody_who_allows_anything_nothing_is_remembered(parts):
    answering = Answering(*parts)
    view = a_cross_sell_view(style="sporty")

    one, other = (answering.answer(Request(("RB-1",)), view, "en", NOW) for _ in range(2))

    assert one is not other
    assert answering._to_guests.cache_info().currsize == 0


def test_where_something_of_the_shopper_was_used_the_reply_tells_what_a_guest_would_get(parts):
    answering = Answering(*parts)
    buyer = ConsentedView("cross_sell", {}, (), (Purchase("BO-1", NOW),))

    guests, buyers = (told(answering.answer(Request(("RB-1",)), view, "en", NOW)) for view in (NOBODY, buyer))

    assert guests["without_consent"] is None
    assert buyers["basis"]["used"] == [{"attribute": "orders", "purpose": "cross_sell"}]
    assert buyers["without_consent"] == [each["sku"] for each in guests["suggestions"]]
    assert buyers["without_consent"] != [each["sku"] for each in buyers["suggestions"]]


def test_what_is_withheld_is_told_even_from_memory(parts):
    answering = Answering(*parts)
    told(answering.answer(Request(("RB-1",)), NOBODY, "en", NOW))

    again = told(answering.answer(Request(("RB-1",)), a_cross_sell_view("orders"), "en", NOW))

    assert again["basis"]["not_used_without_consent"] == ["orders"]


def test_the_same_model_over_the_same_catalogue_is_laid_out_once(parts):
    answering = remembered()

    assert answering(*parts) is answering(*parts)
