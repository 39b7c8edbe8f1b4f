"""Profile values of many shoppers written in one transaction: laid ready first, then written under all their locks."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count, groupby
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Connection, MetaData, Row, String, Table, Text, exists, select, tuple_

from service.privacy.delivery import Delivered, Written
from service.privacy.profile import IncomingValue
from service.privacy.subject import ShopperId
from service.storage.batches import batches
from service.storage.columns import at_column, personal
from service.storage.database import Database
from service.storage.profiles import covered, put_values
from service.storage.shoppers import all_locked, locked_in_order
from service.storage.tables import profile_value

BATCH = 500

# Seen by one connection alone, and gone at the end of its transaction.
_READY = Table(
    "delivery_ready",
    MetaData(),
    Column("position", BigInteger, primary_key=True, autoincrement=False, info=personal("no")),
    Column("shopper_id", String(64), nullable=False, info=personal("subject")),
    Column("attribute", Text, nullable=False, info=personal("data")),
    Column("source", Text, nullable=False, info=personal("data")),
    Column("value", Text, nullable=False, info=personal("data", json=True)),
    Column("source_ref", Text, nullable=False, info=personal("data")),
    at_column("collected_at", "data"),
    prefixes=["TEMPORARY"],
)


class SqlDeliveries:
    """Keeps values under the grants of their shoppers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, values: Iterator[Delivered], *, at: datetime) -> Written:
        """Keep those that a current grant covers, all or none.

        Nobody is locked while values come in, and then everybody in one order: two imports, or an import and whatever
        else locks several shoppers, cannot entangle, and a request waits for the writing alone.
        """
        came = kept = 0
        places = count()
        with self._database.writing() as connection:
            _READY.create(connection)
            for batch in batches(values, BATCH):
                granted = covered(connection, {subject for subject, _ in batch}, at)
                ready = [_row(next(places), each) for each in _under(granted, batch)]
                self._database.load(connection, _READY, ready)
                came += len(batch)
            all_locked(connection, select(_READY.c.shopper_id))
            for batch in _ready(connection):
                granted = covered(connection, locked_in_order(connection, {subject for subject, _ in batch}), at)
                taken = _under(granted, batch)
                put_values(self._database, connection, taken, at)
                kept += len(taken)
            conflicting = _conflicting(connection)
            _READY.drop(connection)
        return Written(kept, came - kept, conflicting)


def _under(granted: set[tuple[ShopperId, str, str]], batch: list[Delivered]) -> list[Delivered]:
    return [each for each in batch if (each[0], each[1].attribute, each[1].source) in granted]


def _ready(connection: Connection) -> Iterator[list[Delivered]]:
    """What was laid ready, in the order in which it came."""
    last = -1
    while True:
        some = select(_READY).where(_READY.c.position > last).order_by(_READY.c.position).limit(BATCH)
        rows = connection.execute(some).all()
        if not rows:
            return
        last = rows[-1].position
        yield [(ShopperId(row.shopper_id), _incoming(row)) for row in rows]


def _conflicting(connection: Connection) -> int:
    """For how many attributes that came in sources differ now. Texts narrow it down: 178 and 178.0 are one number."""
    value, other = profile_value.c, profile_value.alias().c
    came = tuple_(value.shopper_id, value.attribute).in_(select(_READY.c.shopper_id, _READY.c.attribute))
    unlike = exists().where(
        other.shopper_id == value.shopper_id, other.attribute == value.attribute, other.value != value.value
    )
    rows = select(value.shopper_id, value.attribute, value.value).where(came, unlike)
    ordered = rows.order_by(value.shopper_id, value.attribute)
    found = 0
    for _, same in groupby(connection.execute(ordered.execution_options(yield_per=BATCH)), key=lambda row: row[:2]):
        found += len({_said(row.value) for row in same}) > 1
    return found


def _said(stored: str) -> object:
    try:
        value = orjson.loads(stored)
    except orjson.JSONDecodeError:
        return stored
    return value if isinstance(value, str | int | float) else stored


def _row(place: int, delivered: Delivered) -> dict[str, object]:
    subject, value = delivered
    return {
        "position": place,
        "shopper_id": subject,
        "attribute": value.attribute,
        "source": value.source,
        "value": orjson.dumps(value.value).decode(),
        "source_ref": value.source_ref,
        "collected_at": value.collected_at,
    }


def _incoming(row: Row[Any]) -> IncomingValue:
    return IncomingValue(row.attribute, orjson.loads(row.value), row.source, row.source_ref, row.collected_at)
