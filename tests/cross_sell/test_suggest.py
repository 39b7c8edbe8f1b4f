"""Suggestions: what the shop demands, then what goes with the basket, each with a reason that is true."""

import numpy as np
import pytest

from service.catalogue.companions import Companions
from service.cross_sell.artefact import open_artefact
from service.cross_sell.request import Request
from service.cross_sell.suggest import suggest
from service.cross_sell.traits import Equals
from tests.builders import a_catalogue, a_companion_rule, a_product, a_shop
from tests.cross_sell.artefacts import a_cross_sell_view, an_artefact

SHOP = a_shop(categories=("road_bike", "gravel_bike", "pedal", "helmet", "bottle"), sensitive=("strap",))
PRODUCTS = (
    a_product("RB-1", name={"de": "Rennrad", "en": "Road bike"}),
    a_product("RB-2"),
    a_product("GB-1", category="gravel_bike"),
    a_product("HE-1", category="helmet"),
    a_product("HE-2", category="helmet"),
    a_product("BO-1", category="bottle"),
    a_product("BO-2", category="bottle", available=False),
    a_product("PD-1", category="pedal", price=30.0),
    a_product("PD-2", category="pedal", price=90.0),
    a_product("ST-1", category="strap"),
)
CATEGORIES = ("bottle", "gravel_bike", "helmet", "pedal", "road_bike")
SUBSTITUTES = [("road_bike", "road_bike"), ("road_bike", "gravel_bike"), ("helmet", "helmet")]
SKUS = [product.sku for product in PRODUCTS]
NOBODY = a_cross_sell_view()


@pytest.fixture
def shop(tmp_path):
    """Asks for suggestions; keyword arguments change the model (`no_model` takes it away)."""

    def asked(*basket, rules=(), view=NOBODY, locale="en", limit=5, no_model=False, skus=SKUS, **model):  # noqa: PLR0913
        catalogue = a_catalogue(*PRODUCTS, shop=SHOP)
        given = {"categories": CATEGORIES, "never": SUBSTITUTES} | model
        artefact = None if no_model else open_artefact(an_artefact(tmp_path, *skus, **given))
        companions = Companions.of(rules, catalogue)
        return suggest(Request(basket, limit=limit), artefact, catalogue, companions, view, locale)

    return asked


def found(suggestions):
    return [suggestion.product.sku for suggestion in suggestions.found]


def kinds(suggestions):
    return [suggestion.kind for suggestion in suggestions.found]


def test_what_the_basket_speaks_for_comes_first_and_is_bought_together(shop):
    suggestions = shop("RB-1", goes={"RB-1": {"HE-1": 1.0, "BO-1": 2.0}}, limit=2)

    assert found(suggestions) == ["BO-1", "HE-1"]
    assert kinds(suggestions) == ["bought_together"] * 2
    assert suggestions.degraded is None


def test_a_must_have_comes_first_with_the_rules_reason(shop):
    suggestions = shop("RB-1", rules=[a_companion_rule()], goes={"RB-1": {"BO-1": 2.0}}, limit=2)

    assert found(suggestions) == ["PD-1", "BO-1"]
    assert kinds(suggestions) == ["must_have", "bought_together"]
    assert suggestions.found[0].because.text == "it comes without"
    assert suggestions.found[0].because.sku == "RB-1"


def test_a_must_have_that_the_basket_holds_in_another_form_is_not_demanded_again(shop):
    assert "must_have" not in kinds(shop("RB-1", "PD-2", rules=[a_companion_rule()]))


@pytest.mark.parametrize(("system", "demanded"), [("spd_sl", False), ("flat", True), (None, True)])
def test_only_what_agrees_with_the_rule_fulfils_it(system, demanded):
    bike, right = a_product("RB-9", pedal_system="spd_sl"), a_product("PD-8", category="pedal", pedal_system="spd_sl")
    other = a_product("PD-9", category="pedal", pedal_system=system, price=2000.0)
    catalogue = a_catalogue(bike, right, other, shop=SHOP)
    rules = Companions.of([a_companion_rule(match=["pedal_system"])], catalogue)

    suggestions = suggest(Request(("RB-9", "PD-9")), None, catalogue, rules, NOBODY, "en")

    assert found(suggestions) == (["PD-8"] if demanded else [])


def test_a_must_have_is_demanded_once_for_two_products(shop):
    assert kinds(shop("RB-1", "RB-2", rules=[a_companion_rule()])).count("must_have") == 1


def test_what_is_nice_to_have_by_rule_is_left_to_the_model(shop):
    assert "must_have" not in kinds(shop("RB-1", rules=[a_companion_rule(kind="nice_to_have")]))


def test_must_haves_stay_within_the_limit(shop):
    assert kinds(shop("RB-1", rules=[a_companion_rule()], limit=1)) == ["must_have"]


def test_the_basket_itself_unavailable_and_sensitive_products_are_never_suggested(shop):
    goes = {"HE-1": {"HE-1": 9.0, "BO-2": 8.0, "ST-1": 7.0}}

    assert not set(found(shop("HE-1", goes=goes, limit=50))) & {"HE-1", "BO-2", "ST-1"}


def test_no_bike_is_laid_beside_a_bike(shop):
    goes = {"RB-1": {"RB-2": 9.0, "GB-1": 8.0}}

    assert not set(found(shop("RB-1", goes=goes, limit=50))) & {"RB-2", "GB-1"}


def test_of_what_nobody_buys_twice_a_second_one_comes_last(shop):
    suggestions = shop("RB-1", goes={"RB-1": {"HE-1": 9.0, "HE-2": 8.0, "BO-1": 1.0}})

    assert found(suggestions)[:2] == ["HE-1", "BO-1"]
    assert found(suggestions)[-1] == "HE-2"


def test_what_must_be_had_is_not_offered_in_a_second_form_if_nobody_buys_two(shop):
    goes, never = {"RB-1": {"PD-2": 9.0}}, [*SUBSTITUTES, ("pedal", "pedal")]

    assert "PD-2" not in found(shop("RB-1", rules=[a_companion_rule()], goes=goes, never=never, limit=50))


def test_equal_scores_go_by_sku(shop):
    assert found(shop("RB-1", never=[], limit=50)) == ["BO-1", "GB-1", "HE-1", "HE-2", "PD-1", "PD-2", "RB-2"]


def test_the_reason_names_the_product_of_the_basket_that_speaks_loudest_with_true_counts(shop):
    suggestions = shop(
        "HE-1", "RB-1", goes={"HE-1": {"BO-1": 1.0}, "RB-1": {"BO-1": 2.0}}, limit=1,
        pairs=[("RB-1", "BO-1", 214)], popularity=[1020 if sku == "RB-1" else 5 for sku in sorted(SKUS)],
    )  # fmt: skip

    assert suggestions.found[0].because.text == "Bought together with “Road bike” in 214 of 1020 orders"
    assert suggestions.found[0].because.sku == "RB-1"


def test_large_counts_are_grouped(shop):
    counts = {"pairs": [("RB-1", "BO-1", 12_345)], "popularity": [99_999] * len(SKUS)}

    reason = shop("RB-1", goes={"RB-1": {"BO-1": 2.0}}, limit=1, locale="de", **counts).found[0].because.text

    told = "In 12_345 von 99_999 Bestellungen zusammen mit „Rennrad“ gekauft"
    assert reason == told.replace("_", "\N{NARROW NO-BREAK SPACE}")


def test_without_enough_orders_the_reason_claims_none(shop):
    suggestions = shop("RB-1", goes={"RB-1": {"BO-1": 2.0}}, limit=1, locale="de-AT")

    assert suggestions.found[0].because.text == "Passt zu „Rennrad“, nach ähnlichen Warenkörben zu urteilen"


@pytest.mark.parametrize("basket", [(), ("unheard of",)])
def test_a_basket_that_the_model_does_not_know_gets_what_is_popular_and_is_told_so(shop, basket):
    suggestions = shop(*basket, popularity=[9 if sku == "HE-2" else 1 for sku in sorted(SKUS)], limit=2)

    assert found(suggestions) == ["HE-2", "BO-1"]
    assert kinds(suggestions) == ["popular"] * 2
    assert suggestions.degraded == "popular_only"
    assert suggestions.found[0].because.sku is None
    assert suggestions.unknown_skus == basket


def test_a_product_that_is_new_to_the_model_still_keeps_its_substitutes_away(shop):
    suggestions = shop("RB-1", skus=[sku for sku in SKUS if sku != "RB-1"], limit=50)

    assert suggestions.degraded == "popular_only"
    assert not set(found(suggestions)) & {"RB-2", "GB-1"}


def test_without_a_model_the_rules_still_count(shop):
    suggestions = shop("RB-1", rules=[a_companion_rule()], no_model=True)

    assert found(suggestions) == ["PD-1"]
    assert suggestions.degraded == "no_model"
    assert suggestions.version is None


def test_a_product_that_the_shop_no_longer_sells_is_neither_suggested_nor_named(shop):
    goes = {"GONE": {"BO-1": 9.0}, "RB-1": {"GONE": 9.0, "HE-1": 1.0}}

    suggestions = shop("RB-1", "GONE", skus=[*SKUS, "GONE"], goes=goes, limit=50)

    assert suggestions.unknown_skus == ("GONE",)
    assert found(suggestions)[0] == "HE-1"
    assert {suggestion.because.sku for suggestion in suggestions.found} == {"RB-1"}


def test_a_sensitive_product_in_the_basket_speaks_for_nothing(shop):
    suggestions = shop("ST-1", goes={"ST-1": {"BO-1": 9.0}})

    assert suggestions.degraded == "popular_only"


def test_only_attributes_that_were_used_are_named_and_only_those_that_could_be_are_missed(shop):
    traits = {
        "trait_names": [Equals("style", "sporty"), Equals("use", "daily"), Equals("zeal", "high")],
        "traits": np.zeros((3, len(SKUS))),
    }
    view = a_cross_sell_view("height_cm", "use", style="sporty", zeal="none that is known")

    used = shop("RB-1", view=view, **traits)
    unused = shop(view=view, **traits)

    assert (used.used, used.withheld) == (("style",), ("use",))
    assert (unused.used, unused.withheld) == ((), ("use",))


def test_a_consented_value_moves_what_fits_it_forward(shop):
    spoken = {"trait_names": [Equals("style", "sporty")], "traits": [[float(sku == "PD-2") for sku in sorted(SKUS)]]}

    assert found(shop("RB-1", view=a_cross_sell_view(style="sporty"), **spoken))[0] == "PD-2"
    assert found(shop("RB-1", **spoken))[0] == "BO-1"


def test_the_wire_form_is_complete(shop):
    suggestions = shop("RB-1", "nix", goes={"RB-1": {"HE-1": 1.0}}, limit=1)

    assert suggestions.as_json() == {
        "suggestions": [
            {
                "sku": "HE-1",
                "name": "Product HE-1",
                "price": 1000.0,
                "currency": "EUR",
                "url": None,
                "image": None,
                "rank": 1,
                "kind": "bought_together",
                "because": {"text": "Goes with “Road bike”, judging by similar baskets", "sku": "RB-1"},
            }
        ],
        "basis": {"used": [], "not_used_without_consent": []},
        "model": {"version": suggestions.version},
        "degraded": None,
        "unknown_skus": ["nix"],
    }
