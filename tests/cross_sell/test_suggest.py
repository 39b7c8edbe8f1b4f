"""Suggestions: what the shop demands, then what goes with the basket, each with a reason that is true."""

import json

import numpy as np
import orjson
import pytest

from service.cross_sell.traits import Equals
from service.privacy.view import ConsentedView, Purchase
from tests.builders import NOW, a_companion_rule, a_product, a_shop
from tests.cross_sell.artefacts import a_cross_sell_view
from tests.cross_sell.stall import PRODUCTS, Stall, everything_but, found, kinds

SHOP = a_shop(categories=("road_bike", "gravel_bike", "pedal", "helmet", "bottle"), sensitive=("strap",))
SKUS = sorted(product.sku for product in PRODUCTS)


@pytest.fixture
def shop(tmp_path):
    return Stall(tmp_path, SHOP)


def test_what_the_basket_speaks_for_comes_first(shop):
    suggestions = shop("RB-1", goes={"RB-1": {"HE-1": 1.0, "BO-1": 2.0}})

    assert found(suggestions) == ["BO-1", "HE-1"]
    assert suggestions.degraded is None


def test_nothing_is_suggested_that_nothing_speaks_for(shop):
    suggestions = shop("RB-1", goes={"RB-1": {"HE-1": 1.0, "PD-2": -1.0}}, limit=50)

    assert found(suggestions) == ["HE-1"]


def test_a_must_have_comes_first_with_the_rules_reason(shop):
    suggestions = shop("RB-1", rules=[a_companion_rule()], goes={"RB-1": {"BO-1": 2.0}}, limit=2)

    assert found(suggestions) == ["PD-1", "BO-1"]
    assert kinds(suggestions)[0] == "must_have"
    assert suggestions.found[0].because.text == "it comes without"
    assert suggestions.found[0].because.sku == "RB-1"


def test_a_must_have_that_the_basket_holds_in_another_form_is_not_demanded_again(shop):
    assert "must_have" not in kinds(shop("RB-1", "PD-2", rules=[a_companion_rule()]))


@pytest.mark.parametrize(("system", "demanded"), [("spd_sl", False), ("flat", True), (None, True)])
def test_only_what_agrees_with_the_rule_fulfils_it(tmp_path, system, demanded):
    bike, right = a_product("RB-9", pedal_system="spd_sl"), a_product("PD-8", category="pedal", pedal_system="spd_sl")
    other = a_product("PD-9", category="pedal", pedal_system=system, price=2000.0)
    shop = Stall(tmp_path, SHOP, (bike, right, other))

    suggestions = shop("RB-9", "PD-9", rules=[a_companion_rule(match=["pedal_system"])], no_model=True)

    assert found(suggestions) == (["PD-8"] if demanded else [])


def test_a_must_have_is_demanded_once_for_two_products(shop):
    assert kinds(shop("RB-1", "RB-2", rules=[a_companion_rule()])).count("must_have") == 1


def test_what_is_nice_to_have_by_rule_comes_after_what_the_model_says(shop):
    suggestions = shop("RB-1", rules=[a_companion_rule(kind="nice_to_have")], goes={"RB-1": {"BO-1": 1.0}})

    assert list(zip(found(suggestions), kinds(suggestions), strict=True)) == [
        ("BO-1", "similar_baskets"),
        ("PD-1", "nice_to_have"),
    ]


def test_what_is_nice_to_have_stays_within_the_limit_and_is_not_said_twice(shop):
    rules, goes = [a_companion_rule(kind="nice_to_have")], {"RB-1": {"PD-1": 2.0, "BO-1": 1.0}}

    assert found(shop("RB-1", rules=rules, goes=goes, limit=2)) == ["PD-1", "BO-1"]
    assert found(shop("RB-1", rules=rules, goes=goes)) == ["PD-1", "BO-1"]


def test_must_haves_stay_within_the_limit(shop):
    assert kinds(shop("RB-1", rules=[a_companion_rule()], goes={"RB-1": {"BO-1": 1.0}}, limit=1)) == ["must_have"]


def test_of_what_nobody_buys_twice_a_second_one_comes_last(shop):
    suggestions = shop("RB-1", goes={"RB-1": {"HE-1": 9.0, "HE-2": 8.0, "BO-1": 1.0}})

    assert found(suggestions) == ["HE-1", "BO-1", "HE-2"]


def test_of_each_category_two_in_five_come_first(tmp_path):
    products = [a_product("RB-1"), a_product("HE-1", category="helmet")]
    products += [a_product(f"PD-{number}", category="pedal") for number in range(5)]
    goes = {"RB-1": {"HE-1": 1.0} | {f"PD-{number}": 9.0 - number for number in range(5)}}

    suggestions = Stall(tmp_path, SHOP, products)("RB-1", goes=goes)

    assert found(suggestions) == ["PD-0", "PD-1", "HE-1", "PD-2", "PD-3"]


def test_what_must_be_had_is_not_offered_in_a_second_form_if_nobody_buys_two(shop):
    goes, never = {"RB-1": {"PD-2": 9.0}}, [("road_bike", "road_bike"), ("pedal", "pedal")]

    assert "PD-2" not in found(shop("RB-1", rules=[a_companion_rule()], goes=goes, never=never, limit=50))


def test_equal_scores_go_by_sku(shop):
    goes = {"RB-1": everything_but("RB-1")}

    assert found(shop("RB-1", goes=goes, never=[], limit=50)) == [
        "BO-1", "GB-1", "HE-1", "HE-2", "PD-1", "PD-2", "RB-2",
    ]  # fmt: skip


def test_the_reason_names_the_product_of_the_basket_that_speaks_loudest_with_true_counts(shop):
    suggestions = shop(
        "HE-1", "RB-1", goes={"HE-1": {"BO-1": 1.0}, "RB-1": {"BO-1": 2.0}}, limit=1,
        pairs=[("RB-1", "BO-1", 214)], popularity=[1020 if sku == "RB-1" else 5 for sku in SKUS],
    )  # fmt: skip

    assert kinds(suggestions) == ["bought_together"]
    assert suggestions.found[0].because.text == "Bought together with “Road bike” in 214 of 1020 orders"
    assert suggestions.found[0].because.sku == "RB-1"


def test_large_counts_are_grouped(shop):
    counts = {"pairs": [("RB-1", "BO-1", 12_345)], "popularity": [99_999] * len(SKUS)}

    reason = shop("RB-1", goes={"RB-1": {"BO-1": 2.0}}, limit=1, locale="de", **counts).found[0].because.text

    told = "In 12_345 von 99_999 Bestellungen zusammen mit „Rennrad“ gekauft"
    assert reason == told.replace("_", "\N{NARROW NO-BREAK SPACE}")


@pytest.mark.parametrize("pairs", [[], [("RB-1", "BO-1", 9)]])
def test_with_fewer_than_ten_orders_none_is_claimed_and_the_kind_says_so(shop, pairs):
    suggestions = shop("RB-1", goes={"RB-1": {"BO-1": 2.0}}, limit=1, locale="de-AT", pairs=pairs)

    assert kinds(suggestions) == ["similar_baskets"]
    assert suggestions.found[0].because.text == "Passt zu „Rennrad“, nach ähnlichen Warenkörben zu urteilen"


@pytest.mark.parametrize("basket", [(), ("unheard of",)])
def test_a_basket_that_the_model_does_not_know_gets_what_is_popular_and_is_told_so(shop, basket):
    suggestions = shop(*basket, popularity=[30 if sku == "HE-2" else 10 for sku in SKUS], limit=2)

    assert found(suggestions) == ["HE-2", "BO-1"]
    assert kinds(suggestions) == ["popular"] * 2
    assert suggestions.degraded == "popular_only"
    assert suggestions.found[0].because.sku is None
    assert suggestions.unknown_skus == basket


def test_what_fewer_than_ten_orders_hold_is_not_called_popular(shop):
    assert found(shop(popularity=[9] * len(SKUS))) == []


def test_a_product_that_is_new_to_the_model_still_keeps_its_substitutes_away(shop):
    skus = [sku for sku in SKUS if sku != "RB-1"]

    suggestions = shop("RB-1", skus=skus, popularity=[50] * len(skus), limit=50)

    assert suggestions.degraded == "popular_only"
    assert found(suggestions)
    assert not set(found(suggestions)) & {"RB-2", "GB-1"}


def test_without_a_model_the_rules_still_count(shop):
    nice = a_companion_rule("helmets", products={"category": ("helmet",)}, kind="nice_to_have")

    suggestions = shop("RB-1", rules=[nice, a_companion_rule()], no_model=True)

    assert kinds(suggestions) == ["must_have", "nice_to_have"]
    assert suggestions.degraded == "no_model"
    assert suggestions.version is None


def test_only_attributes_that_were_used_are_named_and_only_those_that_could_be_are_missed(shop):
    traits = {
        "trait_names": [Equals("style", "sporty"), Equals("use", "daily"), Equals("zeal", "high")],
        "traits": np.zeros((3, len(SKUS))),
    }
    view = a_cross_sell_view("height_cm", "orders", "use", style="sporty", zeal="none that is known")

    used = shop("RB-1", view=view, **traits)
    unused = shop(view=view, **traits)
    without = shop("RB-1", view=view, no_model=True)

    assert (used.used, used.withheld) == (("style",), ("orders", "use"))
    assert (unused.used, unused.withheld) == ((), ("orders", "use"))
    assert (without.used, without.withheld) == ((), ("orders",))


def test_a_consented_value_moves_what_fits_it_forward(shop):
    spoken = {
        "goes": {"RB-1": {"PD-2": 1.0, "BO-1": 1.0}},
        "trait_names": [Equals("style", "sporty")],
        "traits": [[float(sku == "PD-2") for sku in SKUS]],
    }

    assert found(shop("RB-1", view=a_cross_sell_view(style="sporty"), **spoken))[0] == "PD-2"
    assert found(shop("RB-1", **spoken))[0] == "BO-1"


def test_where_the_basket_says_nothing_past_orders_speak_and_degraded_says_so(shop):
    view = ConsentedView("cross_sell", {}, (), (Purchase("RB-1", NOW),))

    suggestions = shop(view=view, goes={"RB-1": {"BO-1": 2.0, "RB-2": 9.0}})

    assert found(suggestions) == ["BO-1"]
    assert suggestions.degraded == "past_orders_only"
    assert suggestions.used == ("orders",)
    assert suggestions.found[0].because.sku == "RB-1"


def test_the_wire_form_is_complete(shop):
    suggestions = shop("RB-1", "nix", goes={"RB-1": {"HE-1": 1.0}}, limit=1)

    assert json.loads(orjson.dumps(suggestions.as_json())) == {
        "suggestions": [
            {
                "sku": "HE-1",
                "name": "Product HE-1",
                "price": 1000.0,
                "currency": "EUR",
                "url": None,
                "image": None,
                "rank": 1,
                "kind": "similar_baskets",
                "because": {"text": "Goes with “Road bike”, judging by similar baskets", "sku": "RB-1"},
            }
        ],
        "basis": {"used": [], "not_used_without_consent": []},
        "without_consent": None,
        "model": {"version": suggestions.version},
        "degraded": None,
        "unknown_skus": ["nix"],
    }
