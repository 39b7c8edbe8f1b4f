"""The shipped questionnaires' rules in cross-sell: no bike gets what another questionnaire demands."""

from pathlib import Path

import pytest

from service.advice.shelf import Shelf
from service.catalogue.companions import Companions
from service.cross_sell.assortment import Assortment
from service.cross_sell.request import Request
from service.cross_sell.suggest import suggest
from service.privacy.view import ConsentedView
from tests.builders import NOW

ROOT = Path(__file__).parents[2]
NOBODY = ConsentedView.nothing("cross_sell")


@pytest.fixture(scope="module")
def demanded(catalogue, register):
    """The categories that the rules of all questionnaires demand beside a product."""
    shelf = Shelf.load(ROOT / "questionnaires", catalogue, register)
    rules = [rule for each in shelf.published.values() for rule in each.companion_rules]
    assortment = Assortment.of(catalogue, Companions.of(rules, catalogue))

    def demanded(product):
        found = suggest(Request((product.sku,)), assortment, NOBODY, "de", NOW).found
        return {suggestion.product.category for suggestion in found if suggestion.kind == "must_have"}

    return demanded


def test_a_road_bike_gets_pedals_and_never_a_city_bikes_lights(catalogue, demanded):
    bikes = [product for product in catalogue.products if product.category == "road_bike"]

    assert bikes
    assert {category for bike in bikes for category in demanded(bike)} == {"pedal"}


def test_what_is_no_bike_demands_nothing(catalogue, demanded):
    others = [product for product in catalogue.products if not product.category.endswith("_bike")]

    assert others
    assert not any(demanded(product) for product in others)
