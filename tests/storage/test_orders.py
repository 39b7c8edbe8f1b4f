import tracemalloc
from datetime import timedelta
from itertools import islice

import pytest

from service.privacy.consent import record_event, withdraw_everything
from service.privacy.orders import OrderLine
from service.privacy.shoppers import UnknownShopper
from service.privacy.view import Purchase
from service.storage.consents import SqlConsents
from service.storage.orders import SqlOrders
from service.storage.shoppers import SqlShoppers
from tests.builders import (
    DAY,
    LEDGER,
    NOW,
    a_decision,
    a_notice_ref,
    a_purpose,
    a_register,
    a_registered_attribute,
    a_shopper_id,
)

ME, OTHER = a_shopper_id(1), a_shopper_id(2)


def a_line(order="o1", line=1, shopper=ME, **changed):
    given = {"sku": "RB-1", "quantity": 1.0, "unit_price": 9.5, "ordered_at": NOW}
    return OrderLine(order_id=order, line=line, shopper=shopper, **(given | changed))


@pytest.fixture
def orders(database):
    for shopper in (ME, OTHER):
        SqlShoppers(database).ensure(shopper, at=NOW)
    return SqlOrders(database)


@pytest.fixture
def allow(database):
    def allow(subject, *, given=True, purpose="model_training", attribute="orders", register=None):
        decisions = [a_decision(attribute, purpose, given=given)]
        record_event(
            SqlConsents(database, LEDGER), register or a_register(), subject, a_notice_ref(), decisions, at=NOW
        )

    return allow


def lines(orders, at=NOW, **options):
    return list(orders.consented_lines(at=at, **options))


def test_lines_come_back_as_they_were_added(orders, allow):
    allow(ME)
    added = [a_line(), a_line(line=2, sku="ü", quantity=2.5, unit_price=None)]

    assert orders.add(added) == 2

    assert lines(orders) == added


def test_adding_again_changes_nothing(orders, allow):
    allow(ME)
    orders.add([a_line()])

    assert orders.add([a_line(sku="another"), a_line(line=2), a_line(line=2)]) == 1

    assert [line.sku for line in lines(orders)] == ["RB-1", "RB-1"]


def test_all_lines_are_added_or_none(orders, allow):
    allow(ME)

    with pytest.raises(UnknownShopper):
        orders.add([a_line(), a_line("o2", shopper=a_shopper_id(9))])

    assert lines(orders) == []


def test_nothing_to_add_is_no_error(orders):
    assert orders.add([]) == 0


def test_only_orders_of_those_who_allow_training_are_streamed(orders, allow):
    orders.add([a_line("o1", shopper=ME), a_line("o2", shopper=OTHER), a_line("o3", shopper=None)])
    assert lines(orders) == []

    allow(ME)

    assert [line.order_id for line in lines(orders)] == ["o1"]


def test_a_consent_to_something_else_streams_nothing(orders, allow):
    both = ("model_training", "behaviour_capture")
    attributes = [a_registered_attribute(name, kind="behaviour", purposes=both) for name in ("orders", "views")]
    register = a_register(attributes=attributes, purposes=[a_purpose(name) for name in both])
    allow(ME, purpose="behaviour_capture", register=register)
    allow(ME, attribute="views", register=register)

    orders.add([a_line()])  # after the decisions, which delete what nothing may use

    assert lines(orders) == []


def test_a_withdrawn_or_expired_consent_streams_nothing(orders, allow, database):
    orders.add([a_line("o1", shopper=ME), a_line("o2", shopper=OTHER)])
    allow(ME)
    allow(OTHER, register=a_register(purposes=(a_purpose("model_training", valid_for_days=10),)))

    withdraw_everything(SqlConsents(database, LEDGER), ME, at=NOW)

    assert [line.order_id for line in lines(orders)] == ["o2"]
    assert lines(orders, at=NOW + 10 * DAY) == []


def test_a_consent_of_tomorrow_streams_nothing_today(orders, allow):
    orders.add([a_line()])
    allow(ME)

    assert lines(orders, at=NOW - DAY) == []


def test_anonymous_lines_come_only_if_asked_for(orders):
    orders.add([a_line("o1", shopper=ME), a_line("o2", shopper=None)])

    assert [line.order_id for line in lines(orders, anonymous=True)] == ["o2"]


def test_only_what_was_ordered_after_a_moment_comes_if_one_is_given(orders, allow):
    allow(ME)
    orders.add([a_line(f"o{hours}", ordered_at=NOW + timedelta(hours=hours)) for hours in range(3)])
    orders.add([a_line("nobody's", shopper=None)])

    found = lines(orders, at=NOW + DAY, since=NOW + timedelta(hours=1), anonymous=True)

    assert [line.order_id for line in found] == ["o2"]


def test_lines_come_order_by_order_and_in_code_point_order(orders, allow):
    allow(ME)
    ids = ["b", "B", "ä", "a-2", "a1", "a 3", "10", "9"]
    orders.add([a_line(order, line) for line in (10, 2, 1) for order in ids])

    found = [(line.order_id, line.line) for line in lines(orders)]

    assert found == [(order, line) for order in sorted(ids) for line in (1, 2, 10)]


def test_memory_does_not_grow_with_the_number_of_lines(orders):
    count = 15_000
    orders.add(a_line(f"o{number:06}", shopper=None) for number in range(count))

    tracemalloc.start()
    streamed = sum(1 for _ in orders.consented_lines(at=NOW, anonymous=True))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert streamed == count
    assert peak < 4_000_000, "15,000 lines as objects are 9 MB"


def test_a_stream_that_is_left_early_gives_its_connection_back(orders, database):
    orders.add([a_line(f"o{number}", shopper=None) for number in range(100)])

    for _ in range(40):
        stream = orders.consented_lines(at=NOW, anonymous=True)
        list(islice(stream, 1))
        stream.close()

    assert database.engine.pool.checkedout() == 0


def allow_orders(allow, register=None):
    both = ("cross_sell", "model_training")
    attribute = a_registered_attribute("orders", kind="behaviour", purposes=both, sources=("shop",))
    allow(ME, purpose="cross_sell", register=register or a_register(attributes=(attribute,)))


def test_past_purchases_are_told_under_a_grant_for_that_purpose_alone(orders, allow):
    allow(ME)
    orders.add([a_line("o1", sku="B"), a_line("o2", sku="A", ordered_at=NOW - DAY), a_line("o3", 1, OTHER, sku="C")])
    assert orders.purchases(ME, "cross_sell", NOW, since=None, captured=True) is None

    allow_orders(allow)

    bought = (Purchase("B", NOW), Purchase("A", NOW - DAY))
    assert orders.purchases(ME, "cross_sell", NOW, since=None, captured=True) == bought
    assert orders.purchases(ME, "cross_sell", NOW, since=NOW - DAY, captured=True) == bought[:1]
    assert orders.purchases(ME, "advice_profile", NOW, since=None, captured=True) is None
    assert orders.purchases(OTHER, "cross_sell", NOW, since=None, captured=True) is None


def test_a_grant_without_purchases_is_told_from_no_grant(orders, allow):
    allow_orders(allow)

    assert orders.purchases(ME, "cross_sell", NOW, since=None, captured=True) == ()
    assert orders.purchases(ME, "cross_sell", NOW - DAY, since=None, captured=True) is None


def test_what_was_bought_often_is_told_once_with_its_latest_purchase(orders, allow):
    allow_orders(allow)
    orders.add([a_line(f"o{day}", sku="A", ordered_at=NOW - day * DAY) for day in range(5)])

    assert orders.purchases(ME, "cross_sell", NOW, since=None, captured=True) == (Purchase("A", NOW),)


def test_purchases_are_gone_with_the_grant(orders, allow, database):
    orders.add([a_line()])
    allow_orders(allow)

    withdraw_everything(SqlConsents(database, LEDGER), ME, at=NOW)

    assert orders.purchases(ME, "cross_sell", NOW, since=None, captured=True) is None
