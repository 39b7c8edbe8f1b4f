"""`begleiter import`: the shop's orders into the database, whole or not at all."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from service.app import open_register
from service.cli.order_rows import order_lines, order_problems, shopper_refs
from service.cli.plainly import plainly, settings
from service.documents.problem import Refused
from service.privacy.enrolment import Enrolment, enrol
from service.privacy.secret import load_secret
from service.privacy.shoppers import pseudonym
from service.settings import Settings
from service.storage.database import Database, open_database
from service.storage.enrolments import SqlEnrolments
from service.storage.orders import SqlOrders


@click.group("import")
def imports() -> None:
    """Bring the shop's data in."""


@imports.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def orders(file: Path) -> None:
    """Import order lines from a CSV FILE.

    Its columns: order_id, line, shopper_ref, sku, quantity, unit_price, ordered_at. shopper_ref is the shop's own
    reference (stored as a keyed hash only) or blank; unit_price may be blank; times carry an offset. If anything is
    wrong, all complaints are printed with their lines and nothing is imported. Lines known already stay as they are.
    """
    with plainly():
        database = open_database(settings().database_url)
        try:
            new = import_orders(file, settings(), database)
        finally:
            database.close()
    click.echo(f"{new} new order lines.")


def import_orders(file: Path, found: Settings, database: Database) -> int:
    """Check the whole file, then write it in one transaction; says how many lines were new. Raises `Refused`."""
    console = Console(stderr=True)
    with console.status("Checking the file …"):
        problems = order_problems(file)
    if problems:
        raise Refused(problems)
    named = partial(pseudonym, load_secret(found.secret, found.data))
    now = datetime.now(UTC)
    with console.status("Writing the orders …"):
        shoppers = (Enrolment(named(ref), now) for ref in shopper_refs(file))
        enrol(SqlEnrolments(database), open_register(found)[0], shoppers)
        return SqlOrders(database).add(order_lines(file, named))
