"""A backup of a database as it is now, on each engine, opened as the one that was put back."""

import shutil
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from service.storage.database import open_database
from tests.conftest import administration

NAME = "begleiter_backup"


@contextmanager
def backup_of(database, folder):
    """A copy that what happens to the database from here on does not reach."""
    copy = _copied_file if database.engine.dialect.name == "sqlite" else _copied_database
    with copy(database, folder) as url:
        restored = open_database(url)
        try:
            yield restored
        finally:
            restored.close()


@contextmanager
def _copied_file(database, folder):
    with database.administering() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path = Path(folder) / "backup" / "b.sqlite3"
    path.parent.mkdir()
    shutil.copy(database.engine.url.database, path)
    yield f"sqlite:///{path}"


@contextmanager
def _copied_database(database, _):
    database.close()  # nobody may be in a database that is copied
    source = database.engine.url
    with administration(source.set(database="postgres")) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {NAME} TEMPLATE {source.database} STRATEGY file_copy"))
    yield source.set(database=NAME).render_as_string(hide_password=False)
    with administration(source.set(database="postgres")) as connection:
        connection.execute(text(f"DROP DATABASE {NAME} WITH (FORCE)"))
