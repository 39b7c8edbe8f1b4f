"""Erasure leaves nothing of any column, on each engine: not in a table, a file, a statistic or a restored backup."""

import pytest
from sqlalchemy import select, text

from service.privacy.consent import record_event
from service.privacy.erasure_list import ErasureList, read_erasures
from service.privacy.profile import accept
from service.privacy.rights import erase, erase_again
from service.storage.columns import micros
from service.storage.consents import SqlConsents
from service.storage.ledger import SqlLedger
from service.storage.personal import personal_tables
from service.storage.profiles import SqlProfiles
from service.storage.purging import SqlPurge
from service.storage.rights import SqlRights
from service.storage.shoppers import SqlShoppers
from service.storage.tables import consent_event, credential, session, shopper
from tests.backups import backup_of
from tests.builders import (
    DAY,
    LEDGER,
    NOW,
    SECRET,
    a_decision,
    a_notice_ref,
    a_register,
    a_registered_attribute,
    a_shopper_id,
    an_incoming_value,
)
from tests.canaries import (
    ABOUT_SOMEBODY,
    LOOKED_FOR,
    UNSEARCHED,
    a_row_of_canaries,
    canary,
    canary_of,
    contents,
    files,
    found,
    told,
    traces,
)

ME, OTHER = "c0ffee" * 5 + "aa", a_shopper_id(2)
PAYLOAD, SALT = consent_event.c.payload, consent_event.c.salt
SAYING = a_register(attributes=[a_registered_attribute(canary(PAYLOAD))])


@pytest.fixture
def rights(database, tmp_path):
    return SqlRights(database, LEDGER, ErasureList(tmp_path / "erased.jsonl"))


@pytest.fixture
def salt(database):
    """My rows, with a canary in every column that tells of somebody; somebody else's stay. The salt of my entry."""
    for subject, register, attribute in ((OTHER, a_register(), "height_cm"), (ME, SAYING, canary(PAYLOAD))):
        SqlShoppers(database).ensure(subject, at=NOW)
        decisions = [a_decision(attribute)]
        consents = SqlConsents(database, LEDGER)
        event = record_event(consents, register, subject, a_notice_ref(), decisions, at=NOW).event.id
    accept(SqlProfiles(database), a_register(), OTHER, [an_incoming_value(source_ref="theirs")], at=NOW)
    given = {
        "consent_grant": {"event_id": event},
        "handover": {"session_id": canary(session.c.id)},
        "credential": {"scope": "shopper", "acting": "minor", "session_id": None},
    }
    with database.writing() as connection:
        created = canary_of(shopper.c.created_at, ME)
        connection.execute(shopper.update().where(shopper.c.id == ME).values(created_at=created))
        for table, _ in personal_tables():
            if table not in (shopper, consent_event):
                connection.execute(table.insert(), a_row_of_canaries(table, ME, given.get(table.name, {})))
        connection.execute(credential.insert(), OF_MY_SESSION)
        salt = connection.execute(select(SALT).where(consent_event.c.shopper_id == ME)).scalar()
    if database.engine.dialect.name == "postgresql":
        with database.administering() as connection:
            connection.execute(text("ANALYZE"))  # as the server does by itself
    return salt


OF_MY_SESSION = {
    "id": "canary-of-my-session",
    "scope": "session",
    "token_hash": "canary-hash-of-my-session",
    "session_id": canary(session.c.id),
    "label": "",
    "created_at": NOW,
}
BESIDES = (b"canary-of-my-session", b"canary-hash-of-my-session")


def test_a_column_is_looked_for_or_named_with_the_reason_why_not():
    assert {str(column) for column in ABOUT_SOMEBODY} == {*map(str, LOOKED_FOR), *UNSEARCHED}
    own = [traces(column, ME)[0] for column in LOOKED_FOR if column.info["personal"] != "subject"]
    assert len(set(own)) == len(own)


def written_down(database):
    """PostgreSQL keeps what changed in memory for a while; it is in its files then."""
    if database.engine.dialect.name == "postgresql":
        with database.administering() as connection:
            connection.execute(text("CHECKPOINT"))


def scrubbed(database):
    """SQLite overwrites as it deletes; PostgreSQL's files are written anew by `begleiter purge --scrub`."""
    if database.engine.dialect.name == "postgresql":
        assert SqlPurge(database, LEDGER).scrub()


def left(database, salt):
    """What of me is found anywhere in the database: in a table, a statistic or a file."""
    everything = [told(database), *contents(files(database))]
    besides = {trace for trace in (*BESIDES, salt.encode()) if any(trace in each for each in everything)}
    return found(LOOKED_FOR, ME, *everything) | besides


def test_every_columns_canary_is_found_before_an_erasure_and_none_after_it(database, rights, salt):
    written_down(database)
    for everything in ([told(database)], contents(files(database))):
        assert found(LOOKED_FOR, ME, *everything) == set(map(str, LOOKED_FOR))
    assert salt.encode() in told(database)

    erase(rights, SECRET, ME, at=NOW)

    assert found(LOOKED_FOR, ME, told(database)) == set()
    scrubbed(database)
    assert left(database, salt) == set()
    assert b"theirs" in told(database)
    assert list(SqlLedger(database, LEDGER).faults(at=micros(NOW))) == []


def test_a_restored_backup_has_every_canary_until_the_list_was_applied_and_then_none(database, rights, salt, tmp_path):
    with backup_of(database, tmp_path) as restored:
        erase(rights, SECRET, ME, at=NOW + DAY)
        assert found(LOOKED_FOR, ME, *contents(files(restored))) == set(map(str, LOOKED_FOR))

        again = SqlRights(restored, LEDGER, ErasureList(tmp_path / "again.jsonl"))
        count = erase_again(again, SECRET, read_erasures(tmp_path / "erased.jsonl"), at=NOW + 2 * DAY)
        scrubbed(restored)

        assert count == 1
        assert left(restored, salt) == set()
        assert b"theirs" in told(restored)
    lists = contents([tmp_path / "erased.jsonl", tmp_path / "again.jsonl"])
    assert found(LOOKED_FOR, ME, *lists) == set()
