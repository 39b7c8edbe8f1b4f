"""Two workers that remember views over one database: whatever happens to it, they show what a fresh reading shows."""

import shutil
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from service.privacy.consent import record_event, withdraw_everything
from service.privacy.credentials import authenticate, issue
from service.privacy.erasure_list import ErasureList
from service.privacy.gate import Gate
from service.privacy.profile import accept
from service.privacy.remembered import RememberedViews
from service.privacy.rights import Erasure
from service.privacy.subject import Marked
from service.storage.consents import SqlConsents
from service.storage.credentials import SqlCredentials
from service.storage.database import open_database
from service.storage.profiles import SqlProfiles
from service.storage.purging import SqlPurge
from service.storage.rights import SqlRights
from service.storage.shoppers import SqlShoppers
from service.storage.tables import METADATA
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

PEOPLE = (a_shopper_id(1), a_shopper_id(2))
PURPOSES = ("advice_profile", "cross_sell")
STEPS = 250


def registers():
    """Two that differ in sources, purposes, ends and retention."""
    both, either = ("crm", "shopper"), PURPOSES
    lasting = tuple(a_purpose(name, valid_for_days=5) for name in PURPOSES)
    height = a_registered_attribute("height_cm", purposes=either, sources=both, retention_days=7)
    style = a_registered_attribute("shoe_size", purposes=either, sources=both)
    one = a_register(attributes=(height, style), purposes=lasting)
    narrow = replace(height, sources=("shopper",), retention_days=2)
    return one, a_register(attributes=(narrow, replace(style, purposes=("cross_sell",))), purposes=lasting)


TO_THE_OTHER = (
    "INSERT INTO {table} (shopper_id, {columns}) SELECT '{{other}}', {columns} FROM {table} t "
    "WHERE shopper_id = '{{me}}' AND NOT EXISTS (SELECT 1 FROM {table} o WHERE o.shopper_id = '{{other}}' AND {same})"
)
VALUE_COLUMNS = "attribute, source, value, source_ref, collected_at, stored_at"
SAME_VALUE = "o.attribute = t.attribute AND o.source = t.source"
GRANT_COLUMNS = "purpose, attribute, source, given_at, until, event_id"
BY_HAND = (
    "DELETE FROM consent_grant WHERE shopper_id = '{me}' AND source = 'crm'",
    "UPDATE consent_grant SET source = 'elsewhere' || given_at WHERE shopper_id = '{me}' AND source = 'crm'",
    "UPDATE consent_grant SET given_at = given_at + 86400000000 WHERE shopper_id = '{me}'",
    "UPDATE consent_grant SET until = given_at + 3600000000 WHERE shopper_id = '{me}'",
    "DELETE FROM profile_value WHERE shopper_id = '{me}'",
    "UPDATE profile_value SET value = '{value}' WHERE shopper_id = '{me}'",
    "UPDATE profile_value SET collected_at = collected_at - 86400000000 WHERE shopper_id = '{me}'",
    TO_THE_OTHER.format(table="profile_value", columns=VALUE_COLUMNS, same=SAME_VALUE),
    TO_THE_OTHER.format(table="consent_grant", columns=GRANT_COLUMNS, same=f"o.purpose = t.purpose AND {SAME_VALUE}"),
)


class Counted(RememberedViews):
    """Counts how often something was remembered."""

    def __init__(self):
        super().__init__()
        self.hits = 0

    def get(self, key, mark, at):
        found = super().get(key, mark, at)
        self.hits += found is not None
        return found


class Worker:
    """A process of the service: connections, a memory and a gate of its own."""

    def __init__(self, url, register):
        self.database = open_database(url)
        self.profiles = SqlProfiles(self.database)
        self.remembered = Counted()
        self.takes_up(register)

    def takes_up(self, register):
        self.gate = Gate(register, self.profiles, remembered=self.remembered, on_failure=_fail)

    def marked(self, subject):
        with self.database.reading() as connection:
            found = connection.execute(text("SELECT mark FROM shopper WHERE id = :id"), {"id": subject}).first()
        return Marked(subject, found and found.mark)


def _fail(failure):
    raise failure


class Happenings:
    """Everything that can happen to consents and values, drawn by a seed."""

    def __init__(self, url, folder, seed):
        self.rng, self.url, self.folder, self.at = Random(seed), url, folder, NOW
        self.registers = registers()
        self.workers = [Worker(url, self.registers[0]) for _ in range(2)]
        self.database = open_database(url)
        self.late = [Marked(PEOPLE[0], None)]
        self.saved = None
        self.lets_all_be_known()

    def lets_all_be_known(self):
        for each in PEOPLE:
            SqlShoppers(self.database).ensure(each, at=self.at)

    def one(self):
        """Let one thing happen, and say what it was."""
        happened = self.rng.choices(
            (self.give, self.deliver, self.withdraw, self.withdraw_all, self.time, self.purge, self.by_hand,
             self.reload, self.erase, self.save, self.restore, self.ask_late, self.nothing),
            (8, 8, 3, 1, 6, 2, 6, 2, 1, 2, 2, 3, 3),
        )[0]  # fmt: skip
        happened()
        return happened.__name__

    def give(self, *, given=True):
        register = self.registers[0]
        attribute = register.attributes[self.attribute()]
        source = self.rng.choice((*attribute.sources, None))
        decisions = [a_decision(attribute.id, self.rng.choice(attribute.purposes), given=given, source=source)]
        consents = SqlConsents(self.database, LEDGER)
        record_event(consents, register, self.person(), a_notice_ref(), decisions, at=self.at)

    def withdraw(self):
        self.give(given=False)

    def withdraw_all(self):
        withdraw_everything(SqlConsents(self.database, LEDGER), self.person(), at=self.at)

    def deliver(self):
        attribute = self.registers[0].attributes[self.attribute()]
        value = an_incoming_value(
            attribute.id,
            value=self.rng.randint(120, 200),
            source=self.rng.choice(attribute.sources),
            collected_at=self.at - timedelta(hours=self.rng.choice((0, 30, 100))),
        )
        accept(SqlProfiles(self.database), self.registers[0], self.person(), [value], at=self.at)

    def time(self):
        self.at += self.rng.choice((timedelta(seconds=1), timedelta(hours=7), DAY, 2 * DAY, -timedelta(hours=30)))

    def purge(self):
        SqlPurge(self.database, LEDGER).purge(self.rng.choice(self.registers), at=self.at)

    def by_hand(self):
        """Somebody at the database, who knows nothing of marks."""
        me, other = self.rng.sample(PEOPLE, 2)
        statement = self.rng.choice(BY_HAND).format(me=me, other=other, value=self.rng.randint(120, 200))
        with self.database.writing() as connection:
            connection.exec_driver_sql(statement)

    def reload(self):
        self.registers = self.registers[::-1]
        for worker in self.workers:
            worker.takes_up(self.registers[0])

    def erase(self):
        rights = SqlRights(self.database, LEDGER, ErasureList(self.folder / "erased.jsonl"))
        erasure = Erasure(self.rng.randbytes(16).hex(), self.at, "tag")
        rights.erase(self.person(), erasure, token_hash=None)
        self.lets_all_be_known()

    def save(self):
        """A backup, and what was known of marks then."""
        self.saved = copied(self.url, self.folder)

    def close(self):
        for database in (self.database, *(worker.database for worker in self.workers)):
            database.close()

    def restore(self):
        if self.saved is None:
            return
        self.close()
        put_back(self.url, self.saved)

    def ask_late(self):
        """A request that looked its token up some time ago; what it is shown is not for us to say."""
        self.late.append(self.workers[0].marked(self.person()))
        for worker in self.workers:
            worker.gate.view(self.rng.choice(self.late), self.rng.choice(PURPOSES), self.at)

    def nothing(self):
        pass

    def person(self):
        return self.rng.choice(PEOPLE)

    def attribute(self):
        return self.rng.choice(tuple(self.registers[0].readable("cross_sell"))).id


def copied(url, folder):
    """A backup: the file, or every row."""
    if url.startswith("sqlite"):
        backup = folder / "backup.sqlite3"
        backup.unlink(missing_ok=True)
        raw = sqlite3.connect(make_url(url).database)
        raw.execute("VACUUM INTO ?", [str(backup)])
        raw.close()
        return backup
    database = open_database(url)
    with database.reading() as connection:
        rows = {table: list(map(dict, connection.execute(table.select()).mappings())) for table in TABLES}
    database.close()
    return rows


TABLES = METADATA.sorted_tables


def put_back(url, saved):
    """The backup as its tool restores it: no trigger has a say."""
    if url.startswith("sqlite"):
        path = Path(make_url(url).database)
        for each in path.parent.glob(f"{path.name}-*"):
            each.unlink()
        shutil.copy(saved, path.with_name("new"))
        path.with_name("new").replace(path)
        return
    database = open_database(url)
    with database.writing() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in TABLES:
            connection.execute(table.delete())
            if saved[table]:
                connection.execute(table.insert(), saved[table])
    database.close()


@pytest.mark.no_cover  # as in property tests
@pytest.mark.parametrize("seed", range(4))
def test_after_whatever_happens_each_worker_shows_what_a_fresh_reading_shows(database_url, tmp_path, seed):
    world, passed = Happenings(database_url, tmp_path, seed), []
    reading = SqlProfiles(world.database)

    for _ in range(STEPS):
        passed.append(world.one())
        fresh = Gate(world.registers[0], reading, on_failure=_fail)
        for subject in PEOPLE:
            marked = [(worker, worker.marked(subject)) for worker in world.workers]
            for purpose in PURPOSES:
                expected = fresh.view(subject, purpose, world.at)
                for worker, known in marked:
                    assert worker.gate.view(known, purpose, world.at) == expected, passed[-5:]

    world.close()
    assert all(worker.remembered.hits > STEPS for worker in world.workers)


def test_a_token_brings_the_mark_of_its_subject_along_and_no_other_token_one(database):
    me = PEOPLE[0]
    SqlShoppers(database).ensure(me, at=NOW)
    credentials = SqlCredentials(database)
    mine = issue(credentials, "shopper", at=NOW, subject=me).token
    shop = issue(credentials, "shop", at=NOW).token

    marks = [authenticate(credentials, mine, "shopper", at=NOW).mark]
    for given in (True, False):
        decisions = [a_decision("height_cm", given=given)]
        record_event(SqlConsents(database, LEDGER), a_register(), me, a_notice_ref(), decisions, at=NOW)
        marks.append(authenticate(credentials, mine, "shopper", at=NOW).mark)

    assert marks[0] is None
    assert None not in marks[1:]
    assert len(set(marks)) == 3
    assert authenticate(credentials, shop, "shop", at=NOW).mark is None
