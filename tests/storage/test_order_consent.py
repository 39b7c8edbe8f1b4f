"""Orders under consent: kept and learnt from only where the shopper allows it now, and did when they ordered."""

from functools import partial
from itertools import chain, count
from threading import Event, Thread
from time import sleep

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from service.privacy.consent import record_event
from service.privacy.erasure_list import ErasureList
from service.privacy.orders import OrderLine
from service.privacy.rights import erase
from service.storage.consents import SqlConsents
from service.storage.orders import BATCH, SqlOrders
from service.storage.purging import SqlPurge
from service.storage.rights import SqlRights
from service.storage.shoppers import SqlShoppers, locked_in_order
from service.storage.tables import order_line
from tests.builders import (
    DAY,
    LEDGER,
    NOW,
    SECRET,
    a_decision,
    a_notice_ref,
    a_purpose,
    a_register,
    a_registered_attribute,
    a_shopper_id,
)

ME, OTHER = a_shopper_id(1), a_shopper_id(2)
PURPOSES = ("cross_sell", "model_training")
NEWCOMERS = count(100)


class Shop:
    """Shoppers who say yes and no, and their orders."""

    def __init__(self, database):
        self.database, self.orders = database, SqlOrders(database)
        for shopper in (ME, OTHER):
            SqlShoppers(database).ensure(shopper, at=NOW)

    def decides(self, day, *, given=True, purpose="model_training", shopper=ME, lasting=None):
        attribute = a_registered_attribute("orders", kind="behaviour", purposes=PURPOSES, sources=("shop",))
        purposes = [a_purpose(name, valid_for_days=lasting) for name in PURPOSES]
        register = a_register(attributes=(attribute,), purposes=purposes)
        decisions = [a_decision("orders", purpose, given=given)]
        consents = SqlConsents(self.database, LEDGER)
        record_event(consents, register, shopper, a_notice_ref(), decisions, at=NOW + day * DAY)

    def stored(self):
        with self.database.reading() as connection:
            return sorted(connection.execute(order_line.select().with_only_columns(order_line.c.order_id)).scalars())

    def is_waited_for(self):
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        with self.database.reading() as connection:
            return connection.execute(text(waiting)).scalar() > 0

    def learnt(self, day=0):
        return [line.order_id for line in self.orders.consented_lines(at=NOW + day * DAY, anonymous=False)]


@pytest.fixture
def shop(database):
    return Shop(database)


def ordered(*days, shopper=ME):
    """An order on each of these days, named for it."""
    return [OrderLine(f"{day:+03d}", 1, shopper, "RB-1", 1.0, None, NOW + day * DAY) for day in days]


def test_without_consent_nothing_is_kept_and_everything_is_counted(shop):
    shop.decides(-5, shopper=OTHER)

    assert shop.orders.add_allowed(ordered(-3, -2), at=NOW) == (0, 2)

    assert shop.stored() == []


def test_a_shopper_who_is_not_known_allows_nothing(shop):
    assert shop.orders.add_allowed(ordered(-3, shopper=a_shopper_id(9)), at=NOW) == (0, 1)


def test_an_order_from_before_the_consent_is_neither_kept_nor_learnt_from(shop):
    shop.decides(-5)

    assert shop.orders.add_allowed(ordered(-6, -5, -4), at=NOW) == (2, 1)
    shop.orders.add(ordered(-6))

    assert shop.learnt() == ["-04", "-05"]


def test_an_order_under_an_earlier_consent_counts_but_none_from_between(shop):
    shop.decides(-9)
    shop.decides(-7, given=False)
    shop.decides(-3)

    assert shop.orders.add_allowed(ordered(-10, -8, -5, -2), at=NOW) == (2, 2)
    shop.orders.add(ordered(-10, -5))

    assert shop.learnt() == ["-02", "-08"]


def test_a_renewed_consent_does_not_forget_the_orders_before_it(shop):
    shop.decides(-90, lasting=100)
    shop.decides(-1, lasting=100)

    shop.orders.add_allowed(ordered(-50), at=NOW)

    assert shop.learnt() == ["-50"]


def test_after_a_consent_ended_by_itself_orders_do_not_count_until_it_is_given_again(shop):
    shop.decides(-90, lasting=30)
    shop.decides(-10, lasting=30)

    assert shop.orders.add_allowed(ordered(-70, -40, -5), at=NOW) == (2, 1)

    assert shop.learnt() == ["-05", "-70"]


def test_cross_sell_may_keep_past_orders_which_no_model_learns_from(shop):
    shop.decides(-1, purpose="cross_sell")

    assert shop.orders.add_allowed(ordered(-6), at=NOW) == (1, 0)

    assert shop.stored() == ["-06"]
    assert shop.learnt() == []


def test_anonymous_lines_are_kept_and_lines_known_already_stay_as_they_are(shop):
    shop.decides(-5)
    lines = [*ordered(-1), *ordered(-2, shopper=None)]

    assert [shop.orders.add_allowed(lines, at=NOW) for _ in range(2)] == [(2, 0), (0, 0)]


def test_all_is_kept_or_nothing(shop):
    shop.decides(-5)

    def broken():
        yield from ordered(-1)
        raise ValueError("broken off")

    with pytest.raises(ValueError, match="broken off"):
        shop.orders.add_allowed(broken(), at=NOW)

    assert shop.stored() == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(decided=st.lists(st.tuples(st.integers(-9, -1), st.booleans()), max_size=5))
def test_what_is_learnt_is_what_was_allowed_then_and_is_allowed_now(database, decided):
    shop, shopper = Shop(database), a_shopper_id(next(NEWCOMERS))
    SqlShoppers(database).ensure(shopper, at=NOW)
    history = sorted(dict(decided).items())
    for day, given_ in history:
        shop.decides(day, given=given_, shopper=shopper)
    days = range(-10, 0)
    lines = [line for day in days for line in ordered(day, shopper=shopper)]

    def allowed(day):
        return [given_ for when, given_ in history if when <= day][-1:] == [True]

    shop.orders.add_allowed(lines, at=NOW)

    expected = [f"{day:+03d}" for day in days if allowed(day) and allowed(0)]
    assert sorted(shop.learnt()) == sorted(expected)
    with database.writing() as connection:
        connection.execute(order_line.delete())


def test_what_nothing_uses_any_more_is_deleted_at_the_withdrawal(shop):
    shop.decides(-9)
    shop.decides(-9, purpose="cross_sell")
    shop.orders.add_allowed([line for day in (-12, -8) for line in ordered(day)], at=NOW)
    shop.decides(-5, given=False)
    shop.decides(-3)
    shop.orders.add_allowed([*ordered(-4), *ordered(-2)], at=NOW)

    shop.decides(-1, purpose="cross_sell", given=False)
    left = shop.stored()
    shop.decides(0, given=False)

    assert left == ["-02", "-08"]  # what models were allowed to learn from when it was ordered
    assert shop.stored() == []


def test_a_withdrawal_deletes_nobody_elses_orders(shop):
    for day, shopper in ((-8, ME), (-7, OTHER)):
        shop.decides(-9, shopper=shopper)
        shop.orders.add_allowed(ordered(day, shopper=shopper), at=NOW)

    shop.decides(0, given=False)

    assert shop.stored() == ["-07"]


def test_who_withdraws_while_a_file_comes_in_has_nothing_of_it_kept(shop):
    several_writers(shop)
    shop.decides(-9)

    def lines():
        yield from ordered(-12)  # from before the consent: looked at, and not kept
        yield from (OrderLine(f"o{number}", 1, None, "RB-1", 1.0, None, NOW) for number in range(BATCH))
        shop.decides(-1, given=False)
        yield from ordered(-2)

    new, left_out = shop.orders.add_allowed(lines(), at=NOW)

    assert (new, left_out) == (BATCH, 2)
    assert "-02" not in shop.stored()


def several_writers(shop):
    if shop.database.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time")


def first_many_then_one(many, one, *, between):
    """More lines than are looked at together, then one more; something happens in between."""
    yield from (OrderLine(f"o{number}", 1, many, "RB-1", 1.0, None, NOW) for number in range(BATCH))
    between()
    yield from ordered(-2, shopper=one)


def begun(thread):
    """It is done, or waits for what the import holds."""
    thread.start()
    thread.join(timeout=3)


def test_an_order_that_only_a_consent_withdrawn_meanwhile_let_be_used_is_not_kept(shop):
    several_writers(shop)
    shop.decides(-9, purpose="cross_sell")
    shop.decides(-3)
    taking_back = Thread(target=partial(shop.decides, -1, purpose="cross_sell", given=False))

    lines = chain(ordered(-5), first_many_then_one(None, ME, between=partial(begun, taking_back)))
    new, left_out = shop.orders.add_allowed(lines, at=NOW)
    taking_back.join()

    assert (new, left_out) == (BATCH + 1, 1)
    assert {"-05", "-02"} & set(shop.stored()) == {"-02"}


def test_who_is_erased_while_a_file_comes_in_has_nothing_of_it_kept(shop, tmp_path):
    several_writers(shop)
    shop.decides(-9)
    rights = SqlRights(shop.database, LEDGER, ErasureList(tmp_path / "erased.jsonl"))
    erasing = Thread(target=partial(erase, rights, SECRET, ME, at=NOW))

    lines = first_many_then_one(ME, None, between=partial(begun, erasing))
    new, left_out = shop.orders.add_allowed(lines, at=NOW)
    erasing.join()

    assert (new, left_out) == (1, BATCH)


def test_an_import_does_not_entangle_with_who_locks_several_shoppers(shop):
    several_writers(shop)
    for shopper in (ME, OTHER):
        shop.decides(-9, shopper=shopper)
    holds_one, locked = Event(), []

    def lock_both():
        with shop.database.writing() as connection:
            locked_in_order(connection, (ME,))
            holds_one.set()
            for _ in range(100):
                if shop.is_waited_for():
                    break
                sleep(0.05)
            locked.append(locked_in_order(connection, (OTHER,)))

    locking = Thread(target=lock_both)

    def lines():
        yield from (OrderLine(f"o{number}", 1, OTHER, "RB-1", 1.0, None, NOW) for number in range(BATCH))
        locking.start()
        assert holds_one.wait(timeout=20)
        yield OrderLine("the last one", 1, ME, "RB-1", 1.0, None, NOW)

    new, left_out = shop.orders.add_allowed(lines(), at=NOW)
    locking.join()

    assert locked == [{OTHER}]
    assert (new, left_out) == (BATCH + 1, 0)


def test_purging_deletes_what_nothing_uses_any_more(shop):
    shop.orders.add([*ordered(-4), *ordered(-3, shopper=None)])

    SqlPurge(shop.database, LEDGER).purge(a_register(), at=NOW)

    assert shop.stored() == ["-03"]
