"""A subject's rights on each engine: everything is shown and taken along, and erasure leaves nothing anywhere."""

import pytest
from sqlalchemy import String, Text, select

from service.privacy.consent import record_event
from service.privacy.erasure_list import ErasureList, NotAnErasureList, read_erasures
from service.privacy.portable import as_csv, export, from_csv
from service.privacy.profile import accept
from service.privacy.rights import erase, erase_again, erasure_tag
from service.privacy.shoppers import UnknownShopper
from service.privacy.uses import Use, UseNotes
from service.privacy.view import ConsentedValue, ConsentedView
from service.storage.columns import micros
from service.storage.consents import SqlConsents
from service.storage.ledger import SqlLedger
from service.storage.personal import personal_tables
from service.storage.profiles import SqlProfiles
from service.storage.rights import SqlRights
from service.storage.shoppers import SqlShoppers
from service.storage.tables import consent_event, session
from service.storage.uses import SqlUses
from tests.builders import (
    DAY,
    LEDGER,
    NOW,
    SECRET,
    a_decision,
    a_notice_ref,
    a_register,
    a_shopper_id,
    an_incoming_value,
)
from tests.canaries import a_row_of_canaries, canary, files, told

ME, OTHER = "c0ffee" * 5 + "aa", a_shopper_id(2)


@pytest.fixture
def rights(database, tmp_path):
    return SqlRights(database, LEDGER, ErasureList(tmp_path / "erased.jsonl"))


@pytest.fixture
def two_shoppers(database):
    """Me and somebody else, each with consent and values."""
    for shopper in (ME, OTHER):
        SqlShoppers(database).ensure(shopper, at=NOW)
        decisions = [a_decision("height_cm"), a_decision("height_cm", "cross_sell"), a_decision("riding_style")]
        record_event(
            SqlConsents(database, LEDGER), a_register(), shopper, a_notice_ref(), decisions, at=NOW, idempotency_key="k"
        )
        values = [an_incoming_value(), an_incoming_value("riding_style", "sporty", source="shopper")]
        accept(SqlProfiles(database), a_register(), shopper, values, at=NOW)


@pytest.fixture
def canaries(database, two_shoppers):
    """A canary of mine in every column that tells of a person."""
    with database.writing() as connection:
        event = connection.execute(select(consent_event.c.id).where(consent_event.c.shopper_id == ME)).scalar()
        given = {"credential": {"scope": "shopper", "acting": "minor"}, "consent_grant": {"event_id": event}}
        given["handover"] = {"session_id": canary(session.c.id)}
        for table, _ in personal_tables():
            if table.name not in {"shopper", "consent_event"}:
                connection.execute(table.insert(), a_row_of_canaries(table, ME, given.get(table.name, {})))
    return [b"canary-", ME.encode(), b"987654"]


def hits(paths, needles):
    return [(path.name, needle) for path in paths for needle in needles if needle in path.read_bytes()]


def is_sqlite(database):
    return database.engine.dialect.name == "sqlite"


def test_each_value_is_told_with_where_from_since_when_and_for_what(rights, two_shoppers):
    height, style = rights.held(ME, at=NOW)

    assert (height.attribute, height.value, height.source, height.source_ref) == ("height_cm", 178, "crm", "contact 17")
    assert (height.collected_at, height.stored_at) == (NOW - DAY, NOW)
    assert (height.purposes, style.purposes) == (("advice_profile", "cross_sell"), ("advice_profile",))
    assert (height.used_on, height.used_for) == (None, None)


def a_view(purpose="advice_profile", **sources):
    values = {name: ConsentedValue(name, 1, source) for name, source in sources.items()}
    return ConsentedView(purpose, values, ())


def test_the_last_use_is_told_to_the_day(database, rights, two_shoppers):
    notes = UseNotes(SqlUses(database), on_failure=pytest.fail)

    for hours in range(5):
        notes.note(ME, a_view(height_cm="crm"), NOW.replace(hour=hours))
    notes.write()

    height, style = rights.held(ME, at=NOW)
    assert (height.used_on, height.used_for) == (NOW.replace(hour=0), "advice_profile")
    assert style.used_on is None
    assert rights.held(OTHER, at=NOW)[0].used_on is None


def test_a_later_use_wins_and_an_earlier_one_changes_nothing(database, rights, two_shoppers):
    for day, purpose in ((1, "cross_sell"), (3, "advice_profile"), (2, "cross_sell")):
        SqlUses(database).write({Use(ME, purpose, NOW + day * DAY, (("height_cm", "crm"),))})

    height = rights.held(ME, at=NOW)[0]
    assert (height.used_on, height.used_for) == (NOW + 3 * DAY, "advice_profile")


def test_a_use_is_written_once_a_day_and_again_if_writing_failed():
    written, failures = [], []

    class Store:
        fails = True

        def write(self, uses):
            if self.fails:
                raise OSError
            written.extend(uses)

    store = Store()
    notes = UseNotes(store, on_failure=failures.append)

    notes.note(ME, a_view(height_cm="crm"), NOW)
    notes.write()
    store.fails = False
    notes.write()
    for _ in range(3):
        notes.note(ME, a_view(height_cm="crm"), NOW)
        notes.write()

    assert len(failures) == len(written) == 1


def test_the_copy_holds_every_personal_column_and_nothing_that_opens_anything(rights, canaries):
    records = rights.records(ME)

    text = str(records)
    for table, _ in personal_tables():
        for column in table.columns:
            if table.name in {"shopper", "consent_event"} or not isinstance(column.type, Text | String):
                continue
            is_told = canary(column) in text
            free = not column.foreign_keys and column.name not in {"scope", "acting"}
            assert is_told == (column.info["personal"] in {"data", "proof"} and free), column
    assert records["consent_event"][0]["payload"]["decisions"][0]["attribute"] == "height_cm"
    assert OTHER not in text


def test_the_copy_as_csv_says_the_same(rights, canaries):
    records = rights.records(ME)

    assert from_csv(as_csv(records)) == {name: rows for name, rows in records.items() if rows}


def test_the_copy_can_be_delivered_again(database, rights, two_shoppers):
    copy = export(ME, rights.records(ME), a_register(), at=NOW)

    assert copy["values"][0] == {
        "attribute": "height_cm",
        "value": 178,
        "source": "crm",
        "source_ref": "contact 17",
        "collected_at": (NOW - DAY).isoformat(),
    }
    assert {(each["attribute"], each["purpose"], each["source"]) for each in copy["grants"]} == {
        ("height_cm", "advice_profile", "crm"),
        ("height_cm", "advice_profile", "shopper"),
        ("riding_style", "advice_profile", "crm"),
        ("riding_style", "advice_profile", "shopper"),
        ("height_cm", "cross_sell", "crm"),
        ("height_cm", "cross_sell", "shopper"),
    }


def test_erasure_leaves_nothing_in_any_table_and_others_as_they_were(database, rights, canaries):
    before = rights.records(OTHER)

    erase(rights, SECRET, ME, at=NOW)

    left = told(database)
    assert not any(needle in left for needle in canaries)
    assert "sporty" not in str(rights.records(ME))
    assert rights.records(OTHER) == before
    assert not SqlShoppers(database).is_known(ME)


def test_erasure_leaves_nothing_in_the_files_of_the_database(database, rights, canaries):
    if not is_sqlite(database):
        pytest.skip("PostgreSQL's own files are scrubbed by `begleiter purge --scrub`, which is tested there")
    mine = [*canaries, b"contact 17"]
    erase(rights, SECRET, OTHER, at=NOW)  # who else has the same reference
    assert hits(files(database), mine)

    erase(rights, SECRET, ME, at=NOW)

    assert hits(files(database), mine) == []


def test_the_ledger_verifies_after_an_erasure_and_says_that_there_was_one(database, rights, canaries):
    done = erase(rights, SECRET, ME, at=NOW)

    ledger = SqlLedger(database, LEDGER)
    assert list(ledger.faults(at=micros(NOW), anchors=[done.head])) == []
    with database.reading() as connection:
        kinds = connection.execute(select(consent_event.c.kind).order_by(consent_event.c.position)).scalars().all()
    assert kinds == ["decision", "decision", "erasure"]


def test_an_entry_whose_erasure_is_undone_by_hand_is_found(database, rights, two_shoppers):
    with database.reading() as connection:
        mine = connection.execute(select(consent_event).where(consent_event.c.shopper_id == ME)).one()
    erase(rights, SECRET, ME, at=NOW)

    with database.writing() as connection:
        row = {"payload": mine.payload, "salt": mine.salt}
        connection.execute(consent_event.update().where(consent_event.c.position == mine.position).values(row))

    found = [str(fault) for fault in SqlLedger(database, LEDGER).faults(at=micros(NOW))]
    assert "entry 1: is marked as erased and still tells something" in found


def test_erasing_somebody_unknown_is_refused_and_writes_nothing(database, rights):
    with pytest.raises(UnknownShopper):
        erase(rights, SECRET, ME, at=NOW)

    assert SqlLedger(database, LEDGER).head().position == 0


def test_the_receipt_is_found_again_by_the_token_that_asked(rights, two_shoppers):
    done = erase(rights, SECRET, ME, at=NOW, token_hash="abc")

    assert rights.erased_by("abc") == done
    assert rights.erased_by("abd") is None


def test_an_erasure_that_was_interrupted_before_scrubbing_is_finished_later(database, two_shoppers, tmp_path):
    class Interrupted(Exception):
        pass

    class Broken(ErasureList):
        def add(self, erasures):
            raise Interrupted

    with pytest.raises(Interrupted):
        erase(SqlRights(database, LEDGER, Broken(tmp_path / "erased.jsonl")), SECRET, ME, at=NOW)
    rights = SqlRights(database, LEDGER, ErasureList(tmp_path / "erased.jsonl"))
    finished = rights.finish(at=NOW)

    assert finished
    assert [each.tag for each in read_erasures(tmp_path / "erased.jsonl")] == [erasure_tag(SECRET, ME)]
    assert not SqlShoppers(database).is_known(ME)


def test_whoever_is_to_hear_of_it_hears_why_an_erasure_cannot_be_finished(database, two_shoppers, tmp_path):
    heard = []
    rights = SqlRights(database, LEDGER, ErasureList(tmp_path), on_failure=heard.append)

    erase(rights, SECRET, ME, at=NOW)

    assert [type(failure) for failure in heard] == [IsADirectoryError]
    assert not SqlShoppers(database).is_known(ME)


def test_a_reader_in_the_way_puts_scrubbing_off(database, rights, canaries):
    if not is_sqlite(database):
        pytest.skip("PostgreSQL needs no scrubbing that a reader could be in the way of")
    with database.reading() as connection:
        connection.execute(select(consent_event)).fetchall()
        erase(rights, SECRET, ME, at=NOW)
        assert not rights.finish(at=NOW)

    assert rights.finish(at=NOW)
    assert hits(files(database), canaries) == []


def test_who_came_back_after_an_erasure_is_not_erased_again(database, rights, two_shoppers, tmp_path):
    erase(rights, SECRET, ME, at=NOW + DAY)
    SqlShoppers(database).ensure(ME, at=NOW + 2 * DAY)

    count = erase_again(rights, SECRET, read_erasures(tmp_path / "erased.jsonl"), at=NOW + 3 * DAY)

    assert count == 0
    assert SqlShoppers(database).is_known(ME)


def test_the_erasure_list_is_told_apart_from_other_files(tmp_path):
    (tmp_path / "x.jsonl").write_text('{"tag": 1}\n')

    with pytest.raises(NotAnErasureList):
        list(read_erasures(tmp_path / "x.jsonl"))


def test_the_erasure_list_is_readable_by_its_owner_alone(rights, two_shoppers, tmp_path):
    erase(rights, SECRET, ME, at=NOW)

    assert (tmp_path / "erased.jsonl").stat().st_mode & 0o077 == 0
