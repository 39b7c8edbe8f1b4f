"""Values of many shoppers on each engine: all or none, each under a grant of its own shopper that holds."""

from threading import Thread
from time import sleep

import pytest
from sqlalchemy import select

from service.privacy.consent import record_event, withdraw_everything
from service.privacy.delivery import deliver
from service.storage.consents import SqlConsents
from service.storage.deliveries import BATCH, SqlDeliveries
from service.storage.shoppers import SqlShoppers
from service.storage.tables import profile_value
from tests.builders import (
    DAY,
    LEDGER,
    NOW,
    a_decision,
    a_notice_ref,
    a_purpose,
    a_register,
    a_shopper_id,
    an_incoming_value,
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
