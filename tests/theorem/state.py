"""What a database holds, table by table: the form in which two shops are set up and compared."""

from collections.abc import Iterable, Mapping

from service.storage.tables import METADATA

CHANCE = {("shopper", "mark")}  # drawn anew by the database with each change; two databases never draw alike
COLUMNS = {
    table.name: tuple(name for name in map(str, table.columns.keys()) if (table.name, name) not in CHANCE)
    for table in METADATA.sorted_tables
}
TABLES = tuple(COLUMNS)
KEYS = {
    table.name: tuple(str(each.name) for each in table.columns if each.primary_key) for table in METADATA.sorted_tables
}

Row = Mapping[str, object]
Stored = tuple[object, ...]
State = dict[str, frozenset[Stored]]

NONE: frozenset[Stored] = frozenset()


def stored(table: str, row: Row) -> Stored:
    """The row as the database gives it back; a column that it does not name is null."""
    return tuple(map(row.get, COLUMNS[table]))


def state(rows: Mapping[str, Iterable[Row]]) -> State:
    """These rows and no others."""
    return {table: frozenset(stored(table, row) for row in rows.get(table, ())) for table in TABLES}


def keys(table: str, rows: Iterable[Stored]) -> list[Stored]:
    """By what these rows are found, in the order of KEYS."""
    places = [COLUMNS[table].index(name) for name in KEYS[table]]
    return [tuple(row[place] for place in places) for row in rows]


def some(found: State) -> State:
    """Without the tables that hold nothing."""
    return {table: rows for table, rows in found.items() if rows}
