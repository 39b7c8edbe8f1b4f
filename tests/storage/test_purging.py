"""What may be kept no longer goes, and the ledger says which consents ended by themselves."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from sqlalchemy import func, select, text

from service.advice.session import Session
from service.privacy.consent import record_event
from service.privacy.credentials import issue
from service.privacy.orders import OrderLine
from service.privacy.profile import accept
from service.storage.columns import micros
from service.storage.consents import SqlConsents
from service.storage.credentials import SqlCredentials
from service.storage.ledger import SqlLedger
from service.storage.orders import SqlOrders
from service.storage.profiles import SqlProfiles
from service.storage.purging import SqlPurge
from service.storage.sessions import SqlSessions
from service.storage.shoppers import SqlShoppers
from service.storage.tables import METADATA, consent_event
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
    an_incoming_value,
)

ME, OTHER = a_shopper_id(1), a_shopper_id(2)
REGISTER = a_register(
    attributes=(
        a_registered_attribute("height_cm", purposes=("advice_profile", "cross_sell"), retention_days=30),
        a_registered_attribute("riding_style", kind="text"),
        a_registered_attribute(
            "orders", kind="behaviour", purposes=("cross_sell",), sources=("shop",), retention_days=30
        ),
    ),
    purposes=(a_purpose(valid_for_days=10), a_purpose("cross_sell")),
)


@pytest.fixture
def filled(database):
    """Me with two purposes of which one ends in ten days, and somebody else likewise; orders, a session, a token."""
    for shopper in (ME, OTHER):
        SqlShoppers(database).ensure(shopper, at=NOW)
        decisions = [a_decision(), a_decision("height_cm", "cross_sell"), a_decision("riding_style")]
        record_event(
            SqlConsents(database, LEDGER), REGISTER, shopper, a_notice_ref(), decisions, at=NOW, idempotency_key="k"
        )
        values = [an_incoming_value(), an_incoming_value("riding_style", "sporty")]
        accept(SqlProfiles(database), REGISTER, shopper, values, at=NOW)
        issue(SqlCredentials(database), "shopper", at=NOW, lifetime=DAY, subject=shopper)
    issue(SqlCredentials(database), "shop", at=NOW)
    record_event(
        SqlConsents(database, LEDGER), REGISTER, ME, a_notice_ref(), [a_decision("orders", "cross_sell")], at=NOW
    )
    SqlOrders(database).add(
        [OrderLine("o1", 0, ME, "RB-1", 1, None, NOW), OrderLine("o2", 0, None, "RB-1", 1, None, NOW)]
    )
    started = Session("s", "road-bike", "1", "de", "web", {}, ME, NOW, NOW, NOW + DAY, 0)
    SqlSessions(database).start(started, "token")
    return SqlPurge(database, LEDGER)


def count(database):
    with database.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar()
            for table in METADATA.sorted_tables
        }


def test_nothing_goes_before_its_time(database, filled):
    before = count(database)

    done = filled.purge(REGISTER, at=NOW)

    assert count(database) == before
    assert not any(done.values())


def test_consents_that_ended_are_entered_and_take_their_values_along(database, filled):
    done = filled.purge(REGISTER, at=NOW + 10 * DAY)

    assert done["consents"] == 8
    assert count(database)["consent_grant"] == 5
    assert count(database)["profile_value"] == 2  # the height serves cross_sell still
    with database.reading() as connection:
        kinds = connection.execute(select(consent_event.c.kind).order_by(consent_event.c.position)).scalars().all()
    assert kinds == ["decision", "decision", "decision", "expiry", "expiry"]
    outcomes = {each.outcome for each in SqlConsents(database, LEDGER).events(ME)[-1].decisions}
    assert outcomes == {"expired"}
    assert list(SqlLedger(database, LEDGER).faults(at=micros(NOW))) == []


def test_orders_go_with_the_consent_that_alone_used_them(database, filled):
    ending = replace(REGISTER, purposes=MappingProxyType({"cross_sell": a_purpose("cross_sell", valid_for_days=5)}))
    record_event(
        SqlConsents(database, LEDGER), ending, ME, a_notice_ref(), [a_decision("orders", "cross_sell")], at=NOW
    )

    filled.purge(REGISTER, at=NOW + 5 * DAY)

    assert count(database)["order_line"] == 1  # the one that names nobody


def test_values_and_orders_go_after_their_retention(database, filled):
    done = filled.purge(REGISTER, at=NOW + 29 * DAY)

    assert done["values"] == 2
    assert count(database)["order_line"] == 2
    assert filled.purge(REGISTER, at=NOW + 30 * DAY)["order lines"] == 2


def test_sessions_tokens_and_keys_go_when_they_ended(database, filled):
    filled.purge(REGISTER, at=NOW + 7 * DAY)

    left = count(database)
    assert (left["session"], left["credential"], left["idempotency"]) == (0, 1, 0)


def test_values_of_what_is_declared_no_longer_go(database, filled):
    smaller = a_register(attributes=(REGISTER.attributes["height_cm"],), purposes=tuple(REGISTER.purposes.values()))

    assert filled.purge(smaller, at=NOW)["values"] == 2


@pytest.mark.parametrize(
    ("changed", "gone"),
    [
        ({"purposes": ("model_training",)}, {"values": 2}),
        ({"purposes": ("advice_profile",)}, {}),
        ({"sources": ("shopper",)}, {"values": 2}),
    ],
)
def test_values_go_that_the_register_lets_no_source_deliver_or_no_purpose_use_any_more(filled, changed, gone):
    height = replace(REGISTER.attributes["height_cm"], **changed)
    others = (each for each in REGISTER.attributes.values() if each.id != "height_cm")
    purposes = (*REGISTER.purposes.values(), a_purpose("model_training"))

    done = filled.purge(a_register(attributes=(height, *others), purposes=purposes), at=NOW)

    assert {kind: number for kind, number in done.items() if number} == gone


@pytest.mark.parametrize(("purposes", "left"), [(("cross_sell",), 2), (("model_training",), 1), (None, 1)])
def test_orders_go_that_the_register_lets_no_purpose_use_any_more(database, filled, purposes, left):
    orders = REGISTER.attributes["orders"]
    declared = [each for each in REGISTER.attributes.values() if each is not orders]
    declared += [replace(orders, purposes=purposes)] if purposes else []
    known = (*REGISTER.purposes.values(), a_purpose("model_training"))

    filled.purge(a_register(attributes=declared, purposes=known), at=NOW)

    assert count(database)["order_line"] == left


def test_purging_twice_changes_nothing_more(database, filled):
    filled.purge(REGISTER, at=NOW + 60 * DAY)
    after = count(database)

    assert not any(filled.purge(REGISTER, at=NOW + 60 * DAY).values())
    assert count(database) == after


def test_scrubbing_leaves_nothing_of_what_was_deleted_in_the_files(database, filled):
    with database.writing() as connection:
        connection.execute(text("UPDATE profile_value SET value = '\"canary-in-a-file\"'"))
        connection.execute(text("DELETE FROM profile_value"))

    assert filled.scrub()

    for path in files(database):
        assert b"canary-in-a-file" not in path.read_bytes(), path.name


def files(database):
    """SQLite's files; on PostgreSQL those of this database, but for the server's own log of changes."""
    if database.engine.dialect.name == "sqlite":
        path = Path(database.engine.url.database)
        return [each for each in path.parent.iterdir() if each.name.startswith(path.name)]
    with database.reading() as connection:
        folder = Path(connection.execute(text("SHOW data_directory")).scalar())
        oid = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar()
    return [each for each in (folder / "base" / str(oid)).iterdir() if each.is_file()]
