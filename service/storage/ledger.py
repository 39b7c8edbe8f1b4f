"""The ledger in the database: entries joined on under one lock, and read back to be verified."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite

from service.privacy.declared import ServedNotice
from service.privacy.keyring import Keyring
from service.privacy.ledger import Entry, Fault, Happening, Head, Link, chained, faults, head_of, joined, shred_mark
from service.privacy.payload import Payload, given_by, replayed
from service.privacy.subject import ShopperId
from service.storage.columns import micros
from service.storage.database import Database
from service.storage.notices import rewritten
from service.storage.tables import consent_event, consent_grant, ledger_head

BATCH = 500


class SqlLedger:
    """Reads the ledger; writing happens inside the transaction of what is entered."""

    def __init__(self, database: Database, keys: Keyring) -> None:
        self._database = database
        self._keys = keys

    def head(self) -> Head:
        """Where the ledger ends, signed; raises LedgerBroken."""
        with self._database.reading() as connection:
            return _signed(connection, self._keys)

    def faults(self, *, anchors: Iterable[Head] = (), at: int) -> Iterator[Fault]:
        """All that is wrong with the ledger, with the grants that hold at that moment, and with the notices kept.

        Streams over one moment's state; the moment is in microseconds since 1970.
        """
        with self._database.reading() as connection:
            head = _stored_head(connection)
            yield from faults(_entries(connection), head, _knowing(self._keys, head), anchors=anchors)
            yield from _unlike(connection, at)
            yield from rewritten(connection)


class Appending:
    """Enters happenings over the connection of a transaction.

    Take the lock of a subject who is there already before this one; those who are made only now come after it.
    """

    def __init__(self, database: Database, connection: Connection, keys: Keyring) -> None:
        self._database = database
        self._connection = connection
        self._keys = keys

    def begin(self) -> None:
        """Wait until nobody else is appending; from here to the transaction's end it is this one's turn."""
        _locked_head(self._database, self._connection, self._keys)

    def enter(self, happenings: Sequence[Happening]) -> Head:
        """Join them on to the ledger's end, which nobody else can do meanwhile; raises LedgerBroken."""
        stored = _locked_head(self._database, self._connection, self._keys)
        keys = _knowing(self._keys, stored)
        link = joined(keys, stored)
        entries = chained(keys, link, happenings)
        self._database.load(self._connection, consent_event, [_row(entry) for entry in entries])
        if entries:
            link = Link(entries[-1].position, entries[-1].hash)
        head = head_of(keys, link)
        _put_head(self._database, self._connection, head)
        return head

    def head(self) -> Head:
        """Where the ledger ends, signed."""
        return _signed(self._connection, self._keys)

    def shred(self, subject: ShopperId) -> int:
        """Take away whatever entries tell of the subject, and mark them; says how many."""
        mine = select(consent_event.c.position, consent_event.c.entry_hash).where(consent_event.c.shopper_id == subject)
        rows = self._connection.execute(mine.with_for_update()).all()
        for row in rows:
            gone = {
                "shopper_id": None,
                "payload": None,
                "salt": None,
                "shredded": shred_mark(self._keys, row.entry_hash),
            }
            self._connection.execute(
                consent_event.update().where(consent_event.c.position == row.position).values(**gone)
            )
        return len(rows)


def _locked_head(database: Database, connection: Connection, keys: Keyring) -> Head | None:
    """The stored head, its row locked until the transaction ends.

    Where there is none yet, one that ends nowhere is put first; of several writers the others wait for that row. No
    table is locked: who waits for one while others hold the row, and need the table to write it, is deadlocked.
    """
    query = select(ledger_head).with_for_update()
    row = connection.execute(query).first()
    if row is None:
        connection.execute(_new_head(database, head_of(keys, Link())).on_conflict_do_nothing())
        row = connection.execute(query).first()
    return _head(row)


def _put_head(database: Database, connection: Connection, head: Head) -> None:
    new = _new_head(database, head)
    columns = ("position", "entry_hash", "key_id", "signature")
    newer = {name: new.excluded[name] for name in columns}
    connection.execute(new.on_conflict_do_update(index_elements=[ledger_head.c.one], set_=newer))


def _new_head(database: Database, head: Head) -> sqlite.Insert | postgresql.Insert:
    return database.insert(ledger_head).values(
        one=1, position=head.position, entry_hash=head.hash, key_id=head.key, signature=head.signature
    )


def _stored_head(connection: Connection) -> Head | None:
    return _head(connection.execute(select(ledger_head)).first())


def _signed(connection: Connection, keys: Keyring) -> Head:
    stored = _stored_head(connection)
    known = _knowing(keys, stored)
    return head_of(known, joined(known, stored))


def _knowing(keys: Keyring, head: Head | None) -> Keyring:
    return keys if head is None else keys.knowing(head.key)


def _head(row: Row[Any] | None) -> Head | None:
    return None if row is None else Head(row.position, row.entry_hash, row.key_id, row.signature)


def _entries(connection: Connection) -> Iterator[Entry]:
    at = type_coerce(consent_event.c.at, BigInteger).label("raw_at")
    rows = select(consent_event, at).order_by(consent_event.c.position)
    columns = [column for column in rows.selected_columns if column.key != "at"]
    with connection.execution_options(yield_per=BATCH).execute(rows.with_only_columns(*columns)) as found:
        yield from map(_entry, found)


def _entry(row: Row[Any]) -> Entry:
    notice = None
    if (row.notice_id, row.notice_version, row.notice_language, row.notice_hash) != (None, None, None, None):
        notice = ServedNotice(row.notice_id, row.notice_version, row.notice_language, row.notice_hash)
    return Entry(
        position=row.position,
        id=row.id,
        kind=row.kind,
        at=row.raw_at,
        subject=row.shopper_id,
        notice=notice,
        payload=row.payload,
        salt=row.salt,
        commitment=row.commitment,
        key=row.key_id,
        previous=row.previous_hash,
        hash=row.entry_hash,
        shredded=row.shredded,
    )


def _row(entry: Entry) -> dict[str, object]:
    notice = entry.notice
    return {
        "position": entry.position,
        "id": entry.id,
        "kind": entry.kind,
        "shopper_id": entry.subject,
        "at": entry.at,
        "notice_id": notice and notice.id,
        "notice_version": notice and notice.version,
        "notice_language": notice and notice.language,
        "notice_hash": notice and notice.hash,
        "payload": entry.payload,
        "salt": entry.salt,
        "commitment": entry.commitment,
        "key_id": entry.key,
        "previous_hash": entry.previous,
        "entry_hash": entry.hash,
        "shredded": entry.shredded,
    }


Held = tuple[str, str, str, int | None, str, int]
"""A grant: attribute, purpose, source, its end, and the entry that gave it with its moment."""


def _unlike(connection: Connection, at: int) -> Iterator[Fault]:
    """Subjects whose grants are not what the replay of their entries gives; both are read in the subjects' order."""
    event, grant = consent_event.c, consent_grant.c
    moment, until, given_at = (type_coerce(each, BigInteger) for each in (event.at, grant.until, grant.given_at))
    told = select(event.shopper_id, event.id, moment, event.kind, event.payload)
    told = told.where(event.payload.is_not(None), event.shopper_id.is_not(None))
    held = select(grant.shopper_id, grant.attribute, grant.purpose, grant.source, until, grant.event_id, given_at)
    streaming = connection.execution_options(yield_per=BATCH)
    by_ledger = _grouped(streaming.execute(told.order_by(event.shopper_id, event.position)))
    by_table = _grouped(streaming.execute(held.order_by(grant.shopper_id)))
    ours, theirs = next(by_ledger, None), next(by_table, None)
    while ours or theirs:
        first = min(each[0] for each in (ours, theirs) if each)
        expected = _replay(ours[1], at) if ours and ours[0] == first else set()
        found = {row for row in theirs[1] if _holds(row[3], at)} if theirs and theirs[0] == first else set()
        if expected != found:
            yield Fault(None, "somebody's grants are not what their entries say")
        ours = next(by_ledger, None) if ours and ours[0] == first else ours
        theirs = next(by_table, None) if theirs and theirs[0] == first else theirs


def _grouped(rows: Iterable[Row[Any]]) -> Iterator[tuple[str, list[Any]]]:
    for subject, some in groupby(rows, key=lambda row: str(row[0])):
        yield subject, [tuple(row[1:]) for row in some]


def _replay(rows: Iterable[tuple[str, int, str, str]], at: int) -> set[Held]:
    try:
        entries = [((event, moment), kind, Payload.read(payload)) for event, moment, kind, payload in rows]
        after, origins = replayed(payload for *_, payload in entries), given_by(entries)
    except (ValueError, KeyError, TypeError):  # somebody else wrote it; the chain has said so already
        return {("", "", "", None, "", 0)}
    found = {
        (*key, None if row.until is None else micros(row.until), *origins.get(key, ("", 0)))
        for key, row in after.items()
    }
    return {row for row in found if _holds(row[3], at)}


def _holds(until: int | None, at: int) -> bool:
    return until is None or at < until
