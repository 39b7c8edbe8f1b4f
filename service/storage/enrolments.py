"""Many shoppers written in one transaction, batch by batch."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select

from service.privacy.enrolment import Enrolled
from service.privacy.keyring import Keyring
from service.privacy.subject import ShopperId
from service.storage.batches import batches
from service.storage.consents import grant_rows, happening
from service.storage.database import Database
from service.storage.ledger import Appending
from service.storage.profiles import value_row
from service.storage.tables import consent_grant, erasure, profile_value, shopper

BATCH = 500


class SqlEnrolments:
    """Writes shoppers with their events, grants and values; those who are known stay as they are."""

    def __init__(self, database: Database, keys: Keyring) -> None:
        self._database = database
        self._keys = keys

    def erasures(self) -> Mapping[str, datetime]:
        """When each of the erased was erased last, by the name that the erasure list has for them."""
        latest = select(erasure.c.tag, func.max(erasure.c.at).label("at")).group_by(erasure.c.tag)
        with self._database.reading() as connection:
            return {row.tag: row.at for row in connection.execute(latest)}

    def write(self, shoppers: Iterator[Enrolled]) -> tuple[int, int, int]:
        """Write all or none; says how many shoppers were new, how many known, and how many values were kept."""
        seen = new = values = 0
        with self._database.writing() as connection:
            Appending(self._database, connection, self._keys).begin()
            for batch in batches(shoppers, BATCH):
                fresh = _unknown(connection, batch)
                seen, new = seen + len(batch), new + len(fresh)
                values += _write(self._database, connection, self._keys, fresh)
        return new, seen - new, values


def _unknown(connection: Connection, batch: Iterable[Enrolled]) -> tuple[Enrolled, ...]:
    by_id: dict[ShopperId, Enrolled] = {}
    for each in batch:
        by_id.setdefault(each.shopper, each)
    known = set(connection.execute(select(shopper.c.id).where(shopper.c.id.in_(by_id))).scalars())
    return tuple(each for each in by_id.values() if each.shopper not in known)


def _write(database: Database, connection: Connection, keys: Keyring, fresh: tuple[Enrolled, ...]) -> int:
    events = [event for each in fresh for event in each.events]
    values = list(_value_rows(fresh))
    database.load(connection, shopper, [_shopper_row(each.shopper, each.at) for each in fresh])
    Appending(database, connection, keys).enter([happening(*each) for each in events])
    database.load(connection, consent_grant, [row for each in events for row in grant_rows(*each)])
    database.load(connection, profile_value, values)
    return len(values)


def _shopper_row(subject: ShopperId, at: datetime) -> dict[str, object]:
    return {"id": subject, "created_at": at}


def _value_rows(fresh: tuple[Enrolled, ...]) -> Iterator[dict[str, object]]:
    for each in fresh:
        latest = {(value.attribute, value.source): value for value in sorted(each.values, key=lambda v: v.collected_at)}
        yield from (value_row(each.shopper, value, each.at) for value in latest.values())
