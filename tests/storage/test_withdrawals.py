"""Withdrawals that wait for a model without them."""

import pytest

from service.privacy.consent import record_event, withdraw_everything
from service.storage.consents import SqlConsents
from service.storage.ledger import SqlLedger
from service.storage.shoppers import SqlShoppers
from service.storage.withdrawals import SqlWithdrawals
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

ME = a_shopper_id()
BOTH = ("advice_profile", "model_training")
BEHAVIOUR = ("behaviour_capture", "model_training")


@pytest.fixture
def decide(database):
    SqlShoppers(database).ensure(ME, at=NOW)
    attributes = [
        a_registered_attribute("orders", kind="behaviour", purposes=BEHAVIOUR, sources=("shop",)),
        a_registered_attribute("height_cm", purposes=BOTH),
    ]
    register = a_register(attributes=attributes, purposes=[a_purpose(name) for name in {*BOTH, *BEHAVIOUR}])

    def decide(day, *, given, attribute="orders", purpose="model_training"):
        decisions = [a_decision(attribute, purpose, given=given)]
        at = NOW + day * DAY
        record_event(SqlConsents(database, LEDGER), register, ME, a_notice_ref(), decisions, at=at)

    return decide


@pytest.fixture
def first_after(database):
    return lambda day, *, captured=False: SqlWithdrawals(database).first_after(NOW + day * DAY, captured=captured)


def test_the_first_withdrawal_after_a_moment_is_found(decide, first_after):
    for day, given in ((1, True), (2, False), (3, True), (4, False)):
        decide(day, given=given)

    assert [first_after(day) for day in (0, 2, 4)] == [NOW + 2 * DAY, NOW + 4 * DAY, None]


def test_the_first_withdrawal_beyond_an_entry_is_found_whatever_the_clock_says(decide, database):
    withdrawals = SqlWithdrawals(database)
    for given in (True, False, True, False):
        decide(0, given=given)

    assert [withdrawals.first_beyond(position, captured=False) for position in (0, 2, 4)] == [NOW, NOW, None]


def test_an_entry_is_known_by_position_and_hash(decide, database):
    decide(1, given=True)
    head = SqlLedger(database, LEDGER).head()

    withdrawals = SqlWithdrawals(database)

    assert withdrawals.has_entry(head.position, head.hash)
    assert not withdrawals.has_entry(head.position, "0" * 64)
    assert not withdrawals.has_entry(head.position + 1, head.hash)


def test_a_consent_a_refusal_and_a_withdrawal_of_something_else_are_none(decide, first_after):
    decide(1, given=False)
    decide(2, given=True)
    decide(3, given=True, attribute="height_cm", purpose="advice_profile")
    decide(4, given=False, attribute="height_cm", purpose="advice_profile")

    assert first_after(0) is None


def test_whoever_withdraws_a_value_from_training_or_everything_at_once_counts(decide, first_after, database):
    decide(1, given=True, attribute="height_cm")
    decide(2, given=False, attribute="height_cm")
    decide(3, given=True)

    withdraw_everything(SqlConsents(database, LEDGER), ME, at=NOW + 5 * DAY)

    assert [first_after(day) for day in (0, 2)] == [NOW + 2 * DAY, NOW + 5 * DAY]


def test_whoever_ends_capturing_counts_for_a_model_that_learnt_from_captures(decide, first_after, database):
    decide(1, given=True, purpose="behaviour_capture")
    decide(2, given=False, purpose="behaviour_capture")

    assert first_after(0, captured=True) == NOW + 2 * DAY
    assert first_after(0, captured=False) is None
    assert SqlWithdrawals(database).first_beyond(1, captured=True) == NOW + 2 * DAY
    assert SqlWithdrawals(database).first_beyond(2, captured=True) is None
