"""What shoppers let the shop capture teaches as orders do: purchases alone, and none that an import tells of, too."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.baskets import ProductFacts
from models.gathering import gather
from service.privacy.interactions import Interaction
from tests.builders import DAY, NOW, a_shopper_id
from tests.models.worlds import an_order_line

ME, OTHER = a_shopper_id(1), a_shopper_id(2)
FACTS = {sku: ProductFacts("shoes") for sku in "ABCD"} | {"S": ProductFacts("strap", sensitive=True)}
HOUR, INSTANT = timedelta(hours=1), timedelta(microseconds=1)


def done(sku, *, after=timedelta(0), kind="purchase", shopper=ME):
    return shopper, Interaction(kind, sku, NOW + after)


def gathered(captured, lines=(), **options):
    return gather(lines, FACTS, captured=captured, **options)


def skus(found):
    return [basket.skus for basket in found.baskets]


def test_what_one_shopper_buys_within_an_hour_of_the_purchase_before_is_one_order():
    captured = [done("B"), done("A", after=HOUR), done("C", after=2 * HOUR), done("D", after=3 * HOUR + INSTANT)]

    found = gathered([*captured, done("A", shopper=OTHER)])

    assert skus(found) == [("A", "B", "C"), ("A",), ("D",)]
    assert found.captured.used == 5


def test_what_was_only_viewed_or_laid_into_a_basket_teaches_nothing_and_is_counted():
    found = gathered([done("A"), done("B", kind="view"), done("C", kind="basket"), done("D")])

    assert skus(found) == [("A", "D")]
    assert (found.captured.used, found.captured.left_out) == (2, {"not_a_purchase": 2})


def test_sensitive_products_and_unknown_ones_are_left_out_and_counted():
    found = gathered([done("A"), done("S"), done("gone")])

    assert skus(found) == [("A",)]
    assert found.captured.left_out == {"not_in_catalogue": 1, "sensitive": 1}


@pytest.mark.parametrize("whose", [ME, None], ids=["of the shopper", "of nobody"])
@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_purchase_that_an_imported_order_may_tell_of_counts_once(whose, days):
    imported = [an_order_line(sku=sku, shopper=whose, at=NOW + days * DAY) for sku in "AB"]

    found = gathered([done("A"), done("B"), done("C")], imported)

    assert skus(found) == [("A", "B")]
    assert (found.lines.used, found.captured.used, found.captured.left_out) == (2, 0, {"in_imported_orders": 3})


@pytest.mark.parametrize(
    "imported",
    [
        an_order_line(sku="A", shopper=OTHER),
        an_order_line(sku="D", shopper=ME),
        an_order_line(sku="A", shopper=ME, at=NOW + 2 * DAY),
        an_order_line(sku="A", shopper=ME, at=NOW - 2 * DAY),
    ],
    ids=["another shopper's", "of another product", "of a later day", "of an earlier day"],
)
def test_other_imported_orders_leave_a_captured_purchase_as_it_is(imported):
    found = gathered([done("A"), done("B")], [imported])

    assert ("A", "B") in skus(found)
    assert found.captured.used == 2


def test_a_captured_order_has_its_shoppers_values_and_past_and_is_a_past_to_later_ones():
    values = {ME: {"style": "sporty"}}
    imported = [
        an_order_line(sku="C", shopper=ME, at=NOW - 9 * DAY),
        an_order_line("2", "D", shopper=ME, at=NOW + 9 * DAY),
    ]

    [_, captured, later] = gather(imported, FACTS, lambda who: values[who], [done("A")]).baskets

    assert (captured.skus, captured.past, captured.values) == (("A",), ("C",), {"style": "sporty"})
    assert later.past == ("A", "C")


@st.composite
def worlds(draw):
    """Orders and purchases of few products, moments and shoppers, so that much coincides."""
    moments = st.integers(0, 300).map(lambda quarters: NOW + quarters * timedelta(minutes=15))
    whose = draw(st.lists(st.sampled_from([None, ME, OTHER]), min_size=1, max_size=5))
    orders = st.tuples(st.integers(0, len(whose) - 1), st.sampled_from("ABCD"), moments)
    deeds = st.tuples(st.sampled_from([ME, OTHER]), st.sampled_from("ABCD"), moments)
    lines = [
        an_order_line(str(order), sku, shopper=whose[order], at=at)
        for order, sku, at in draw(st.lists(orders, max_size=8))
    ]
    bought = sorted((who, at, sku) for who, sku, at in draw(st.lists(deeds, max_size=12)))
    return lines, [(who, Interaction("purchase", sku, at)) for who, at, sku in bought]


def plainly(lines, captured):
    """Moment and skus of each captured order that no imported one may tell of, by the definition."""
    groups = []
    for who, each in captured:
        if groups and groups[-1][0] == who and each.at - groups[-1][1][-1].at <= HOUR:
            groups[-1][1].append(each)
        else:
            groups.append((who, [each]))
    for who, some in groups:
        told = any(
            line.shopper in {who, None}
            and line.sku == each.sku
            and abs((line.ordered_at.date() - each.at.date()).days) < 2
            for line in lines
            for each in some
        )
        if not told:
            yield some[0].at, tuple(sorted({each.sku for each in some}))


@given(worlds())
@settings(max_examples=400, deadline=None)
def test_captured_orders_are_what_their_definition_says(world):
    lines, captured = world

    found = gathered(captured, lines)

    imported = gathered((), lines)
    news = sorted([(basket.ordered_at, basket.skus) for basket in imported.baskets] + list(plainly(lines, captured)))
    assert sorted((basket.ordered_at, basket.skus) for basket in found.baskets) == news
    assert found.captured.used + found.captured.left_out.get("in_imported_orders", 0) == len(captured)
    assert found.lines == imported.lines
