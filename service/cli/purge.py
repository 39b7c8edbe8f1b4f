"""`begleiter purge`: delete what may be kept no longer, finish erasures, and do them again in a restored backup."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from service.cli.plainly import plainly, settings
from service.privacy.erasure_list import FILE_NAME, ErasureList, NotAnErasureList, read_erasures
from service.privacy.keyring import Keyring
from service.privacy.rights import erase_again
from service.privacy.secret import Secret, load_secret
from service.settings import Settings
from service.shopfront.opening import open_register
from service.storage.database import Database, open_database
from service.storage.purging import SqlPurge
from service.storage.rights import SqlRights


@dataclass(frozen=True, slots=True)
class Store:
    """An open database with what it takes to purge it."""

    settings: Settings
    database: Database
    secret: Secret

    @property
    def keys(self) -> Keyring:
        """The ledger's."""
        return Keyring.of(self.secret)

    @property
    def rights(self) -> SqlRights:
        """To erase with."""
        listed = ErasureList(self.settings.data / FILE_NAME)
        return SqlRights(self.database, self.keys, listed, on_failure=_told)


@click.command()
@click.option(
    "--erased",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Erase again whoever stands in this list: BEGLEITER_DATA/erased.jsonl as it was kept apart from the backup.",
)
@click.option("--scrub", is_flag=True, help="Also write the database's files anew; on SQLite, stop the service first.")
def purge(erased: Path | None, *, scrub: bool) -> None:
    """Delete what may be kept no longer.

    Consents that ended (each is entered into the ledger) and values that no consent covers any more, values and orders
    past the retention in privacy.yaml, ended sessions and tokens. Run it daily; it may run beside the service. It also
    finishes erasures that were interrupted. Use --erased whenever a backup was put back.
    """
    now = datetime.now(UTC)
    with _store() as store:
        register, refused = open_register(store.settings)
        if refused:
            raise click.ClickException("privacy.yaml is refused; see `begleiter check`")
        with Console(stderr=True).status("Deleting …"):
            again = _again(store, erased, now)
            purging = SqlPurge(store.database, store.keys)
            done = purging.purge(register, at=now)
            is_finished = store.rights.finish(at=now)
            is_clean = purging.scrub() if scrub else True
    if erased is not None:
        click.echo(f"{again} shoppers erased again.")
    click.echo(", ".join(f"{number} {kind}" for kind, number in done.items() if number) or "Nothing to delete.")
    if not (is_finished and is_clean):
        raise click.ClickException("something was in the way of scrubbing, such as a reader; run this again")


def _told(failure: Exception) -> None:
    """Whoever purges by hand is told what stands in the way; the rest is done all the same."""
    what = f"{failure.filename}: {failure.strerror}" if isinstance(failure, OSError) else str(failure)
    click.echo(f"An erasure cannot be finished: {what}", err=True)


def _again(store: Store, erased: Path | None, now: datetime) -> int:
    if erased is None:
        return 0
    try:
        return erase_again(store.rights, store.secret, list(read_erasures(erased)), at=now)
    except NotAnErasureList as refusal:
        raise click.ClickException(str(refusal)) from None


@contextmanager
def _store() -> Iterator[Store]:
    found = settings()
    with plainly():
        database = open_database(found.database_url)
        try:
            yield Store(found, database, load_secret(found.secret, found.data))
        finally:
            database.close()
