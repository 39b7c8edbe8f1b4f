"""The road-bike questionnaire for AdventureWorks: accepted whole, and played to its end on the real products."""

import orjson
import pytest

from service.advice.advise import advise, parse_answers
from service.advice.shelf import Shelf
from service.catalogue.catalogue import load_catalogue
from service.privacy.register import read_register
from service.privacy.view import ConsentedValue, ConsentedView

NOBODY = ConsentedView.nothing("advice_profile", ("commute_distance",))
ANSWERS = {"budget": {"to": 2500}, "ride": "road", "size": 52, "commute": "miles_5_10", "class": "high"}


@pytest.fixture(scope="module")
def catalogue(adventureworks_shop):
    return load_catalogue(adventureworks_shop.shop)


@pytest.fixture(scope="module")
def shelf(adventureworks_shop, catalogue):
    register = read_register(adventureworks_shop.shop / "privacy.yaml")
    return Shelf.load(adventureworks_shop.questionnaires, catalogue, register)


def _advise(shelf, answers, locale="en", view=NOBODY):
    compiled = shelf.get("road-bike")
    return orjson.loads(orjson.dumps(advise(compiled, parse_answers(compiled, answers), view, locale).as_json()))


def test_check_has_nothing_to_complain_about(shelf):
    assert set(shelf.published) == {"road-bike"}
    assert (shelf.refused, shelf.complaints) == ((), ())


def test_only_bikes_that_are_still_sold_are_counted_by_model(shelf, catalogue):
    bikes = {"road_bikes", "touring_bikes"}
    sold = {each.value("model") for each in catalogue.products if each.category in bikes and each.available}

    assert _advise(shelf, {})["remaining"] == len(sold)


@pytest.mark.parametrize(("locale", "because"), [("en", "Pedals of the class"), ("de", "Pedale der Klasse")])
def test_a_road_bike_comes_with_reasons_and_with_pedals_of_its_class(shelf, catalogue, locale, because):
    state = _advise(shelf, ANSWERS, locale)
    best = state["shortlist"][0]
    pedals = [each for each in state["companions"] if (each["for"], each["kind"]) == (best["sku"], "must_have")]

    assert (best["sku"], best["currency"]) == ("BK-R89B-52", "USD")
    assert {reason["question"] for reason in best["fits"]} == set(ANSWERS)
    assert [each["sku"] for each in pedals] == ["PD-R853"]
    assert pedals[0]["because"].startswith(because)


@pytest.mark.parametrize(("wanted", "shown"), [(48, 48), (49, 48), (55, 52), (56, 58), (61, 58)])
def test_the_frame_may_be_three_centimetres_off_but_not_more(shelf, catalogue, wanted, shown):
    shortlist = _advise(shelf, {"ride": "road", "size": wanted, "style": "universal"})["shortlist"]

    assert catalogue.find(shortlist[0]["sku"]).value("size_cm") == shown
    assert all(abs(catalogue.find(each["sku"]).value("size_cm") - wanted) <= 3 for each in shortlist)


def test_the_way_to_work_is_taken_from_the_profile_where_that_is_allowed(shelf):
    value = ConsentedValue("commute_distance", "miles_10", "crm")
    allowed = ConsentedView("advice_profile", {"commute_distance": value}, ())
    answers = {"ride": "road", "size": 52, "budget": "not_sure"}

    asked, told = _advise(shelf, answers), _advise(shelf, answers, view=allowed)

    assert (asked["question"]["id"], asked["basis"]["not_used_without_consent"]) == ("commute", ["commute_distance"])
    assert (told["question"]["id"], told["prefilled"]["commute"]["value"]) == ("class", "miles_10")
