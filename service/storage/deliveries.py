"""Profile values of many shoppers written in one transaction, batch by batch."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from service.privacy.delivery import Delivered
from service.privacy.subject import ShopperId
from service.storage.batches import batches
from service.storage.database import Database
from service.storage.profiles import covered, put_values
from service.storage.tables import shopper

BATCH = 500


class SqlDeliveries:
    """Keeps values under the grants of their shoppers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, values: Iterator[Delivered], *, at: datetime) -> tuple[int, int]:
        """Keep those that a current grant covers, all or none; how many these were, and how many no grant covers."""
        kept = left_out = 0
        with self._database.writing() as connection:
            for batch in batches(values, BATCH):
                _lock(connection, {subject for subject, _ in batch})
                granted = covered(connection, {subject for subject, _ in batch}, at)
                taken = [each for each in batch if (each[0], each[1].attribute, each[1].source) in granted]
                put_values(self._database, connection, taken, at)
                kept, left_out = kept + len(taken), left_out + len(batch) - len(taken)
        return kept, left_out


def _lock(connection: Connection, subjects: Iterable[ShopperId]) -> None:
    """Keep whoever decides for one of these shoppers waiting, in one order, so that two writers cannot entangle."""
    theirs = select(shopper.c.id).where(shopper.c.id.in_(subjects)).order_by(shopper.c.id)
    connection.execute(theirs.with_for_update()).all()
