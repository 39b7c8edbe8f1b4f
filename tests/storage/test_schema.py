from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from service.storage.database import StorageFailed, open_database
from service.storage.schema import downgrade, schema_is_current, upgrade
from service.storage.tables import METADATA

KINDS = {"no", "subject", "data", "key", "proof"}


def test_migrations_lead_from_nothing_to_the_tables_of_this_version(empty_database_url):
    upgrade(empty_database_url)

    database = open_database(empty_database_url)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    database.close()


def test_migrations_lead_back_to_nothing_and_forth_again(empty_database_url):
    upgrade(empty_database_url)

    downgrade(empty_database_url)

    database = open_database(empty_database_url)
    with database.reading() as connection:
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
    assert not schema_is_current(database)
    upgrade(empty_database_url)
    assert schema_is_current(database)
    database.close()


def test_migrating_twice_changes_nothing(empty_database_url):
    upgrade(empty_database_url)

    upgrade(empty_database_url)

    database = open_database(empty_database_url)
    assert schema_is_current(database)
    database.close()


def test_a_schema_is_not_current_if_nothing_was_migrated_or_it_is_of_another_version(empty_database_url):
    database = open_database(empty_database_url)
    assert not schema_is_current(database)
    upgrade(empty_database_url)

    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from the future'"))

    assert not schema_is_current(database)
    database.close()


def test_a_schema_is_not_current_where_the_database_does_not_answer():
    assert not schema_is_current(open_database("postgresql://nobody@127.0.0.1:1/nothing"))


def test_a_failed_migration_leaves_nothing_behind(empty_database_url):
    database = open_database(empty_database_url)
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE credential (id INTEGER)"))

    with pytest.raises(StorageFailed):
        upgrade(empty_database_url)

    with database.reading() as connection:
        assert set(inspect(connection).get_table_names()) == {"credential"}
    database.close()


@pytest.mark.parametrize("column", [column for table in METADATA.sorted_tables for column in table.columns], ids=str)
def test_every_column_says_what_it_tells_about_a_person(column):
    assert column.info.get("personal") in KINDS


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=str)
def test_a_table_with_data_on_a_person_says_whose_they_are_or_hangs_on_one_that_does(table):
    kinds = {column.info["personal"] for column in table.columns}

    assert "subject" in kinds or not kinds & {"data", "key"}


def test_migrations_are_part_of_the_package():
    import service.storage  # noqa: PLC0415

    assert list((Path(service.storage.__file__).parent / "migrations" / "versions").glob("0*.py"))
