"""The last use of each value in the database, to the day."""

from sqlalchemy import bindparam, or_, select, update

from service.privacy.uses import Use
from service.storage.batches import batches
from service.storage.database import Database
from service.storage.shoppers import all_locked
from service.storage.tables import profile_value, shopper

BATCH = 1_000


class SqlUses:
    """Keeps the last use beside the value, so that it goes with it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, uses: set[Use]) -> None:
        """Note the uses of values that are still there; a later day wins, and of one day the last purpose by name."""
        value = profile_value.c
        noted = (
            update(profile_value)
            .where(
                value.shopper_id == bindparam("subject"),
                value.attribute == bindparam("name"),
                value.source == bindparam("origin"),
                or_(value.used_on.is_(None), value.used_on <= bindparam("day")),
            )
            .values(used_on=bindparam("day"), used_for=bindparam("purpose"))
        )
        rows = [
            {"subject": use.subject, "name": name, "origin": source, "day": use.day, "purpose": use.purpose}
            for use in sorted(uses, key=lambda use: (use.subject, use.day, use.purpose))
            for name, source in use.values
        ]
        for some in batches(rows, BATCH):
            with self._database.writing() as connection:
                all_locked(connection, select(shopper.c.id).where(shopper.c.id.in_({row["subject"] for row in some})))
                connection.execute(noted, some)
