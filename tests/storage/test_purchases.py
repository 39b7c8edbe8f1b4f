"""Past purchases on each engine: what was imported and what was captured, each under its grants alone."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from service.privacy.consent import record_event
from service.privacy.interactions import Interaction
from service.privacy.orders import OrderLine
from service.privacy.view import Purchase
from service.storage.consents import SqlConsents
from service.storage.interactions import SqlInteractions
from service.storage.orders import SqlOrders
from service.storage.shoppers import SqlShoppers
from service.storage.tables import consent_grant
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
TICK = timedelta(microseconds=1)
PURPOSES = ("behaviour_capture", "cross_sell")
REGISTER = a_register(
    attributes=[
        a_registered_attribute(name, kind="behaviour", purposes=PURPOSES, sources=("shop",))
        for name in ("orders", "searches")
    ],
    purposes=[a_purpose("behaviour_capture", valid_for_days=60), a_purpose("cross_sell", valid_for_days=90)],
)


@pytest.fixture
def decide(database):
    def decide(*purposes, subject=ME, given=True, attribute="orders"):
        SqlShoppers(database).ensure(subject, at=NOW - 99 * DAY)
        decisions = [a_decision(attribute, purpose, given=given) for purpose in purposes]
        record_event(SqlConsents(database, LEDGER), REGISTER, subject, a_notice_ref(), decisions, at=NOW)

    return decide


@pytest.fixture
def does(database):
    def does(sku, kind="purchase", *, subject=ME, at=NOW):
        assert SqlInteractions(database).keep(subject, Interaction(kind, sku, at), None)

    return does


@pytest.fixture
def purchases(database):
    def purchases(*, purpose="cross_sell", at=NOW + DAY, since=None, captured=True):
        return SqlOrders(database).purchases(ME, purpose, at, since=since, captured=captured)

    return purchases


def test_what_was_captured_counts_beside_what_was_imported_each_product_once(database, decide, does, purchases):
    decide(*PURPOSES)
    SqlOrders(database).add(OrderLine("o", n, ME, sku, 1.0, None, NOW - DAY) for n, sku in enumerate("AB", start=1))
    does("A")
    does("C", at=NOW + TICK)

    assert purchases() == (Purchase("C", NOW + TICK), Purchase("A", NOW), Purchase("B", NOW - DAY))


def test_only_a_purchase_was_bought(decide, does, purchases):
    decide(*PURPOSES)
    for kind in ("view", "basket"):
        does("A", kind)

    assert purchases() == ()


def test_what_was_captured_is_released_by_both_grants_together_while_both_hold(decide, does, purchases):
    decide(*PURPOSES)
    does("A")

    assert purchases(at=NOW + 60 * DAY - TICK) == (Purchase("A", NOW),)
    assert purchases(at=NOW + 60 * DAY) == ()
    assert purchases(at=NOW + 90 * DAY) is None
    assert purchases(purpose="advice_profile") is None
    assert purchases(captured=False) == ()


def test_who_lets_the_shop_capture_alone_releases_nothing(decide, does, purchases):
    decide("behaviour_capture")
    does("A")

    assert purchases() is None


def test_withdrawing_either_hides_what_was_captured_at_once(decide, does, purchases):
    decide(*PURPOSES)
    does("A")
    decide("cross_sell", given=False)
    assert purchases() is None

    decide("cross_sell")
    assert purchases() == (Purchase("A", NOW),)

    decide("behaviour_capture", given=False)
    assert purchases() == ()


def test_consent_to_capture_something_else_releases_no_purchase(database, decide, does, purchases):
    decide(*PURPOSES)
    does("A")
    decide(*PURPOSES, attribute="searches")

    with database.writing() as connection:
        capturing = (consent_grant.c.attribute == "orders") & (consent_grant.c.purpose == "behaviour_capture")
        connection.execute(delete(consent_grant).where(capturing))

    assert purchases() == ()


def test_what_others_bought_is_theirs(decide, does, purchases):
    decide(*PURPOSES)
    decide(*PURPOSES, subject=OTHER)
    does("A", subject=OTHER)

    assert purchases() == ()


def test_nothing_is_told_of_before_the_retention_nor_of_after_the_moment(decide, does, purchases):
    decide(*PURPOSES)
    for day in range(3):
        does("ABC"[day], at=NOW + day * DAY)

    assert purchases(at=NOW + DAY, since=NOW) == (Purchase("B", NOW + DAY),)
