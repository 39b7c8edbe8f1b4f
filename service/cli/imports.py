"""`begleiter import`: the shop's shoppers and orders into the database, a file whole or not at all."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from service.cli.order_rows import order_lines, order_problems, shopper_refs
from service.cli.plainly import plainly, settings
from service.cli.shopper_records import enrolments, shopper_problems
from service.documents.problem import Refused
from service.privacy.enrolment import Enrolment, EnrolmentCount, enrol
from service.privacy.secret import load_secret
from service.privacy.shoppers import pseudonym
from service.settings import Settings
from service.shopfront.opening import open_register
from service.storage.database import Database, open_database
from service.storage.enrolments import SqlEnrolments
from service.storage.orders import SqlOrders


@click.group("import")
def imports() -> None:
    """Bring the shop's data in."""


@imports.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def shoppers(file: Path) -> None:
    """Import shoppers with what they consented to from a JSON Lines FILE, before their orders.

    Each line: {"ref", "values": [{"attribute", "value", "source", "source_ref", "collected_at"}], "grants":
    [{"attribute", "purpose", "given_at", "notice": {"id", "version", "language"}}]}. ref is the shop's own reference
    (stored as a keyed hash only). Consent is recorded under the notice that was shown; a value that no grant covers is
    not stored. If anything is wrong, all complaints are printed and nothing is imported. Shoppers known already stay
    as they are.
    """
    with plainly():
        database = open_database(settings().database_url)
        try:
            came = import_shoppers(file, settings(), database)
        finally:
            database.close()
    refused = sum(came.refused.values())
    click.echo(f"{came.shoppers} new shoppers, {came.known_before} known before and left as they are.")
    click.echo(f"{came.values} values stored, {refused} refused: without consent, or not what the register takes.")


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


def import_shoppers(file: Path, found: Settings, database: Database) -> EnrolmentCount:
    """Check the whole file, then write it in one transaction; raises `Refused`."""
    console = Console(stderr=True)
    register, refused = open_register(found)
    if refused:
        raise click.ClickException("privacy.yaml is refused; see `begleiter check`")
    with console.status("Checking the file …"):
        problems = shopper_problems(file, register)
    if problems:
        raise Refused(problems)
    named = partial(pseudonym, load_secret(found.secret, found.data))
    with console.status("Writing the shoppers, what they allow and what is known of them …"):
        return enrol(SqlEnrolments(database), register, enrolments(file, named))


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
        buyers = (Enrolment(named(ref), now) for ref in shopper_refs(file))
        enrol(SqlEnrolments(database), open_register(found)[0], buyers)
        return SqlOrders(database).add(order_lines(file, named))
