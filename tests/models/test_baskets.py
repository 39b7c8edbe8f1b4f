"""Order lines become baskets without anybody in them, and nothing is left out without being counted."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.baskets import ProductFacts, facts_of
from models.gathering import gather
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

    assert gathered.lines.used == 4
    assert gathered.lines.left_out == {"not_in_catalogue": 1, "quantity_not_above_0": 1, "sensitive": 1}


@given(st.permutations(LINES))
def test_the_order_of_the_lines_does_not_matter(lines):
    gathered, other = gather(lines, FACTS), gather(LINES, FACTS)

    assert list(gathered.baskets) == list(other.baskets)
    assert gathered.lines == other.lines


@st.composite
def orders(draw):
    """Orders of few products, moments and shoppers, so that much coincides; each order has one shopper."""
    whose = draw(st.lists(st.sampled_from([None, "Ada", "Ben"]), min_size=1, max_size=12))
    line = st.tuples(st.integers(0, len(whose) - 1), st.sampled_from("AB"), st.integers(0, 3))
    return [
        an_order_line(f"{'é' * (order % 2)}{order}", sku, shopper=whose[order], at=NOW + timedelta(hours=hour))
        for order, sku, hour in draw(st.lists(line, max_size=40))
    ]


def plainly(lines):
    """Moment, order id, skus and shopper of each order, by the definition of a basket."""
    for order_id in {line.order_id for line in lines}:
        its = [line for line in lines if line.order_id == order_id]
        yield min(line.ordered_at for line in its), order_id, tuple(sorted({line.sku for line in its})), its[0].shopper


@given(orders())
def test_baskets_are_what_their_definition_says(lines):
    baskets = list(gather(lines, FACTS).baskets)

    by_time = sorted(plainly(lines), key=lambda order: order[:2])
    assert [(basket.ordered_at, basket.skus) for basket in baskets] == [(at, skus) for at, _, skus, _ in by_time]
    for number, (basket, (at, _, _, shopper)) in enumerate(zip(baskets, by_time, strict=True)):
        theirs = [order for order in by_time[:number] if shopper is not None and order[3] == shopper]
        last = {sku: earlier for earlier, _, skus, _ in theirs for sku in skus}
        assert basket.past == tuple(sorted(sku for sku, earlier in last.items() if earlier < at))


@given(orders(), st.data())
def test_a_slice_of_the_baskets_is_the_same_baskets(lines, data):
    baskets = gather(lines, FACTS).baskets
    begin, end = (data.draw(st.integers(0, len(baskets))) for _ in range(2))

    assert list(baskets[begin:end]) == list(baskets)[begin:end]


def test_a_basket_holds_its_shoppers_values_but_not_the_shopper():
    shopper = a_shopper_id(7)
    profiles = {shopper: {"style": "sporty"}}

    [known, anonymous] = gather(
        [an_order_line("1", "A", shopper=shopper), an_order_line("2", "A")], FACTS, profiles.__getitem__
    ).baskets

    assert (known.values, anonymous.values) == ({"style": "sporty"}, {})
    assert shopper not in repr(known)


def test_a_products_facts_are_its_category_its_texts_and_its_topics():
    shop = a_shop(sensitive=("strap",))
    bikes = replace(shop.categories["road_bike"], topics=("outdoors",))
    shop = replace(shop, categories={**shop.categories, "road_bike": bikes})
    catalogue = a_catalogue(
        a_product("RB-1", model="alba", use=("daily",), weight_kg=9.0), a_product("ST-1", category="strap"), shop=shop
    )

    facts = facts_of(catalogue)

    assert facts["RB-1"] == ProductFacts(
        "road_bike",
        sensitive=False,
        features=("category=road_bike", "model=alba"),
        topics=frozenset({"outdoors"}),
    )
    assert [facts["RB-1"].is_about({topic}) for topic in ("outdoors", "road_bike", "strap")] == [True, True, False]
    assert facts["ST-1"].sensitive
