"""`begleiter audit`: whether the ledger of consent is what was written, and where it ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import click
import orjson
from rich.console import Console

from service.cli.plainly import plainly, settings
from service.privacy.keyring import Keyring
from service.privacy.ledger import Head
from service.privacy.secret import load_secret
from service.storage.columns import micros
from service.storage.database import open_database
from service.storage.ledger import SqlLedger

MOST_FAULTS = 50
FIELDS = frozenset({"position", "hash", "key", "signature"})


@click.group()
def audit() -> None:
    """Check the ledger, in which every decision on consent stands."""


@audit.command()
@click.option(
    "--anchors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Heads that were kept elsewhere, one JSON object per line: the output of `begleiter audit head`, or receipts.",
)
def verify(anchors: Path | None) -> None:
    """Verify the ledger, that the grants follow from it, and the texts of notices that it names.

    Finds every change, gap, swap and cut end. An end cut off by somebody who also put back an older head is found only
    against a head that was kept elsewhere. One line for each fault; the exit code is 1 if there is one.
    """
    kept = () if anchors is None else tuple(_heads(anchors))
    with _ledger() as ledger:
        with Console(stderr=True).status("Verifying …"):
            found = list(islice(ledger.faults(anchors=kept, at=micros(datetime.now(UTC))), MOST_FAULTS))
        entries = 0 if found else ledger.head().position
    for fault in found:
        click.echo(str(fault))
    if found:
        raise click.ClickException("the ledger is not what was written")
    click.echo(f"{entries} entries verified; the grants follow from them.")


@audit.command()
def head() -> None:
    """Print where the ledger ends, signed, as one line of JSON; keep it where nobody can change it."""
    with _ledger() as ledger:
        found = ledger.head()
    said = {"position": found.position, "hash": found.hash, "key": found.key, "signature": found.signature}
    click.echo(orjson.dumps(said).decode())


@contextmanager
def _ledger() -> Iterator[SqlLedger]:
    found = settings()
    with plainly():
        database = open_database(found.database_url)
        try:
            yield SqlLedger(database, Keyring.of(load_secret(found.secret, found.data)))
        finally:
            database.close()


def _heads(path: Path) -> Iterator[Head]:
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if line.strip():
            yield _head(line, f"{path.name}:{number}")


def _head(line: str, place: str) -> Head:
    try:
        found = orjson.loads(line)
        told = found.get("head", found)
        if not told.keys() >= FIELDS:
            raise KeyError  # noqa: TRY301  one answer to whatever it is
        return Head(int(told["position"]), str(told["hash"]), str(told["key"]), str(told["signature"]))
    except (ValueError, KeyError, AttributeError, TypeError):
        raise click.ClickException(f"{place}: this is neither a head nor a receipt") from None
