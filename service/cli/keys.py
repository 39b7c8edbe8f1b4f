"""`begleiter keys`: keys for the shop's server and the operator, and a new generation of the service's own secret."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Literal

import click
from rich.console import Console
from rich.table import Table

from service.cli.plainly import plainly, settings
from service.privacy.credentials import issue
from service.privacy.secret import new_generation, rotate
from service.storage.credentials import SqlCredentials
from service.storage.database import open_database

WIDE = 140


@click.group()
def keys() -> None:
    """Make, list and revoke keys; rotate the service's own secret. A key is shown once; only its hash is stored."""


@keys.command()
@click.option(
    "--scope",
    type=click.Choice(["shop", "operator"]),
    required=True,
    help="shop: for the webshop's server, which fetches tokens for its shoppers; operator: for whoever runs Begleiter.",
)
@click.option("--label", default="", help="A note to recognise it by, for example 'staging server'.")
def create(scope: Literal["shop", "operator"], label: str) -> None:
    """Make a key and print it, last and alone on its line."""
    with _credentials() as credentials:
        issued = issue(credentials, scope, at=datetime.now(UTC), label=label)
    click.echo(f"A new {scope} key with the id {issued.credential.id}. It is shown this once:", err=True)
    click.echo(issued.token)


@keys.command("list")
def list_keys() -> None:
    """List the keys, without what would open anything."""
    with _credentials() as credentials:
        found = credentials.all("shop", "operator")
    table = Table("id", "scope", "label", "made", "revoked")
    for each in found:
        revoked = each.revoked_at.isoformat(timespec="minutes") if each.revoked_at else ""
        table.add_row(each.id, each.scope, each.label, each.created_at.isoformat(timespec="minutes"), revoked)
    Console(width=WIDE).print(table)


@keys.command()
@click.argument("key_id", metavar="ID")
def revoke(key_id: str) -> None:
    """End a key now, by the id that `begleiter keys list` shows."""
    with _credentials() as credentials:
        credentials.revoke(key_id, at=datetime.now(UTC))
    click.echo("The key is revoked.")


@keys.command("rotate")
def rotate_secret() -> None:
    """Sign with a new secret from now on, and still know what the former ones signed.

    Where the secret lies in BEGLEITER_DATA, the new one is put before the former ones; where BEGLEITER_SECRET gives it,
    a new one is printed, last and alone on its line, for you to put before the former ones, with a space between.

    Restart the workers right afterwards, one after another if you like: those that were not yet find the new one in the
    file. Where BEGLEITER_SECRET gives it they cannot: restart all at once, since one with the former secret alone
    records and withdraws no consent once another has signed with the new one, and its /ready says so.

    Never take a former secret away: it is what older entries of the ledger are verified by, and the oldest is what
    shoppers are found by. Tokens stay good; an open handover code does not.
    """
    found = settings()
    with plainly():
        if found.secret:
            click.echo("Set BEGLEITER_SECRET to this, a space, and what it holds now; then restart:", err=True)
            click.echo(new_generation())
            return
        count = rotate(found.data)
    click.echo(
        f"The secret in {found.data} has {count} generations now. Restart the service: it is to sign with the new one."
    )


@contextmanager
def _credentials() -> Iterator[SqlCredentials]:
    with plainly():
        database = open_database(settings().database_url)
        try:
            yield SqlCredentials(database)
        finally:
            database.close()
