"""`begleiter import`: the shop's shoppers, profiles and orders into the database, a file whole or not at all."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import click
from rich.console import Console
from rich.status import Status

from service.catalogue.catalogue import Catalogue, load_catalogue
from service.cli.import_profiles import profiles
from service.cli.order_rows import order_lines, order_problems
from service.cli.plainly import plainly, settings
from service.cli.shopper_records import enrolments, shopper_problems
from service.documents.problem import Refused
from service.privacy.enrolment import EnrolmentCount, enrol
from service.privacy.keyring import Keyring
from service.privacy.notices import NoticeAltered, remember
from service.privacy.orders import ORDERS, Kept, LeftOut, keep
from service.privacy.rights import erasure_tag
from service.privacy.secret import load_secret
from service.privacy.shoppers import pseudonym
from service.settings import Settings
from service.shopfront.opening import open_register
from service.storage.database import Database, open_database
from service.storage.enrolments import SqlEnrolments
from service.storage.notices import SqlNotices
from service.storage.orders import SqlOrders


@click.group("import")
def imports() -> None:
    """Bring the shop's data in."""


@imports.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def shoppers(file: Path) -> None:
    """Import shoppers with what they consented to from a JSON Lines FILE, before their orders.

    Each line: {"ref", "values": [{"attribute", "value", "source", "source_ref", "collected_at"}], "grants":
    [{"attribute", "purpose", "given_at", "notice": {"id", "version", "language"}}]}; a grant with a "source" is for
    values from there alone. ref is the shop's own reference (stored as a keyed hash only). Consent is recorded under
    the notice that was shown; a value that no grant covers is not stored. If anything is wrong, all complaints are
    printed and nothing is imported. Shoppers known already stay as they are.
    """
    with plainly():
        database = open_database(settings().database_url)
        try:
            came = import_shoppers(file, settings(), database)
        finally:
            database.close()
    refused = sum(came.refused.values())
    click.echo(f"{came.shoppers} new shoppers, {came.known_before} known before and left as they are.")
    if came.erased_since:
        click.echo(f"{came.erased_since} left out: they had everything erased after what the file says they decided.")
    click.echo(f"{came.values} values stored, {refused} refused: without consent, or not what the register takes.")


@imports.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def orders(file: Path) -> None:
    """Import order lines from FILE: .csv, .jsonl or .parquet.

    Its columns: order_id, line, shopper_ref, sku, quantity, unit_price, ordered_at. shopper_ref is the shop's own
    reference (stored as a keyed hash only) or blank; unit_price may be blank; times carry an offset. If anything is
    wrong, the complaints are printed with their lines and nothing is imported. Lines known already stay as they are.

    Left out and counted: lines of shoppers who do not allow it (import shoppers first), lines that name nobody unless
    privacy.yaml says `anonymous_orders: yes`, sensitive products, what the catalogue does not know, and what is past
    its retention.
    """
    with plainly():
        database = open_database(settings().database_url)
        try:
            kept = import_orders(file, settings(), database)
        finally:
            database.close()
    click.echo(f"{kept.new} new order lines.")
    for reason, lines in sorted(kept.left_out.items()):
        click.echo(f"{lines} left out: {LEFT_OUT[reason]}.")


imports.add_command(profiles)

LEFT_OUT: Mapping[LeftOut, str] = {
    "anonymous": "they name nobody, and privacy.yaml does not say `anonymous_orders: yes`",
    "no_consent": "their shoppers do not allow their orders to be used",
    "not_in_catalogue": "the catalogue does not know the product",
    "sensitive": "the product is sensitive",
    "too_old": "the retention of `orders` in privacy.yaml is over",
}
EVERY = 50_000


def import_shoppers(file: Path, found: Settings, database: Database) -> EnrolmentCount:
    """Check the whole file, then write it in one transaction; raises `Refused`, and `NoticeAltered`.

    A consent names the notice by the hash of its text, so the text is kept as when the service starts.
    """
    console = Console(stderr=True)
    register, refused = open_register(found)
    if refused:
        raise click.ClickException("privacy.yaml is refused; see `begleiter check`")
    with console.status("Checking the file …"):
        problems = shopper_problems(file, register)
    if problems:
        raise Refused(problems)
    altered = remember(SqlNotices(database), register.notices, at=datetime.now(UTC))
    if altered:
        raise NoticeAltered(altered)
    secret = load_secret(found.secret, found.data)
    named = partial(pseudonym, secret)
    with console.status("Writing the shoppers, what they allow and what is known of them …"):
        written = SqlEnrolments(database, Keyring.of(secret))
        erased = written.erasures()
        return enrol(
            written,
            register,
            enrolments(file, named),
            at=datetime.now(UTC),
            erased_at=lambda shopper: erased.get(erasure_tag(secret, shopper)),
        )


def import_orders(file: Path, found: Settings, database: Database) -> Kept:
    """Check the whole file, then write it in one transaction. Raises `Refused`; memory does not grow with the file."""
    console = Console(stderr=True)
    register, refused = open_register(found)
    if refused:
        raise click.ClickException("privacy.yaml is refused; see `begleiter check`")
    unsuitable = unsuitable_in(load_catalogue(found.shop))
    with console.status("Checking the file …") as status:
        problems = order_problems(file, _counted(status, "checked"))
    if problems:
        raise Refused(problems)
    named = partial(pseudonym, load_secret(found.secret, found.data))
    with console.status("Writing the orders …") as status:
        lines = order_lines(file, named, _counted(status, "written"))
        return keep(
            SqlOrders(database),
            lines,
            at=datetime.now(UTC),
            anonymous=register.anonymous_orders,
            unsuitable=unsuitable,
            declared=register.attributes.get(ORDERS),
        )


def unsuitable_in(catalogue: Catalogue) -> Callable[[str], LeftOut | None]:
    """Why no order of a sku is kept; what the catalogue does not know might be sensitive, too."""
    categories = catalogue.shop.categories
    plain = {
        product.sku
        for product in catalogue.products
        if product.category in categories and not categories[product.category].sensitive
    }

    def reason(sku: str) -> LeftOut | None:
        if sku in plain:
            return None
        return "sensitive" if sku in catalogue else "not_in_catalogue"

    return reason


def _counted(status: Status, done: str) -> Callable[[], None]:
    numbers = count(1)

    def tick() -> None:
        number = next(numbers)
        if number % EVERY == 0:
            status.update(f"{number:,} lines {done} …")

    return tick
