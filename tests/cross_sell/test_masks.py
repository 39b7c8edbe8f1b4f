"""What is never suggested, whatever the model thinks of it, and what is suggested again."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.catalogue.shop import Category
from service.documents.texts import Texts
from service.privacy.view import ConsentedView, Purchase
from tests.builders import DAY, NOW, a_companion_rule, a_product, a_shop
from tests.cross_sell.stall import PRODUCTS, Stall, everything_but, found, kinds

SHOP = a_shop(categories=("road_bike", "gravel_bike", "pedal", "helmet", "bottle"), sensitive=("strap",))
ALL = {"never": [], "limit": 50}


@pytest.fixture
def shop(tmp_path):
    return Stall(tmp_path, SHOP)


def who_bought(*purchases):
    """The view of somebody whose past orders may be used: skus, or skus with the days since."""
    each = (purchase if isinstance(purchase, tuple) else (purchase, 1) for purchase in purchases)
    bought = tuple(Purchase(sku, NOW - days * DAY) for sku, days in each)
    return ConsentedView("cross_sell", {}, (), tuple(sorted(bought, key=lambda purchase: -purchase.at.timestamp())))


def a_shop_with(**categories):
    made = {name: Category(name, Texts.same(name), **said) for name, said in categories.items()}
    return replace(SHOP, categories={**SHOP.categories, **made})


def test_the_basket_itself_unavailable_and_sensitive_products_are_never_suggested(shop):
    suggestions = shop("HE-1", goes={"HE-1": everything_but()}, **ALL)

    assert set(found(suggestions)) == set(everything_but("HE-1", "BO-2", "ST-1"))


def test_no_bike_is_laid_beside_a_bike(shop):
    suggestions = shop("RB-1", goes={"RB-1": {"RB-2": 9.0, "GB-1": 8.0, "BO-1": 1.0}}, limit=50)

    assert found(suggestions) == ["BO-1"]


def test_a_product_that_the_shop_no_longer_sells_is_neither_suggested_nor_named(shop):
    goes = {"GONE": {"BO-1": 9.0}, "RB-1": {"GONE": 9.0, "HE-1": 1.0}}

    suggestions = shop("RB-1", "GONE", skus=[*(product.sku for product in PRODUCTS), "GONE"], goes=goes, limit=50)

    assert suggestions.unknown_skus == ("GONE",)
    assert found(suggestions) == ["HE-1"]
    assert {suggestion.because.sku for suggestion in suggestions.found} == {"RB-1"}


def test_a_sensitive_product_in_the_basket_speaks_for_nothing(shop):
    suggestions = shop("ST-1", goes={"ST-1": {"BO-1": 9.0}})

    assert suggestions.degraded == "popular_only"


def test_what_nobody_may_be_offered_is_not_called_popular_either(tmp_path):
    shop = a_shop_with(helmet={"suggested": False})
    sold = {"popularity": [30] * len(PRODUCTS)}

    suggestions = Stall(tmp_path, shop)("unheard of", goes={}, **sold, **ALL)

    assert suggestions.degraded == "popular_only"
    assert set(found(suggestions)) == set(everything_but("HE-1", "HE-2", "BO-2", "ST-1"))


def test_what_the_shop_blocks_is_suggested_neither_by_the_model_nor_by_a_rule(tmp_path):
    shop = replace(SHOP, never_suggested=("PD-1",), categories=a_shop_with(helmet={"suggested": False}).categories)
    rules = [a_companion_rule(kind=kind) for kind in ("must_have", "nice_to_have")]

    suggestions = Stall(tmp_path, shop)("RB-1", rules=rules, goes={"RB-1": everything_but()}, **ALL)

    assert found(suggestions)
    assert not set(found(suggestions)) & {"PD-1", "HE-1", "HE-2"}


def test_what_is_owned_is_not_suggested_again_and_the_basis_says_what_was_used(shop):
    goes = {"RB-1": {"HE-1": 9.0, "BO-1": 1.0}}

    suggestions = shop("RB-1", goes=goes, view=who_bought("HE-1"))

    assert found(suggestions) == ["BO-1"]
    assert suggestions.used == ("orders",)


def test_a_must_have_that_lies_at_home_unused_is_not_demanded(shop):
    rules = [a_companion_rule()]

    assert kinds(shop("RB-1", rules=rules, view=who_bought("PD-2"))) == []
    assert kinds(shop("RB-1", rules=rules, view=who_bought("PD-2", "RB-1"), occasion="after_purchase")) == []
    assert kinds(shop("RB-1", rules=rules, view=who_bought("PD-2", "RB-2"))) == ["must_have"]


SIZES = ("700x28", "700x40")
TUBE_RULE = a_companion_rule("tube", products={"category": ("tube",)}, match=["tube_size"], kind="nice_to_have")
TUBES_SHOP = a_shop(attributes={"tube_size": "text", "valve": "many"}, categories=("road_bike", "tube", "bottle"))


def a_bike(sku, size):
    return a_product(sku, tube_size=size)


def a_tube(sku, size):
    return a_product(sku, category="tube", tube_size=size)


def suggested_beside(folder, products, *basket, rules=(TUBE_RULE,)):
    goes = {sku: {product.sku: 1.0 for product in products if product.sku not in basket} for sku in basket}
    categories = ("bottle", "road_bike", "tube")
    stall = Stall(folder, TUBES_SHOP, products)
    return set(found(stall(*basket, rules=rules, goes=goes, categories=categories, **ALL)))


def test_a_tube_of_the_wrong_size_never_goes_with_that_bike(tmp_path):
    products = (
        a_bike("RB-1", SIZES[0]),
        a_tube("TU-1", SIZES[0]),
        a_tube("TU-2", SIZES[1]),
        a_tube("TU-3", None),
        a_product("BO-1", category="bottle", tube_size=SIZES[1]),
    )

    assert suggested_beside(tmp_path, products, "RB-1") == {"TU-1", "TU-3", "BO-1"}
    assert suggested_beside(tmp_path / "free", products, "RB-1", rules=()) == {"TU-1", "TU-2", "TU-3", "BO-1"}


def test_beside_two_bikes_a_tube_must_fit_one_of_them(tmp_path):
    tubes = tuple(a_tube(f"TU-{size}", size) for size in (*SIZES, "20x2"))

    beside = suggested_beside(tmp_path, (a_bike("RB-1", SIZES[0]), a_bike("RB-2", SIZES[1]), *tubes), "RB-1", "RB-2")

    assert beside == {f"TU-{size}" for size in SIZES}


def test_beside_a_tube_no_bike_of_another_size_is_laid(tmp_path):
    bikes = tuple(a_bike(f"RB-{size}", size) for size in (*SIZES, None))

    assert suggested_beside(tmp_path, (a_tube("TU-1", SIZES[0]), *bikes), "TU-1") == {"RB-700x28", "RB-None"}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_is_laid_beside_a_basket_no_rule_is_broken(tmp_path_factory, data):
    sizes = st.sampled_from([*SIZES, None])
    bikes = [a_bike(f"RB-{number}", data.draw(sizes)) for number in range(2)]
    tubes = [a_tube(f"TU-{number}", data.draw(sizes)) for number in range(3)]
    basket = data.draw(st.lists(st.sampled_from(bikes + tubes), min_size=1, unique_by=lambda product: product.sku))

    beside = suggested_beside(tmp_path_factory.mktemp("any"), (*bikes, *tubes), *(product.sku for product in basket))

    for tube in tubes:
        there = [bike for bike in bikes if bike in basket]
        if tube.sku in beside and there:
            assert any(None in {_size(bike), _size(tube)} or _size(bike) == _size(tube) for bike in there)


def _size(product):
    return product.value("tube_size")


def test_after_a_purchase_what_was_just_bought_is_not_suggested_but_what_was_forgotten_is(shop):
    suggestions = shop(
        "RB-1", "HE-1", rules=[a_companion_rule()], goes={"RB-1": {"HE-1": 9.0, "BO-1": 1.0}},
        occasion="after_purchase", view=who_bought(("RB-1", 0), ("HE-1", 0)),
    )  # fmt: skip

    assert found(suggestions) == ["PD-1", "BO-1"]


LASTING = a_shop_with(bottle={"lasts_days": 100})


@pytest.mark.parametrize("occasion", ["basket", "after_purchase"])
def test_what_is_used_up_is_suggested_again_when_it_is_due(tmp_path, occasion):
    suggestions = Stall(tmp_path, LASTING)("RB-1", view=who_bought(("BO-1", 130)), occasion=occasion, locale="de")

    assert (found(suggestions), kinds(suggestions)) == (["BO-1"], ["due_again"])
    assert suggestions.found[0].because.text == "Du hast das vor 4 Monaten gekauft; es hält etwa 3 Monate"
    assert suggestions.used == ("orders",)


@pytest.mark.parametrize(("days", "due"), [(99, False), (100, True)])
def test_nothing_is_due_a_day_too_early(tmp_path, days, due):
    suggestions = Stall(tmp_path, LASTING)("RB-1", view=who_bought(("BO-1", days)), goes={"RB-1": {"BO-1": 9.0}})

    assert kinds(suggestions) == (["due_again"] if due else [])


def test_nothing_is_due_while_a_product_is_looked_at(tmp_path):
    shop = Stall(tmp_path, LASTING)

    assert kinds(shop("RB-1", view=who_bought(("BO-1", 130)), occasion="product")) == []


def test_a_younger_one_of_the_category_keeps_the_older_one_from_being_due(tmp_path):
    shop = Stall(tmp_path, LASTING)

    assert kinds(shop("RB-1", view=who_bought(("BO-1", 130), ("BO-2", 10)))) == []


def test_what_is_in_the_basket_or_out_of_stock_is_not_due(tmp_path):
    shop = Stall(tmp_path, LASTING)

    assert kinds(shop("BO-1", view=who_bought(("BO-1", 130)))) == []
    assert kinds(shop("RB-1", view=who_bought(("BO-2", 130)))) == []


@pytest.mark.parametrize(
    ("bought", "lasts", "text"),
    [
        (1, 1, "You bought this 1 day ago; it lasts about 1 day"),
        (59, 30, "You bought this 59 days ago; it lasts about 30 days"),
        (365, 40, "You bought this 12 months ago; it lasts about 40 days"),
        (800, 365, "You bought this 26 months ago; it lasts about 12 months"),
    ],
)
def test_how_long_ago_and_how_long_it_lasts_are_told_in_days_or_months(tmp_path, bought, lasts, text):
    shop = Stall(tmp_path, a_shop_with(bottle={"lasts_days": lasts}))

    assert shop("RB-1", view=who_bought(("BO-1", bought))).found[0].because.text == text


def test_a_guest_and_somebody_without_purchases_are_told_the_same(shop):
    guest, newcomer = (shop("RB-1", goes={"RB-1": {"BO-1": 1.0}}, view=who_bought()) for _ in range(2))

    assert (found(guest), guest.used) == (found(newcomer), newcomer.used) == (["BO-1"], ())
