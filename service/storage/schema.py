"""The schema's version: bring a database to it, and ask whether it is there."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from service.storage.database import Database, StorageFailed, open_database
from service.storage.tables import METADATA

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 4_711_237_001  # any number, the same for all who migrate one PostgreSQL database


class SchemaOutdated(Exception):
    """The database has no schema, or that of another version."""

    def __init__(self) -> None:
        super().__init__("the schema is missing or of another version; run `begleiter db upgrade`")


def upgrade(url: str) -> None:
    """Bring the database to this version's schema, from nothing if need be; one process at a time, all or nothing."""
    _migrate(url, lambda config: command.upgrade(config, "head"), then=_sample_nobody)


def downgrade(url: str, revision: str = "base") -> None:
    """Take the database back to an older schema; what only the newer one can hold is lost."""
    _migrate(url, lambda config: command.downgrade(config, revision))


def schema_is_current(database: Database) -> bool:
    """Whether the database has exactly this version's schema; no, if it does not answer."""
    try:
        return _is_current(database)
    except StorageFailed:
        return False


def require_current_schema(database: Database) -> None:
    """Raise SchemaOutdated where the schema is another or none, and StorageFailed where nothing answers."""
    if not _is_current(database):
        raise SchemaOutdated


def _is_current(database: Database) -> bool:
    with database.reading() as connection:
        found = MigrationContext.configure(connection).get_current_heads()
    return found == tuple(ScriptDirectory(str(MIGRATIONS)).get_heads())


def _migrate(url: str, run: Callable[[Config], None], *, then: Callable[[Connection], None] = lambda _: None) -> None:
    database = open_database(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        with database.writing() as connection:
            _wait_for_turn(connection)
            config.attributes["connection"] = connection
            run(config)
            then(connection)
    finally:
        database.close()


def _sample_nobody(connection: Connection) -> None:
    """Let PostgreSQL gather no samples of personal columns: its statistics (pg_stats) would tell them after an erasure.

    `VACUUM` leaves them there, and `ANALYZE` does where a table has become empty.
    """
    if connection.dialect.name != "postgresql":
        return  # SQLite takes samples only when told to, and nobody tells it
    for table in METADATA.sorted_tables:
        for column in table.columns:
            if column.info["personal"] != "no":
                connection.execute(text(f'ALTER TABLE {table.name} ALTER COLUMN "{column.name}" SET STATISTICS 0'))


def _wait_for_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
