"""A canary for every column: a value that stands nowhere else, and what to look for to find it in a file.

Text is found as it is. A moment or number is told by its digits where it is told, and stands in an engine's own files
as bytes, the higher ones first (SQLite) or last (PostgreSQL on this machine).
"""

import struct
from pathlib import Path

from sqlalchemy import Float, Integer, String, Text, text

from service.storage.columns import Moment, moment
from service.storage.tables import METADATA

COLUMNS = [column for table in METADATA.sorted_tables for column in table.columns]
ABOUT_SOMEBODY = [column for column in COLUMNS if column.info["personal"] in {"subject", "data", "key"}]
"""What must be gone after an erasure. What is `proof` stays, in a row that names its subject no more."""

UNSEARCHED = {
    "credential.acting": "minor or guardian: a word of a closed list, which the schema's own text holds, too",
    "consent_grant.event_id": "the id of an entry of the ledger, which stays as proof and names nobody",
    "credential.session_id": "the id of a session, whose own column has the canary",
    "handover.session_id": "the id of a session, whose own column has the canary",
    "consent_event.salt": "random, drawn by the ledger; looked for as it was drawn",
}
LOOKED_FOR = [column for column in ABOUT_SOMEBODY if str(column) not in UNSEARCHED]

MICROS, WHOLE, BROKEN = 1_612_345_678_901_234, 1_234_567_000, 987_654_000.5
STEP = 86_400_000_003  # a day and a bit: every moment is in the past, and no two share their bytes


def canary(column):
    """The canary of a column that holds text."""
    return f"canary-{column.table.name}-{column.name}"


def canary_of(column, me):
    """A value for the column that stands nowhere else; no text in one that is about nobody."""
    place = COLUMNS.index(column)
    match column.type:
        case _ if column.info["personal"] == "subject":
            return me
        case Moment():
            return moment(MICROS + place * STEP)
        case Float():
            return BROKEN + place
        case Text() | String() if column.info["personal"] == "no":
            return ""
        case Text() | String():
            return f'"{canary(column)}"' if column.info["json"] else canary(column)
        case Integer():
            return WHOLE + place
    raise TypeError(column)


def traces(column, me):
    """What gives the column's canary away: any of these, as bytes."""
    place = COLUMNS.index(column)
    match column.type:
        case _ if column.info["personal"] == "subject":
            return (me.encode(),)
        case Moment():
            number = MICROS + place * STEP
            return (str(number).encode(), *(number.to_bytes(8, order) for order in ("big", "little")))
        case Float():
            number = BROKEN + place
            return (str(number).encode(), struct.pack(">d", number), struct.pack("<d", number))
        case Text() | String():
            return (canary(column).encode(),)
        case _:
            number = WHOLE + place
            return (str(number).encode(), *(number.to_bytes(4, order) for order in ("big", "little")))


def a_row_of_canaries(table, me, given):
    """A row of mine with a canary in every column but those that are given; nothing where another row is named."""
    row = {}
    for column in table.columns:
        if column.name in given:
            row[column.name] = given[column.name]
        elif not column.foreign_keys or column.info["personal"] == "subject":
            row[column.name] = canary_of(column, me)
    return row


def found(columns, me, *contents):
    """The columns whose canaries stand in any of these bytes."""
    return {
        str(column)
        for column in columns
        if any(trace in content for trace in traces(column, me) for content in contents)
    }


def told(database):
    """Everything that the database tells, statistics about its values included."""
    with database.reading() as connection:
        tables = [text(f"SELECT * FROM {table.name}") for table in METADATA.sorted_tables]
        if database.engine.dialect.name == "postgresql":
            tables.append(text("SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats"))
        rows = [str(tuple(row)) for each in tables for row in connection.execute(each)]
    return "\n".join(rows).encode()


def files(database):
    """SQLite's files with its log of changes; on PostgreSQL those of this database, but for the server's own log."""
    if database.engine.dialect.name == "sqlite":
        path = Path(database.engine.url.database)
        return sorted(each for each in path.parent.iterdir() if each.name.startswith(path.name))
    with database.reading() as connection:
        folder = Path(connection.execute(text("SHOW data_directory")).scalar())
        oid = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar()
    return sorted(each for each in (folder / "base" / str(oid)).iterdir() if each.is_file())


def contents(paths):
    """Their bytes; a file that goes meanwhile tells nothing."""
    for path in paths:
        try:
            yield path.read_bytes()
        except FileNotFoundError:
            continue
