"""`begleiter import profiles`: what silos know of shoppers, under the consent of each, a file whole or not at all."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from service.cli.order_rows import is_text
from service.cli.plainly import plainly, settings
from service.cli.profile_rows import ProfileFile
from service.documents.problem import Refused, did_you_mean
from service.privacy.delivery import Delivery, deliver
from service.privacy.profile import Refusal
from service.privacy.register import Register
from service.privacy.secret import load_secret
from service.privacy.shoppers import pseudonym
from service.settings import Settings
from service.shopfront.opening import open_register
from service.storage.database import Database, open_database
from service.storage.deliveries import SqlDeliveries

WHY: Mapping[Refusal, str] = {
    "no_consent": "no current consent of their shopper covers them",
    "no_provenance": "they do not say where they come from: source, source_ref and collected_at are all needed",
    "not_a_value": "what a shopper does is no value; see `begleiter import orders`",
    "not_yet": "they were collected in the future",
    "source_not_allowed": "the register does not let them come from this source",
    "too_old": "their retention in privacy.yaml is over",
    "unknown_attribute": "the register has no such attribute",
    "wrong_type": "they are not of their attribute's kind",
}

CONFLICT = (
    "several sources say different things of one attribute of a shopper; the first by privacy.yaml's order counts"
)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", help="The silo that all of FILE comes from, such as crm; without it, lines name their own.")
@click.option("--shopper", metavar="REF", help="FILE is the copy that this shopper took along (GET /v1/me/export).")
def profiles(file: Path, source: str | None, shopper: str | None) -> None:
    """Import profile values from FILE: .csv, .jsonl or .parquet.

    Its columns: shopper_ref, attribute, value, source, source_ref, collected_at. shopper_ref is the shop's reference
    (stored as a keyed hash only); source may be left out with --source; source_ref says where in the silo the value
    stands; times carry an offset. If anything is wrong, all complaints are printed with their lines and nothing is
    imported. A value older than the one that is known from the same source changes nothing.

    Refused and counted, not stored: values without provenance, values that no current consent of their shopper covers
    (import shoppers first), and what the register does not take.
    """
    with plainly():
        database = open_database(settings().database_url)
        try:
            came = import_profiles(file, settings(), database, source=source, copy_of=shopper)
        finally:
            database.close()
    click.echo(f"{came.accepted} values taken, {sum(came.refused.values())} refused.")
    for reason, values in sorted(came.refused.items()):
        click.echo(f"{values} refused: {WHY[reason]}.")
    if came.conflicting:
        click.echo(f"{came.conflicting} conflicts: {CONFLICT}.")


def import_profiles(
    file: Path, found: Settings, database: Database, *, source: str | None = None, copy_of: str | None = None
) -> Delivery:
    """Check the whole file, then write it in one transaction. Raises `Refused`; memory does not grow with the file."""
    register, refused = open_register(found)
    if refused:
        raise click.ClickException("privacy.yaml is refused; see `begleiter check`")
    _check_options(register, source, copy_of)
    values = ProfileFile(file, register, source, copy_of)
    with _progress() as progress:
        problems = values.problems(partial(_watched, progress, "Checking"))
        if problems:
            raise Refused(problems)
        named = partial(pseudonym, load_secret(found.secret, found.data))
        read = values.values(named, partial(_watched, progress, "Writing"))
        return deliver(SqlDeliveries(database), register, read, at=datetime.now(UTC))


def _check_options(register: Register, source: str | None, copy_of: str | None) -> None:
    declared = sorted({each for attribute in register.attributes.values() for each in attribute.sources})
    if source is not None and source not in declared:
        hint = did_you_mean(source, declared) or f"; declared are: {', '.join(declared) or 'none'}"
        raise click.BadParameter(f"no attribute in privacy.yaml comes from it{hint}", param_hint="--source")
    if copy_of is not None and source is not None:
        raise click.UsageError("a copy names the source of each value itself; leave out --source")
    if copy_of is not None and not is_text(copy_of):
        raise click.BadParameter("a reference has 1 to 200 printable characters", param_hint="--shopper")


def _progress() -> Progress:
    """A bar on the terminal; where nobody watches, nothing is drawn."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _watched(progress: Progress, what: str, path: Path) -> BinaryIO:
    return progress.open(path, "rb", description=f"{what} {path.name}")
