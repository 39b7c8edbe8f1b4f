"""`begleiter db`: the database's schema."""

import click

from service.cli.plainly import plainly, settings
from service.storage.database import open_database
from service.storage.schema import require_current_schema, upgrade


@click.group()
def db() -> None:
    """Look after the database that BEGLEITER_DATABASE_URL names."""


@db.command("upgrade")
def upgrade_schema() -> None:
    """Create the database, or bring it to this version's schema. Safe to repeat."""
    url = settings().database_url
    with plainly():
        upgrade(url)
    click.echo("The database is up to date.")


@db.command()
def status() -> None:
    """Say whether the schema is this version's; exit code 1 if not."""
    with plainly():
        database = open_database(settings().database_url)
        try:
            require_current_schema(database)
        finally:
            database.close()
    click.echo("The database is up to date.")
