"""Values of many shoppers on each engine: all or none, each under a grant of its own shopper that holds."""

from functools import partial
from threading import Barrier, Thread
from time import sleep

import pytest
from sqlalchemy import select, text

from service.privacy.consent import record_event, withdraw_everything
from service.privacy.delivery import deliver
from service.privacy.merging import merge
from service.storage.consents import SqlConsents
from service.storage.deliveries import BATCH, SqlDeliveries
from service.storage.merges import SqlMerges
from service.storage.shoppers import SqlShoppers
from service.storage.tables import profile_value
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
    an_incoming_value,
)

MERGED = ("advice_profile", "profile_merge")
MERGING = a_register(
    attributes=[a_registered_attribute("height_cm", purposes=MERGED, sources=("shopper", "crm"))],
    purposes=[a_purpose(each, valid_for_days=None) for each in MERGED],
)
ME, OTHER, UNKNOWN = a_shopper_id(), a_shopper_id(2), a_shopper_id(3)


@pytest.fixture
def two_shoppers(database):
    """I let my height be kept, from crm alone; somebody else lets nothing be kept."""
    for shopper in (ME, OTHER):
        SqlShoppers(database).ensure(shopper, at=NOW)
    register = a_register(purposes=[a_purpose(valid_for_days=30)])
    record_event(SqlConsents(database, LEDGER), register, ME, a_notice_ref(), [a_decision(source="crm")], at=NOW)


def brought_in(database, values, at=NOW):
    return deliver(SqlDeliveries(database), a_register(), values, at=at)


def stored(database):
    columns = (profile_value.c.shopper_id, profile_value.c.attribute, profile_value.c.source, profile_value.c.value)
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


def test_only_what_a_grant_of_the_same_shopper_attribute_and_source_covers_is_kept(database, two_shoppers):
    came = brought_in(
        database,
        [
            (ME, an_incoming_value()),
            (ME, an_incoming_value(source="shopper")),
            (ME, an_incoming_value("riding_style", "sporty")),
            (OTHER, an_incoming_value()),
            (UNKNOWN, an_incoming_value()),
            (ME, None),
        ],
    )

    assert (came.accepted, came.refused) == (1, {"no_consent": 4, "no_provenance": 1})
    assert stored(database) == [(ME, "height_cm", "crm", "178")]


def test_a_grant_that_is_over_covers_nothing(database, two_shoppers):
    came = brought_in(database, [(ME, an_incoming_value())], at=NOW + 30 * DAY)

    assert came.accepted == 0
    assert stored(database) == []


def test_of_many_values_for_one_place_the_latest_is_kept_whatever_their_order(database, two_shoppers):
    days = (3, 1, 2)
    brought_in(database, [(ME, an_incoming_value(value=170 + day, collected_at=NOW - day * DAY)) for day in days])

    assert stored(database) == [(ME, "height_cm", "crm", "171")]


def test_what_fails_on_the_way_leaves_nothing(database, two_shoppers):
    def values():
        for _ in range(BATCH + 1):
            yield ME, an_incoming_value()
        raise InterruptedError

    with pytest.raises(InterruptedError):
        brought_in(database, values())

    assert stored(database) == []


def test_who_withdraws_while_values_come_in_keeps_none_of_them(database, two_shoppers):
    def withdraw():
        withdraw_everything(SqlConsents(database, LEDGER), ME, at=NOW)

    withdrawing = Thread(target=withdraw)

    def values():
        for _ in range(BATCH):
            yield ME, an_incoming_value()
        withdrawing.start()
        sleep(0.3)  # what waits for the import has long begun
        yield ME, an_incoming_value()

    brought_in(database, values())
    withdrawing.join()

    assert stored(database) == []


@pytest.mark.parametrize(
    ("held", "incoming", "conflicting"),
    [(180, 178, 1), (178.0, 178, 0), (178, 178.5, 1), (None, 178, 0)],
)
def test_an_import_counts_the_attributes_of_which_sources_differ_afterwards(database, held, incoming, conflicting):
    who_allows(database, ME, OTHER)
    brought_in(database, [(OTHER, an_incoming_value(value=v, source=s)) for v, s in ((1, "crm"), (2, "shopper"))])
    if held is not None:
        brought_in(database, [(ME, an_incoming_value(value=held, source="shopper"))])

    came = brought_in(database, [(ME, an_incoming_value(value=incoming))] * 2)

    assert came.conflicting == conflicting


def at_once(*parts):
    """What came of each when all ran side by side: its result, or what it raised."""
    came = [None] * len(parts)

    def run(number):
        try:
            came[number] = parts[number]()
        except Exception as failure:  # noqa: BLE001 - whatever it is is to be seen
            came[number] = failure

    threads = [Thread(target=run, args=(number,)) for number in range(len(parts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def who_allows(database, *subjects):
    decisions = [a_decision("height_cm", each) for each in MERGED]
    for subject in subjects:
        SqlShoppers(database).ensure(subject, at=NOW)
        record_event(SqlConsents(database, LEDGER), MERGING, subject, a_notice_ref(), decisions, at=NOW - DAY)


def first_many_then_one(many, one, *, between):
    """More values of one shopper than are written at once, then one of another; something happens in between."""
    for _ in range(BATCH):
        yield many, an_incoming_value()
    between()
    yield one, an_incoming_value()


def several_writers(database):
    if database.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time")


def test_two_imports_of_the_same_shoppers_the_other_way_round_do_not_entangle(database):
    several_writers(database)
    who_allows(database, ME, OTHER)
    meet = Barrier(2, timeout=20)

    came = at_once(
        *(
            partial(brought_in, database, first_many_then_one(*pair, between=meet.wait))
            for pair in ((ME, OTHER), (OTHER, ME))
        )
    )

    assert [each.accepted for each in came] == [BATCH + 1, BATCH + 1]


def test_a_merge_amid_an_import_does_not_entangle_with_it(database):
    several_writers(database)
    who_allows(database, ME, OTHER)
    merging = Thread(target=partial(merge_them, database, merged := []))

    def begin_to_merge():
        merging.start()
        for _ in range(100):  # until it is done, or waits for what the import holds
            if merged or waits_for_a_lock(database):
                return
            sleep(0.05)
        raise TimeoutError

    came = brought_in(database, first_many_then_one(OTHER, ME, between=begin_to_merge))
    merging.join()

    assert merged == [ME]
    assert came.accepted == 1
    assert stored(database) == [(ME, "height_cm", "crm", "178")]


def merge_them(database, merged):
    receipt = merge(SqlMerges(database, LEDGER), SECRET, ME, OTHER, at=NOW, blocking=lambda _: bool)
    merged.append(receipt.event.subject)


def waits_for_a_lock(database):
    with database.reading() as connection:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return connection.execute(text(waiting)).scalar() > 0


def test_a_request_need_not_wait_while_values_come_in(database):
    several_writers(database)
    who_allows(database, ME, OTHER)

    withdrawing = Thread(target=lambda: withdraw_everything(SqlConsents(database, LEDGER), ME, at=NOW))

    def withdraw():
        withdrawing.start()
        withdrawing.join(timeout=5)

    came = brought_in(database, first_many_then_one(ME, OTHER, between=withdraw))
    withdrawing.join()

    assert (came.accepted, came.refused) == (1, {"no_consent": BATCH})
    assert stored(database) == [(OTHER, "height_cm", "crm", "178")]
