"""A subject's rights over the database: to see, to take along, to be erased, down to the database's own files."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Row, or_, select, text, update

from service.privacy.erasure_list import ErasureList
from service.privacy.gate import unheard
from service.privacy.keyring import Keyring
from service.privacy.ledger import Happening
from service.privacy.rights import Erased, Erasure, HeldValue, Records
from service.privacy.subject import ShopperId
from service.storage.database import Database, StorageFailed
from service.storage.ledger import Appending
from service.storage.personal import delete_rows, personal_tables, records
from service.storage.shoppers import locked
from service.storage.tables import consent_grant, erasure, profile_value, shopper

BATCH = 1_000
BRIEFLY = 250  # milliseconds to wait for readers; what cannot be scrubbed now is tried again


class SqlRights:
    """Sees, gives out and erases. Erasures are written to `listed`, too, which outlives a restored backup.

    `on_failure` hears why an erasure could not be finished; its text must not be logged.
    """

    def __init__(
        self,
        database: Database,
        keys: Keyring,
        listed: ErasureList,
        *,
        on_failure: Callable[[Exception], None] = unheard,
    ) -> None:
        self._database = database
        self._keys = keys
        self._listed = listed
        self._on_failure = on_failure

    def held(self, subject: ShopperId, *, at: datetime) -> tuple[HeldValue, ...]:
        """The subject's profile values, by attribute and source."""
        with self._database.reading() as connection:
            served = _served(connection, subject, at)
            mine = select(profile_value).where(profile_value.c.shopper_id == subject)
            rows = connection.execute(mine.order_by(profile_value.c.attribute, profile_value.c.source))
            return tuple(_held(row, served.get((row.attribute, row.source), ())) for row in rows)

    def records(self, subject: ShopperId) -> Records:
        """Everything about the subject but what opens something."""
        with self._database.reading() as connection:
            return records(connection, subject)

    def erase(self, subject: ShopperId, new: Erasure, *, token_hash: str | None) -> Erased:
        """Erase the subject in one transaction, and remember that it was done; raises UnknownShopper."""
        with self._database.writing() as connection:
            locked(connection, subject)
            ledger = Appending(self._database, connection, self._keys)
            head = ledger.enter([Happening(new.id, "erasure", new.at)])
            ledger.shred(subject)
            delete_rows(connection, subject)
            row = {"id": new.id, "tag": new.tag, "at": new.at, "token_hash": token_hash}
            connection.execute(erasure.insert(), row)
        return Erased(new, head)

    def erased_by(self, token_hash: str) -> Erased | None:
        """The erasure that was asked for with this token, which opens nothing any more."""
        with self._database.reading() as connection:
            row = connection.execute(select(erasure).where(erasure.c.token_hash == token_hash)).first()
            if row is None:
                return None
            return Erased(_erasure(row), Appending(self._database, connection, self._keys).head())

    def finish(self, *, at: datetime) -> bool:
        """Enter erasures into the list and scrub the database's files; False if that must be tried again."""
        try:
            return self._finish(at)
        except (StorageFailed, OSError) as failure:
            self._on_failure(failure)
            return False

    def _finish(self, at: datetime) -> bool:
        with self._database.reading() as connection:
            left = [_erasure(row) for row in connection.execute(select(erasure).where(_unscrubbed()))]
        if not left:
            return True
        self._listed.add(left)
        if not self._scrub():
            return False
        with self._database.writing() as connection:
            done = erasure.c.id.in_([each.id for each in left])
            connection.execute(update(erasure).where(done).values(scrubbed_at=at))
        return True

    def known(self) -> Iterator[tuple[ShopperId, datetime]]:
        """Every subject and since when; streams."""
        rows = select(shopper.c.id, shopper.c.created_at).order_by(shopper.c.id)
        with self._database.reading() as connection:
            for row in connection.execution_options(yield_per=BATCH).execute(rows):
                yield ShopperId(row.id), row.created_at

    def _scrub(self) -> bool:
        """SQLite overwrote what it deleted; what is left is in the write-ahead log. PostgreSQL keeps dead rows."""
        with self._database.administering() as connection:
            if connection.dialect.name == "sqlite":
                return checkpointed(connection)
            for table, _ in personal_tables():
                connection.execute(text(f"VACUUM {table.name}"))
            return True


def checkpointed(connection: Connection) -> bool:
    """Bring SQLite's write-ahead log into its file and empty it; False if a reader needs the log still."""
    waiting = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {BRIEFLY}")
    try:
        return not connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {waiting}")


def _unscrubbed() -> ColumnElement[bool]:
    return erasure.c.scrubbed_at.is_(None)


def _erasure(row: Row[Any]) -> Erasure:
    return Erasure(row.id, row.at, row.tag)


def _served(connection: Connection, subject: ShopperId, at: datetime) -> dict[tuple[str, str], tuple[str, ...]]:
    grant = consent_grant.c
    rows = connection.execute(
        select(grant.attribute, grant.source, grant.purpose)
        .where(grant.shopper_id == subject, grant.given_at <= at, or_(grant.until.is_(None), grant.until > at))
        .order_by(grant.purpose)
    )
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in rows:
        found[row.attribute, row.source] = (*found.get((row.attribute, row.source), ()), row.purpose)
    return found


def _held(row: Row[Any], purposes: tuple[str, ...]) -> HeldValue:
    value, is_json = _told(row.value)
    return HeldValue(
        attribute=row.attribute,
        value=value,
        source=row.source,
        source_ref=row.source_ref,
        collected_at=row.collected_at,
        stored_at=row.stored_at,
        purposes=purposes,
        used_on=row.used_on,
        used_for=row.used_for,
        is_json=is_json,
    )


def _told(stored: str) -> tuple[object, bool]:
    """The value, or the stored text where that is no JSON: whose it is may see it all the same. And whether it is."""
    try:
        return orjson.loads(stored), True
    except orjson.JSONDecodeError:
        return stored, False
