import multiprocessing
import os
import shutil
from datetime import timedelta

import pytest
from sqlalchemy import bindparam, event, insert, select, text

from service.privacy.credentials import issue
from service.storage.credentials import SqlCredentials
from service.storage.database import StorageFailed, UnusableDatabaseUrl, open_database
from service.storage.shoppers import SqlShoppers
from service.storage.tables import order_line, shopper
from tests.builders import NOW, a_shopper_id


@pytest.mark.parametrize("url", ["nonsense", "mysql://x/y", "sqlite://", "sqlite:///:memory:", ""])
def test_a_url_of_another_kind_is_refused_before_anything_is_opened(url):
    with pytest.raises(UnusableDatabaseUrl):
        open_database(url)


def test_opening_connects_to_nothing():
    database = open_database("postgresql://nobody@127.0.0.1:1/nothing")

    with pytest.raises(StorageFailed):
        SqlShoppers(database).is_known(a_shopper_id())


def test_a_sqlite_connection_keeps_foreign_keys_and_waits_for_disk_and_other_writers(sqlite_template):
    database = open_database(f"sqlite:///{sqlite_template}")

    with database.reading() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    database.close()


def test_a_transaction_that_fails_leaves_nothing(database):
    row = {"id": a_shopper_id(), "created_at": NOW}

    with pytest.raises(StorageFailed), database.writing() as connection:  # noqa: PT012  the second one fails
        connection.execute(insert(shopper), row)
        connection.execute(insert(shopper), row)

    assert not SqlShoppers(database).is_known(a_shopper_id())


def test_several_statements_of_one_reading_see_one_moment(database):
    shoppers = SqlShoppers(database)

    with database.reading() as connection:
        before = connection.execute(select(shopper.c.id)).all()
        shoppers.ensure(a_shopper_id(), at=NOW)
        after = connection.execute(select(shopper.c.id)).all()

    assert before == after == []
    assert shoppers.is_known(a_shopper_id())


def test_a_failure_tells_nothing_of_what_was_to_be_stored(database):
    row = {"order_id": "o", "line": 1, "shopper_id": "canary-7", "sku": "canary-8", "quantity": 1, "ordered_at": NOW}

    with pytest.raises(StorageFailed) as failure, database.writing() as connection:
        connection.execute(insert(order_line), row)

    assert "canary" not in repr(failure.value) + str(failure.value)
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__


def test_a_server_that_quotes_a_value_in_its_complaint_is_not_passed_on(postgresql_template):
    database = open_database(postgresql_template)

    with pytest.raises(StorageFailed) as failure, database.reading() as connection:
        connection.exec_driver_sql("SELECT CAST('canary' AS BIGINT)")

    assert "canary" not in str(failure.value)
    database.close()


def test_a_failure_names_the_drivers_error_for_the_log(sqlite_template, tmp_path):
    shutil.copy(sqlite_template, tmp_path / "full.sqlite3")
    database = open_database(f"sqlite:///{tmp_path}/full.sqlite3")
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 1"))

    with pytest.raises(StorageFailed) as failure, database.writing() as connection:  # noqa: PT012  one of many is too much
        for number in range(10_000):
            connection.execute(insert(shopper), {"id": a_shopper_id(number), "created_at": NOW})

    assert failure.value.driver_error == "OperationalError SQLITE_FULL"
    database.close()


@pytest.mark.parametrize(
    ("statement", "told"),
    [("SELECT CAST('canary' AS BIGINT)", "InvalidTextRepresentation 22P02"), ("SELECT 1 / 0", "DivisionByZero 22012")],
)
def test_a_servers_error_is_named_by_its_sqlstate(postgresql_template, statement, told):
    database = open_database(postgresql_template)

    with pytest.raises(StorageFailed) as failure, database.reading() as connection:
        connection.exec_driver_sql(statement)

    assert failure.value.driver_error == told
    database.close()


def test_who_waits_too_long_for_a_connection_is_told_so(sqlite_template, monkeypatch):
    monkeypatch.setattr("service.storage.database.BUSY_SECONDS", 0)
    database = open_database(f"sqlite:///{sqlite_template}", connections=1)

    with database.reading(), pytest.raises(StorageFailed) as failure, database.reading():
        pass

    assert failure.value.driver_error == "TimeoutError"
    database.close()


def test_a_value_that_a_prepared_select_cannot_take_is_not_told(database):
    fetch = database.prepare(select(shopper.c.id).where(shopper.c.id == bindparam("id")))

    with pytest.raises(StorageFailed) as failure:
        fetch({"id": {"canary"}})

    assert "canary" not in str(failure.value)


def test_a_connection_that_the_server_closed_is_replaced_unseen(postgresql_template, postgresql_server):
    database = open_database(postgresql_template, connections=1)
    shoppers = SqlShoppers(database)
    shoppers.is_known(a_shopper_id())
    other = open_database(postgresql_server)

    with other.writing() as connection:
        name = database.engine.url.database
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :d"), {"d": name}
        )

    assert not shoppers.is_known(a_shopper_id())
    database.close()
    other.close()


def _known_in_child(database, shopper_id, opened, answers):
    found = SqlShoppers(database).is_known(shopper_id)
    answers.put((found, opened))


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_child_opens_its_own_connections_and_its_parents_stay_good(database):
    shoppers = SqlShoppers(database)
    opened = []
    event.listen(database.engine, "connect", lambda *_: opened.append(os.getpid()))
    shoppers.ensure(a_shopper_id(), at=NOW)
    fork = multiprocessing.get_context("fork")
    answers = fork.Queue()
    child = fork.Process(target=_known_in_child, args=(database, a_shopper_id(), opened, answers))

    child.start()
    found, opened_in_child = answers.get(timeout=20)
    child.join(20)

    assert found
    assert shoppers.is_known(a_shopper_id())
    assert opened == [os.getpid()]
    assert opened_in_child == [os.getpid(), child.pid]


def _issue_many(url, count, answers):
    database = open_database(url)
    credentials = SqlCredentials(database)
    for _ in range(count):
        issue(credentials, "shop", at=NOW, lifetime=timedelta(hours=1))
    database.close()
    answers.put(count)


def test_processes_that_write_at_the_same_time_all_succeed(database_url):
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    writers = [spawn.Process(target=_issue_many, args=(database_url, 25, answers)) for _ in range(2)]

    for writer in writers:
        writer.start()
    written = sum(answers.get(timeout=60) for _ in writers)
    for writer in writers:
        writer.join(20)

    database = open_database(database_url)
    assert len(SqlCredentials(database).all("shop")) == written == 50
    database.close()
