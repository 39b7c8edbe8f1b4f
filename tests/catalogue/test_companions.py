"""Which products go with a product by the shop's rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.catalogue.companions import Companions, companions_for
from tests.builders import a_catalogue, a_companion_rule, a_product, a_shop

BIKE = a_product("RB-1", pedal_system="flat", ships_with_pedals=False)
PEDALS = (
    a_product("PD-9", price=90.0, category="pedal", pedal_system="flat"),
    a_product("PD-3", price=30.0, category="pedal", pedal_system="flat"),
    a_product("PD-2", price=30.0, category="pedal", pedal_system="flat"),
    a_product("PD-1", price=10.0, category="pedal", pedal_system="spd_sl"),
)


def found(product, *rules, among=PEDALS, shop=None):
    return [one.product.sku for one in companions_for(product, rules, a_catalogue(*among, product, shop=shop))]


def test_the_cheapest_that_agrees_goes_with_a_product_and_then_the_first_sku():
    assert found(BIKE, a_companion_rule(match=["pedal_system"])) == ["PD-2"]


def test_without_agreement_asked_for_the_cheapest_of_all_goes_with_it():
    assert found(BIKE, a_companion_rule()) == ["PD-1"]


def test_a_companion_knows_its_rule_and_what_it_is_for():
    rule = a_companion_rule()

    (companion,) = companions_for(BIKE, [rule], a_catalogue(*PEDALS, BIKE))

    assert (companion.rule, companion.for_sku) == (rule, "RB-1")


def test_every_rule_gives_at_most_one_companion_in_the_order_of_the_rules():
    rules = [
        a_companion_rule("a", match=["pedal_system"]),
        a_companion_rule("b"),
        a_companion_rule("c", when={"frame": ("x",)}),
    ]

    assert found(BIKE, *rules) == ["PD-2", "PD-1"]


@pytest.mark.parametrize("ships", [True, None])
def test_a_product_that_does_not_meet_the_rule_has_no_companion(ships):
    bike = a_product("RB-1", pedal_system="flat", ships_with_pedals=ships)

    assert found(bike, a_companion_rule(when={"ships_with_pedals": (False,)})) == []


def test_what_is_not_stated_agrees_with_nothing():
    silent = a_product("PD-0", price=1.0, category="pedal")

    assert found(a_product("RB-1"), a_companion_rule(match=["pedal_system"]), among=[*PEDALS, silent]) == []
    assert found(BIKE, a_companion_rule(match=["pedal_system"]), among=[silent]) == []


def test_several_values_agree_where_one_does():
    tube = a_product("TU-1", category="pedal", use=("racing", "touring"))

    assert found(a_product("RB-1", use=("daily", "touring")), a_companion_rule(match=["use"]), among=[tube]) == ["TU-1"]
    assert found(a_product("RB-1", use=("daily",)), a_companion_rule(match=["use"]), among=[tube]) == []


def test_a_product_is_not_its_own_companion():
    rule = a_companion_rule(when={"category": ("pedal",)})

    assert found(PEDALS[3], rule, among=PEDALS[:3]) == ["PD-2"]
    assert found(PEDALS[3], rule, among=()) == []


def test_unavailable_and_sensitive_products_are_nobodys_companion():
    shop = a_shop(sensitive=("strap",))
    sold_out = a_product("PD-1", price=1.0, category="pedal", available=False)
    strap = a_product("HR-1", price=1.0, category="strap")
    rule = a_companion_rule(products={"category": ("pedal", "strap")})

    assert found(BIKE, rule, among=[sold_out, strap], shop=shop) == []


systems = st.sampled_from(["flat", "spd", "spd_sl", None])


@given(st.lists(st.tuples(systems, st.integers(1, 3), st.booleans()), max_size=12), systems)
def test_look_ups_find_what_a_search_through_everything_finds(pedals, system):
    products = [
        a_product(f"PD-{number}", price=float(price), category="pedal", pedal_system=its, available=available)
        for number, (its, price, available) in enumerate(pedals)
    ]
    bike = a_product("RB-1", pedal_system=system)
    catalogue = a_catalogue(*products, bike)

    companions = Companions.of([a_companion_rule(match=["pedal_system"])], catalogue).of_product(bike)

    agreeing = [each for each in products if system and each.available and each.value("pedal_system") == system]
    cheapest = sorted(agreeing, key=lambda each: (each.price, each.sku))[:1]
    assert [companion.product for companion in companions] == cheapest
