"""What is kept of one subject, and how it goes: both derived from what each column says of a person."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Table, delete, select

from service.privacy.rights import Records
from service.privacy.subject import ShopperId
from service.storage.tables import METADATA, consent_event

EXPORTED = frozenset({"data", "proof"})


def subject_column(table: Table) -> Column[Any] | None:
    """The column that says whose row it is."""
    return next((column for column in table.columns if column.info["personal"] == "subject"), None)


def personal_tables() -> Iterator[tuple[Table, Column[Any]]]:
    """Every table that tells of a subject, those that others refer to first."""
    for table in METADATA.sorted_tables:
        column = subject_column(table)
        if column is not None:
            yield table, column


def records(connection: Connection, subject: ShopperId) -> Records:
    """Everything about the subject, table by table; what opens or finds something stays here."""
    return {str(table.name): _rows(connection, table, column, subject) for table, column in personal_tables()}


def delete_rows(connection: Connection, subject: ShopperId) -> None:
    """Delete every row about the subject but the ledger's, which is shredded instead."""
    for table, column in reversed(tuple(personal_tables())):
        if table is not consent_event:
            connection.execute(delete(table).where(column == subject))


def _rows(connection: Connection, table: Table, mine: Column[Any], subject: ShopperId) -> list[dict[str, object]]:
    told = [column for column in table.columns if column.info["personal"] in EXPORTED]
    found = connection.execute(select(*told).where(mine == subject).order_by(*table.primary_key.columns))
    return [{str(column.name): _plain(column, value) for column, value in zip(told, row, strict=True)} for row in found]


def _plain(column: Column[Any], value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return _meaning(value) if column.info["json"] and isinstance(value, str) else value


def _meaning(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
