"""A questionnaire's rules speak of its own candidates alone, wherever they are asked."""

from service.advice.compiled import compile_questionnaire
from service.advice.questionnaire import CompanionWish
from service.catalogue.companions import Companions
from service.documents.texts import Texts
from tests.builders import SOMEWHERE, a_catalogue, a_product, a_questionnaire, a_shop, some_fits

SHOP = a_shop(categories=("road_bike", "city_bike", "light"))
LIGHT = a_product("LI-1", category="light", price=20.0)
ROAD, CITY = a_product("RB-1"), a_product("CB-1", category="city_bike")


def a_wish(**when):
    return CompanionWish(
        id="lights", when=some_fits(**when), products=some_fits(category="light"), match=(), kind="must_have",
        because=Texts.same("it has none"), at=SOMEWHERE,
    )  # fmt: skip


def rules(catalogue, wish, **candidates):
    questionnaire = a_questionnaire(candidates=candidates, goes_with=(wish,))
    return Companions.of(compile_questionnaire(questionnaire, catalogue).companion_rules, catalogue)


def test_a_rule_without_when_speaks_of_its_questionnaires_candidates_and_of_nothing_else():
    found = rules(a_catalogue(LIGHT, ROAD, CITY, shop=SHOP), a_wish(), category="city_bike")

    assert [each.product.sku for each in found.of_product(CITY)] == ["LI-1"]
    assert found.of_product(ROAD) == ()


def test_a_rule_is_not_widened_by_candidates_of_the_same_attribute():
    wish = a_wish(use="racing")
    racer, both = a_product("RB-2", use=("racing",)), a_product("RB-3", use=("daily", "racing"))
    daily = a_product("RB-4", use=("daily",))

    found = rules(a_catalogue(LIGHT, racer, both, daily, shop=SHOP), wish, use="daily")

    assert [bool(found.of_product(each)) for each in (racer, both, daily)] == [False, True, False]
