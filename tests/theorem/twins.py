"""One of two shops that are asked the same: everything that can be observed of it, with chance and time taken out."""

import hashlib
import io
import os
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unittest import mock

from prometheus_client import Counter, Gauge, Histogram, Summary
from werkzeug.test import Client

from service.api import boundary
from service.api import log as log_module
from service.api.log import open_log
from service.app import create_app
from service.settings import Settings
from tests.builders import NOW
from tests.theorem.calls import Request
from tests.theorem.pairs import Pair
from tests.theorem.state import COLUMNS, KEYS, NONE, TABLES, State, keys, some

NAMES = {table: ", ".join(f'"{name}"' for name in columns) for table, columns in COLUMNS.items()}
SELECT = {table: f"SELECT {NAMES[table]} FROM {table}" for table in TABLES}
DELETE = {
    table: f"DELETE FROM {table} WHERE " + " AND ".join(f'"{name}" IS ?' for name in KEYS[table]) for table in TABLES
}
INSERT = {
    table: f"INSERT INTO {table} ({NAMES[table]}) VALUES ({', '.join('?' for _ in COLUMNS[table])})" for table in TABLES
}
NEW_MARKS = "UPDATE shopper SET mark = lower(hex(randomblob(16)))"
FIGURES = (("Counter", Counter, "inc"), ("Gauge", Gauge, "set"), ("Histogram", Histogram, "observe"))


@dataclass(frozen=True)
class Seen:
    """What a reply, the log, the figures and the database tell of one request."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    log: bytes
    figures: tuple[object, ...]
    added: State
    removed: State

    def told(self) -> tuple[object, ...]:
        """All but the writes."""
        return (self.status, self.headers, self.body, self.log, self.figures)


class FrozenTime(datetime):
    """A log's clock that stands still."""

    @classmethod
    def now(cls, tz=None):
        return NOW


class Chance:
    """Bytes that look random and come again in the same order after `start_again`."""

    def __init__(self):
        self.drawn = 0

    def start_again(self):
        self.drawn = 0

    def __call__(self, size):
        self.drawn += 1
        return hashlib.shake_128(b"chance %d" % self.drawn).digest(size)


@contextmanager
def nothing_by_chance() -> Iterator[tuple[Chance, list[object]]]:
    """Ids, tokens, salts and times repeat themselves; every figure that is counted is noted in the list."""
    chance, figures = Chance(), []
    patches = [
        mock.patch.object(os, "urandom", chance),
        mock.patch.object(random, "_urandom", chance),
        mock.patch.object(boundary, "perf_counter", _no_time),
        mock.patch.object(log_module, "datetime", FrozenTime),
        *(mock.patch.object(kind, name, _noting(figures, kind, name)) for _, kind, name in FIGURES),
        mock.patch.object(Summary, "observe", _noting(figures, Summary, "observe")),
    ]
    for patch in patches:
        patch.start()
    try:
        yield chance, figures
    finally:
        for patch in patches:
            patch.stop()


def _no_time():
    return 0.0


def _noting(figures, kind, name):
    original = getattr(kind, name)

    def note(self, *given, **named):
        figures.append((self._name, self._labelvalues, given, tuple(sorted(named.items()))))
        return original(self, *given, **named)

    return note


class Twin:
    """A shop with a database of its own, whose rows are set anew for each request."""

    def __init__(self, settings: Settings, database: Path, chance: Chance, figures: list[object]):
        self.log = io.BytesIO()
        self.chance, self.figures = chance, figures
        settings = _with_database(settings, database)
        self.client = Client(create_app(settings, log=open_log("debug", self.log), clock=lambda: NOW))
        self.raw = sqlite3.connect(database, isolation_level=None)
        self.raw.execute("PRAGMA synchronous = OFF")
        self.held = self.read()

    def close(self):
        self.raw.close()

    def holds(self, wanted: State) -> None:
        """Put these rows, and nothing else, into the database; rows that are there already stay.

        Everybody's mark is new then, as after any change: no view is remembered from an earlier request.
        """
        stale = [table for table in TABLES if self.held[table] is not wanted[table]]
        self.raw.execute("BEGIN IMMEDIATE")
        for table in stale:
            self.raw.executemany(DELETE[table], keys(table, self.held[table] - wanted[table]))
        for table in stale:
            self.raw.executemany(INSERT[table], wanted[table] - self.held[table])
        self.raw.execute(NEW_MARKS)
        self.raw.execute("COMMIT")
        self.held = wanted

    def asked(self, request: Request) -> Seen:
        """What the request does and tells."""
        self.log.seek(0)
        self.log.truncate()
        self.chance.start_again()
        self.figures.clear()
        version = self._version()
        reply = self.client.open(request.path, method=request.method, headers=request.headers, data=request.body)
        for chore in self.client.application.extensions["begleiter"].chores:
            if chore.at_end:  # what is counted in memory is written down now
                chore.do()
        before, after = self.held, self.held if self._version() == version else self._read_again()
        self.held = after
        changed = [table for table in TABLES if after[table] is not before[table]]
        return Seen(
            status=reply.status_code,
            headers=tuple(reply.headers),
            body=reply.data,
            log=self.log.getvalue(),
            figures=tuple(self.figures),
            added=some({table: after[table] - before[table] for table in changed}),
            removed=some({table: before[table] - after[table] for table in changed}),
        )

    def _version(self) -> int:
        """A number that changes when another connection has written."""
        return self.raw.execute("PRAGMA data_version").fetchone()[0]

    def read(self) -> State:
        """All rows that are there now."""
        return {table: frozenset(self.raw.execute(SELECT[table]).fetchall()) for table in TABLES}

    def _read_again(self) -> State:
        """A table whose rows have not changed is the very one that was held."""
        return {table: self.held[table] if rows == self.held[table] else rows for table, rows in self.read().items()}


@dataclass(frozen=True)
class Twins:
    """Two shops that share nothing but their files."""

    one: Twin
    other: Twin
    chance: Chance

    def difference(self, pair: Pair, request: Request, *, besides: frozenset[str] = frozenset()) -> str | None:
        """What somebody could tell them apart by after this request, whatever it wrote to these tables; or None."""
        one_held, other_held = pair.states
        self.one.holds(one_held)
        self.other.holds(other_held)
        one, other = self.one.asked(request), self.other.asked(request)
        if one.status >= 500:
            return f"status {one.status} {other.status}: {one.log!r}"
        for name, left, right in zip(
            ("status", "headers", "body", "log", "figures"), one.told(), other.told(), strict=True
        ):
            if left != right:
                return f"{name}: {left!r}\n  != {right!r}"
        added = [_without(besides, each.added) for each in (one, other)]
        if added[0] != added[1]:
            return f"rows written: {_beside(*added)}"
        removed = [
            some({table: rows - (one_held[table] ^ other_held[table]) for table, rows in each.items()})
            for each in (_without(besides, one.removed), _without(besides, other.removed))
        ]  # that what only one of them had goes tells nothing
        if removed[0] != removed[1]:
            return f"rows deleted: {_beside(*removed)}"
        return None


def _without(tables: frozenset[str], found: State) -> State:
    return {table: rows for table, rows in found.items() if table not in tables}


def _beside(one: State, other: State) -> str:
    found = {each: (one.get(each, NONE), other.get(each, NONE)) for each in TABLES}
    told = (f"{each}: {set(a - b)}\n  != {set(b - a)}" for each, (a, b) in found.items() if a != b)
    return "\n".join(told)


def _with_database(settings: Settings, database: Path) -> Settings:
    given = {name: getattr(settings, name) for name in settings.__slots__}
    return Settings(**(given | {"database_url": f"sqlite:///{database}"}))


@contextmanager
def twins(settings: Settings, template: Path, folder: Path) -> Iterator[Twins]:
    """Two shops over these files, with a copy each of an empty database."""
    with nothing_by_chance() as (chance, figures):
        made = []
        for name in ("one", "other"):
            database = Path(tempfile.mkdtemp(dir=folder)) / f"{name}.sqlite3"
            shutil.copy(template, database)
            made.append(Twin(settings, database, chance, figures))
        try:
            yield Twins(*made, chance)
        finally:
            for each in made:
                each.close()
