"""The ledger on each engine: chained under one lock, and whatever is done to its rows is found."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from service.privacy.consent import record_event, withdraw_everything
from service.privacy.declared import text_hash
from service.privacy.enrolment import Deciding, Enrolment, enrol
from service.privacy.ledger import LedgerBroken
from service.storage.columns import micros
from service.storage.consents import SqlConsents
from service.storage.enrolments import SqlEnrolments
from service.storage.ledger import SqlLedger
from service.storage.notices import SqlNotices
from service.storage.shoppers import SqlShoppers
from tests.builders import DAY, LEDGER, NOW, a_decision, a_notice, a_notice_ref, a_purpose, a_register, a_shopper_id

SHOPPERS = 4
LATER = NOW + DAY


@pytest.fixture
def ledger(database):
    return SqlLedger(database, LEDGER)


@pytest.fixture
def decide(database):
    consents = SqlConsents(database, LEDGER)
    for number in range(SHOPPERS):
        SqlShoppers(database).ensure(a_shopper_id(number), at=NOW)

    def write(number, *decisions, register=None, at=NOW):
        subject = a_shopper_id(number % SHOPPERS)
        return record_event(consents, register or a_register(), subject, a_notice_ref(), decisions, at=at)

    return write


@pytest.fixture
def ten_events(decide):
    return [decide(number, a_decision("height_cm", given=number % 3 != 2)) for number in range(10)]


def found(ledger, *, anchors=(), at=LATER):
    return [str(fault) for fault in ledger.faults(anchors=anchors, at=micros(at))]


def run(database, *statements):
    with database.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_what_is_written_verifies_and_every_receipt_names_the_head(ledger, ten_events):
    assert found(ledger) == []
    assert [receipt.head.position for receipt in ten_events] == list(range(1, 11))
    assert ledger.head() == ten_events[-1].head
    assert found(ledger, anchors=[receipt.head for receipt in ten_events]) == []


def test_an_empty_ledger_verifies(ledger):
    assert found(ledger) == []
    assert ledger.head().position == 0


def test_a_decision_written_in_bulk_is_chained_too(database, ledger, decide):
    decisions = (a_decision(), a_decision("riding_style"))
    people = [
        Enrolment(a_shopper_id(100 + number), (Deciding(NOW, a_notice_ref(), decisions),)) for number in range(1_203)
    ]

    enrol(SqlEnrolments(database, LEDGER), a_register(), people, at=NOW)

    assert found(ledger) == []
    assert ledger.head().position == 1_203


CHANGES = [
    "UPDATE consent_event SET id = 'another' WHERE position = 4",
    "UPDATE consent_event SET kind = 'expiry' WHERE position = 4",
    "UPDATE consent_event SET at = at + 1 WHERE position = 4",
    "UPDATE consent_event SET at = 9000000000000000000 WHERE position = 4",
    "UPDATE consent_event SET notice_id = 'other' WHERE position = 4",
    "UPDATE consent_event SET notice_version = '2' WHERE position = 4",
    "UPDATE consent_event SET notice_language = NULL WHERE position = 4",
    "UPDATE consent_event SET notice_hash = 'x' WHERE position = 4",
    "UPDATE consent_event SET shopper_id = NULL WHERE position = 4",
    f"UPDATE consent_event SET shopper_id = '{a_shopper_id(1)}' WHERE position = 4",
    "UPDATE consent_event SET payload = replace(payload, 'given', 'taken') WHERE position = 4",
    "UPDATE consent_event SET payload = 'no JSON' WHERE position = 4",
    "UPDATE consent_event SET payload = NULL, salt = NULL, shopper_id = NULL WHERE position = 4",
    "UPDATE consent_event SET payload = NULL, salt = NULL, shopper_id = NULL, shredded = commitment WHERE position = 4",
    "UPDATE consent_event SET salt = 'pepper' WHERE position = 4",
    "UPDATE consent_event SET salt = 'pfëffer' WHERE position = 4",
    "UPDATE consent_event SET commitment = salt WHERE position = 4",
    "UPDATE consent_event SET key_id = 'mine' WHERE position = 4",
    "UPDATE consent_event SET previous_hash = entry_hash WHERE position = 4",
    "UPDATE consent_event SET entry_hash = previous_hash WHERE position = 4",
    "UPDATE consent_event SET shredded = 'x' WHERE position = 4",
    "UPDATE consent_event SET position = 400 WHERE position = 4",
    "UPDATE consent_event SET position = 400 WHERE position = 10",
    "UPDATE ledger_head SET position = 9",
    "UPDATE ledger_head SET entry_hash = (SELECT entry_hash FROM consent_event WHERE position = 9), position = 9",
    "UPDATE ledger_head SET signature = 'x'",
    "UPDATE ledger_head SET key_id = 'x'",
    "DELETE FROM ledger_head",
]


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_a_row_is_found(database, ledger, ten_events, change):
    run(database, change)

    assert found(ledger)


@pytest.mark.parametrize("position", [1, 4, 9, 10])
def test_every_row_deleted_is_found(database, ledger, ten_events, position):
    run(database, "DELETE FROM consent_grant", f"DELETE FROM consent_event WHERE position = {position}")

    assert any("consent" not in each and "grants" not in each for each in found(ledger))


def test_two_rows_swapped_are_found(database, ledger, ten_events):
    run(
        database,
        "UPDATE consent_event SET position = 400 WHERE position = 4",
        "UPDATE consent_event SET position = 4 WHERE position = 5",
        "UPDATE consent_event SET position = 5 WHERE position = 400",
    )

    assert found(ledger)


def test_a_database_put_back_to_an_earlier_state_is_found_by_a_receipt(database, ledger, ten_events):
    earlier = ten_events[6].head
    run(
        database,
        "DELETE FROM consent_grant",
        "DELETE FROM consent_event WHERE position > 7",
        f"UPDATE ledger_head SET position = 7, entry_hash = '{earlier.hash}', signature = '{earlier.signature}'",
    )

    assert not any("cut" in each for each in found(ledger))
    assert any("cut" in each for each in found(ledger, anchors=[ten_events[9].head]))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE consent_grant SET until = 9000000000000000000",
        "UPDATE consent_grant SET attribute = 'riding_style'",
        "UPDATE consent_grant SET purpose = 'cross_sell'",
        "UPDATE consent_grant SET source = 'broker' WHERE source = 'crm'",
        "DELETE FROM consent_grant WHERE source = 'crm'",
        "DELETE FROM consent_grant",
    ],
)
def test_grants_that_are_not_what_the_ledger_says_are_found(database, ledger, ten_events, change):
    run(database, change)

    assert "somebody's grants are not what their entries say" in found(ledger)


def test_a_grant_out_of_nowhere_is_found(database, ledger, ten_events):
    run(
        database,
        "INSERT INTO consent_grant (shopper_id, purpose, attribute, source, given_at, event_id) "
        f"SELECT '{a_shopper_id(0)}', 'model_training', 'orders', 'shop', 0, id FROM consent_event WHERE position = 1",
    )

    assert found(ledger) == ["somebody's grants are not what their entries say"]


@pytest.mark.parametrize("change", ["given_at = given_at - 1", "event_id = (SELECT max(id) FROM consent_event)"])
def test_a_grant_that_claims_another_beginning_than_its_entry_is_found(database, ledger, decide, change):
    receipts = [decide(0, a_decision("height_cm")), decide(0, a_decision("riding_style"))]
    first = min(receipts, key=lambda receipt: receipt.event.id).event
    assert found(ledger) == []

    run(database, f"UPDATE consent_grant SET {change} WHERE event_id = '{first.id}'")

    assert found(ledger) == ["somebody's grants are not what their entries say"]


def test_a_notice_that_reads_otherwise_than_when_consent_was_given_is_found(database, ledger, ten_events):
    SqlNotices(database).keep([a_notice()], at=NOW)
    assert found(ledger) == []

    run(database, "UPDATE notice SET text = 'Everything is allowed' WHERE language = 'de'")
    changed = found(ledger)
    run(database, f"UPDATE notice SET hash = '{text_hash('Everything is allowed')}' WHERE language = 'de'")

    assert changed == ["the text kept of notice profile 1 (de) was changed"]
    assert found(ledger) == ["entries name another text of notice profile 1 (de) than was kept"]


def test_a_grant_that_ended_by_itself_is_no_fault(database, ledger, decide):
    decide(1, a_decision(), register=a_register(purposes=(a_purpose(valid_for_days=1),)))

    run(database, "DELETE FROM consent_grant")

    assert found(ledger, at=NOW)
    assert found(ledger, at=NOW + 2 * DAY) == []


def test_withdrawing_everything_replays_to_nothing(database, ledger, ten_events):
    withdraw_everything(SqlConsents(database, LEDGER), a_shopper_id(0), at=NOW)

    assert found(ledger) == []


def test_nothing_is_appended_to_a_ledger_whose_head_was_changed(database, decide, ten_events):
    run(database, "UPDATE ledger_head SET position = 3")

    with pytest.raises(LedgerBroken):
        decide(1, a_decision("riding_style"))


def test_many_writers_make_one_chain_from_its_first_entry_on(database, ledger, decide):
    for _ in range(5):
        run(database, "DELETE FROM consent_grant", "DELETE FROM consent_event", "DELETE FROM ledger_head")

        with ThreadPoolExecutor(8) as threads:
            receipts = list(threads.map(lambda number: decide(number, a_decision()), range(24)))

        assert sorted(receipt.head.position for receipt in receipts) == list(range(1, 25))
        assert found(ledger) == []
