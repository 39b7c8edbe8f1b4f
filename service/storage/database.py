"""One database, SQLite or PostgreSQL: how it is opened, read and written. Nothing is connected before the first use."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.schema import Table

from service.storage.columns import micros

BUSY_SECONDS = 5
_BEGIN = "begin"
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what is deleted is overwritten: erasure means the file, too
)
_SETTINGS = (
    "SET plan_cache_mode = force_generic_plan",  # statements find rows by key; planning them anew costs more than that
    "SET cursor_tuple_fraction = 1",  # what is streamed is read to its end
)


class UnusableDatabaseUrl(Exception):
    """BEGLEITER_DATABASE_URL names no database that this service can use."""


class StorageFailed(Exception):
    """The database did not do what was asked. Tells the kind of failure and never what was to be stored.

    `driver_error` is for the log: the driver's class and its code of what happened (SQLITE_FULL, an SQLSTATE).
    """

    def __init__(self, what: str, driver_error: str | None = None) -> None:
        super().__init__(what)
        self.driver_error = driver_error


Row = tuple[Any, ...]
Parameters = list[object] | dict[str, object]
Fetch = Callable[[Mapping[str, object]], list[Row]]


class Database:
    """Connections from a pool. Made before a fork or after it: no connection crosses."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._driver_error = engine.dialect.loaded_dbapi.Error
        is_sqlite = engine.dialect.name == "sqlite"
        read, write = ("BEGIN", "BEGIN IMMEDIATE") if is_sqlite else (_SNAPSHOT, "BEGIN")
        self._reader = engine.execution_options(**{_BEGIN: read})
        self._writer = engine.execution_options(**{_BEGIN: write})

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One moment's state for several statements; raises StorageFailed."""
        with self._told_without_data(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All or nothing; on SQLite one writer at a time, who waits up to five seconds. Raises StorageFailed."""
        with self._told_without_data(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def administering(self) -> Iterator[Connection]:
        """Statements that no transaction may hold, each by itself; raises StorageFailed."""
        with self._told_without_data(), self.engine.connect() as connection:
            yield connection

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An insert of the engine's own kind, which knows `on_conflict_do_…`."""
        return sqlite.insert(table) if self.engine.dialect.name == "sqlite" else postgresql.insert(table)

    def load(self, connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
        """Insert many new rows with the same keys, the engine's fastest way (COPY on PostgreSQL)."""
        if not rows:
            return
        names = ", ".join(f'"{name}"' for name in rows[0])
        values = [tuple(map(_raw, row.values())) for row in rows]
        if self.engine.dialect.name == "sqlite":
            marks = ", ".join("?" for _ in rows[0])
            connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", values)  # noqa: S608
            return
        cursor: Any = connection.connection.cursor()
        with cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)

    def prepare(self, select: Select[Any]) -> Fetch:
        """The select compiled once, run on a bare pooled connection: one round trip and plain rows.

        Values are bound and come back as the driver has them: a moment as microseconds. Raises StorageFailed.
        """
        compiled = select.compile(dialect=self.engine.dialect, compile_kwargs={"render_postcompile": True})
        sql, order, fixed = str(compiled), getattr(compiled, "positiontup", None), dict(compiled.params)

        def fetch(given: Mapping[str, object]) -> list[Row]:
            merged = {**fixed, **given}
            return self._fetch(sql, merged if order is None else [merged[name] for name in order])

        return fetch

    def close(self) -> None:
        """Close every connection; the next use opens new ones."""
        self.engine.dispose()

    def _fetch(self, sql: str, parameters: Parameters) -> list[Row]:
        try:
            return self._fetch_once(sql, parameters)
        except _Disconnected:
            self.engine.dispose()
        try:
            return self._fetch_once(sql, parameters)
        except _Disconnected as failure:
            raise StorageFailed(str(failure), failure.driver_error) from None

    def _fetch_once(self, sql: str, parameters: Parameters) -> list[Row]:
        connection = self._bare_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())
        except self._driver_error as failure:
            lost = self.engine.dialect.is_disconnect(failure, connection, None)
            connection.invalidate()
            raise (_Disconnected if lost else StorageFailed)(_kind(failure), _class_and_code(failure)) from None
        finally:
            connection.close()

    def _bare_connection(self) -> PoolProxiedConnection:
        with self._told_without_data():
            return self.engine.raw_connection()

    @contextmanager
    def _told_without_data(self) -> Iterator[None]:
        """Nothing of what was to be stored is told, whoever complains: SQLAlchemy or the driver."""
        try:
            yield
        except DBAPIError as failure:
            raise StorageFailed(_kind(failure.orig), _class_and_code(failure.orig)) from None
        except SQLAlchemyError as failure:
            raise StorageFailed(type(failure).__name__, type(failure).__name__) from None
        except self._driver_error as failure:
            raise StorageFailed(_kind(failure), _class_and_code(failure)) from None


class _Disconnected(StorageFailed):
    """The server closed the connection; another one may do."""


_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def open_database(url: str, *, connections: int = 16) -> Database:
    """The database at `sqlite:///path` or `postgresql://…`. Connects to nothing yet; raises UnusableDatabaseUrl.

    `connections` is the most that one process may hold, one for each thread that is in the database at the same time.
    """
    parsed = _parsed(url)
    engine = create_engine(
        parsed, pool_size=connections, max_overflow=0, pool_timeout=BUSY_SECONDS, hide_parameters=True
    )
    event.listen(engine, "connect", _set_up_sqlite if parsed.get_backend_name() == "sqlite" else _set_up_postgresql)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkout", _refuse_another_process)
    if parsed.get_backend_name() == "sqlite":
        _follow_the_file(engine, Path(str(parsed.database)))
    return Database(engine)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError):
        raise UnusableDatabaseUrl("a URL like sqlite:///var/begleiter.sqlite3 is expected") from None
    match backend:
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            _for_nobody_else(Path(parsed.database))
            return parsed
        case "sqlite":
            raise UnusableDatabaseUrl("a database in memory is not shared between workers; name a file")
        case "postgresql" | "postgres":
            if find_spec("psycopg") is None:
                raise UnusableDatabaseUrl("PostgreSQL needs its driver: pip install 'begleiter[postgres]'")
            return parsed.set(drivername="postgresql+psycopg")
        case _:
            raise UnusableDatabaseUrl("only sqlite:///… and postgresql://… are known")


def _for_nobody_else(file: Path) -> None:
    """Make a new file readable by its owner alone; SQLite gives what it writes beside it the same mode."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # connecting says why it cannot be opened
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


def _set_up_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:  # noqa: ANN401  the driver's own object
    record.info["process"] = os.getpid()
    connection.isolation_level = None  # no transaction but those that are begun by name
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _set_up_postgresql(connection: Any, record: ConnectionPoolEntry) -> None:  # noqa: ANN401  the driver's own object
    record.info["process"] = os.getpid()
    connection.autocommit = True  # no transaction but those that are begun by name
    for setting in _SETTINGS:
        connection.execute(setting)


def _begin(connection: Connection) -> None:
    statement = connection.get_execution_options().get(_BEGIN)
    if statement:
        connection.exec_driver_sql(statement)


def _refuse_another_process(_: object, record: ConnectionPoolEntry, proxy: PoolProxiedConnection) -> None:
    """A connection that was opened before a fork stays with its process; the child opens its own."""
    if record.info["process"] != os.getpid():
        record.dbapi_connection = proxy.dbapi_connection = None  # type: ignore[misc]  # as SQLAlchemy's guide
        raise DisconnectionError("opened by another process")


def _follow_the_file(engine: Engine, path: Path) -> None:
    """A connection whose file was moved, deleted or replaced would go on writing to what nobody reads any more."""

    def remember(_: object, record: ConnectionPoolEntry) -> None:
        record.info["file"] = _identity(path)

    def refuse_another_file(_: object, record: ConnectionPoolEntry, __: object) -> None:
        if record.info["file"] != _identity(path):
            raise DisconnectionError("its file is no longer there")

    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", refuse_another_file)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _raw(value: object) -> object:
    return micros(value) if isinstance(value, datetime) else value


def _kind(failure: BaseException | None) -> str:
    """A driver may quote what was to be stored, but not where the operation itself fails: locked, full, unreachable."""
    kind = type(failure).__name__
    operational = any(cls.__name__ == "OperationalError" for cls in type(failure).__mro__)
    return f"{kind}: {next(iter(str(failure).splitlines()), '')}" if operational else kind


def _class_and_code(failure: BaseException | None) -> str:
    """What a driver calls what happened: words of its own, which quote nothing."""
    code = getattr(failure, "sqlite_errorname", None) or getattr(failure, "sqlstate", None)
    return f"{type(failure).__name__} {code}" if code else type(failure).__name__
