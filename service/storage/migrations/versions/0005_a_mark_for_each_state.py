"""Give each shopper a mark that the database makes anew whenever one of their consents or values changes.

Triggers do it, so that no writer can forget it. A mark is random and never counted: a restored backup brings back the
marks of its own states and no others.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WATCHED = {
    "consent_grant": "UPDATE",
    "profile_value": "UPDATE OF shopper_id, attribute, source, value, collected_at",  # the last use changes no view
}
IN_SQLITE = "UPDATE shopper SET mark = lower(hex(randomblob(16)))"
IN_POSTGRESQL = "UPDATE shopper SET mark = replace(gen_random_uuid()::text, '-', '')"
FUNCTION = "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {then}; RETURN NULL; END $$"
WHOSE = {
    "mark_new": " WHERE id IN (SELECT shopper_id FROM fresh)",
    "mark_old": " WHERE id IN (SELECT shopper_id FROM gone)",
    "mark_both": " WHERE id IN (OLD.shopper_id, NEW.shopper_id)",
    "mark_all": "",
}


def upgrade() -> None:
    op.add_column("shopper", sa.Column("mark", sa.Text(), nullable=True))
    op.execute(IN_SQLITE if _is_sqlite() else IN_POSTGRESQL)
    if not _is_sqlite():
        for name, whose in WHOSE.items():
            op.execute(FUNCTION.format(name=name, then=IN_POSTGRESQL + whose))
    for table, update in WATCHED.items():
        for name, trigger in _triggers(table, update):
            op.execute(f"CREATE TRIGGER {name} {trigger}")


def downgrade() -> None:
    for table, update in WATCHED.items():
        for name, _ in _triggers(table, update):
            op.execute(f"DROP TRIGGER {name}" + ("" if _is_sqlite() else f" ON {table}"))
    if not _is_sqlite():
        for name in WHOSE:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_column("shopper", "mark")


def _is_sqlite() -> bool:
    return str(op.get_bind().dialect.name) == "sqlite"


def _triggers(table: str, update: str) -> list[tuple[str, str]]:
    return _in_sqlite(table, update) if _is_sqlite() else _in_postgresql(table, update)


def _in_sqlite(table: str, update: str) -> list[tuple[str, str]]:
    whose = {"INSERT": "NEW.shopper_id", update: "OLD.shopper_id, NEW.shopper_id", "DELETE": "OLD.shopper_id"}
    return [
        (_name(event, table), f"AFTER {event} ON {table} BEGIN {IN_SQLITE} WHERE id IN ({ids}); END")
        for event, ids in whose.items()
    ]


def _in_postgresql(table: str, update: str) -> list[tuple[str, str]]:
    """Once a statement where many rows come or go; a trigger on some columns can only be one for each row."""
    how = {
        "INSERT": "REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION mark_new()",
        update: "FOR EACH ROW EXECUTE FUNCTION mark_both()",
        "DELETE": "REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION mark_old()",
        "TRUNCATE": "FOR EACH STATEMENT EXECUTE FUNCTION mark_all()",
    }
    return [(_name(event, table), f"AFTER {event} ON {table} {each}") for event, each in how.items()]


def _name(event: str, table: str) -> str:
    return f"mark_{event.split(maxsplit=1)[0].lower()}_{table}"
