"""Profile values of many shoppers written in one transaction, batch by batch."""

from collections.abc import Iterator
from datetime import datetime

from service.privacy.delivery import Delivered
from service.storage.batches import batches
from service.storage.database import Database
from service.storage.profiles import covered, put_values
from service.storage.shoppers import locked_in_order

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
                granted = covered(connection, locked_in_order(connection, {subject for subject, _ in batch}), at)
                taken = [each for each in batch if (each[0], each[1].attribute, each[1].source) in granted]
                put_values(self._database, connection, taken, at)
                kept, left_out = kept + len(taken), left_out + len(batch) - len(taken)
        return kept, left_out
