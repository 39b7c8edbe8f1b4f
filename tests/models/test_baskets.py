"""Order lines become baskets without anybody in them, and nothing is left out without being counted."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.baskets import ProductFacts, facts_of, gather
from tests.builders import NOW, a_catalogue, a_product, a_shop, a_shopper_id
from tests.models.worlds import an_order_line

FACTS = {"A": ProductFacts("shoes"), "B": ProductFacts("laces"), "S": ProductFacts("strap", sensitive=True)}
LINES = [
    an_order_line("2", "B", at=NOW + timedelta(hours=1)),
    an_order_line("1", "B", at=NOW + timedelta(hours=2)),
    an_order_line("1", "A", at=NOW),
    an_order_line("1", "A", at=NOW, line=2),
    an_order_line("1", "S"),
    an_order_line("1", "unheard of"),
    an_order_line("2", "A", quantity=-1.0),
]


def test_the_lines_of_an_order_become_one_basket_by_time():
    gathered = gather(LINES, FACTS)

    assert [basket.skus for basket in gathered.baskets] == [("A", "B"), ("B",)]
    assert gathered.baskets[0].ordered_at == NOW


def test_what_is_left_out_is_counted_by_reason():
    gathered = gather(LINES, FACTS)

    assert gathered.used == 4
    assert gathered.left_out == {"not_in_catalogue": 1, "quantity_not_above_0": 1, "sensitive": 1}


@given(st.permutations(LINES))
def test_the_order_of_the_lines_does_not_matter(lines):
    assert gather(lines, FACTS) == gather(LINES, FACTS)


def test_a_basket_holds_its_shoppers_values_but_not_the_shopper():
    shopper = a_shopper_id(7)
    profiles = {shopper: {"style": "sporty"}}

    [known, anonymous] = gather(
        [an_order_line("1", "A", shopper=shopper), an_order_line("2", "A")], FACTS, profiles.__getitem__
    ).baskets

    assert (known.values, anonymous.values) == ({"style": "sporty"}, {})
    assert shopper not in repr(known)


def test_a_products_features_are_its_category_and_its_texts():
    shop = a_shop(sensitive=("strap",))
    catalogue = a_catalogue(
        a_product("RB-1", model="alba", use=("daily",), weight_kg=9.0), a_product("ST-1", category="strap"), shop=shop
    )

    facts = facts_of(catalogue)

    assert facts["RB-1"] == ProductFacts("road_bike", sensitive=False, features=("category=road_bike", "model=alba"))
    assert facts["ST-1"].sensitive
