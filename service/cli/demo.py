"""`begleiter demo` and `demo-data`: the demo shop with simulated shoppers, their consents, orders and a model."""

import signal
import subprocess
import sys
from contextlib import suppress

import click
from rich.console import Console

from service.cli.imports import import_orders, import_shoppers
from service.cli.plainly import plainly, settings
from service.cross_sell.pointer import current
from service.cross_sell.refusal import ArtefactRefused
from service.privacy.secret import load_secret
from service.privacy.shoppers import pseudonym
from service.settings import Settings
from service.storage.database import open_database
from service.storage.schema import schema_is_current, upgrade
from service.storage.shoppers import SqlShoppers

SIMULATION = "simulate.py"
SEED = 7
SOMEBODY = "demo-0001"
STORED = "stored"


@click.command("demo-data")
@click.option("--seed", type=int, default=SEED, show_default=True, help="The same seed makes up the same people.")
def demo_data(seed: int) -> None:
    """Make up shoppers and orders for the demo shop and store them. Nobody in there exists."""
    with plainly():
        _store_simulation(settings(), seed, Console(stderr=True))


@click.command()
@click.pass_context
def demo(ctx: click.Context) -> None:
    """Prepare what is missing for the demo shop: database, simulated shoppers and orders, a trained model."""
    found = settings()
    console = Console(stderr=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what was begun is ended too
    with plainly():
        _prepare_database(found, console)
        if not _is_stored(found):
            _store_simulation(found, SEED, console)
    if not _has_model(found):
        console.print("Training the cross-sell model, once:")
        _train(ctx, console)
    console.print("The demo shop is ready; `begleiter serve` serves it.")


def _prepare_database(found: Settings, console: Console) -> None:
    database = open_database(found.database_url)
    is_current = schema_is_current(database)
    database.close()
    if not is_current:
        with console.status("Creating the database …"):
            upgrade(found.database_url)


def _is_stored(found: Settings) -> bool:
    """Whether shoppers and orders are there: the mark says that nobody stopped halfway, the shopper which database."""
    if not (found.data / "demo" / STORED).is_file():
        return False
    database = open_database(found.database_url)
    try:
        return SqlShoppers(database).is_known(pseudonym(load_secret(found.secret, found.data), SOMEBODY))
    finally:
        database.close()


def _has_model(found: Settings) -> bool:
    with suppress(ArtefactRefused):
        return current(found.models) is not None
    return False


def _train(ctx: click.Context, console: Console) -> None:
    parent = ctx.parent
    retrain = (
        parent.command.get_command(parent, "retrain") if parent and isinstance(parent.command, click.Group) else None
    )
    if retrain is None:
        console.print("This installation has no trainer; cross-sell goes by the shop's rules alone.")
        return
    try:
        retrain.main(args=[], prog_name="begleiter retrain", standalone_mode=False)
    except click.ClickException as refusal:
        console.print(f"No model: {refusal.message}. Cross-sell goes by the shop's rules alone.")


def _store_simulation(found: Settings, seed: int, console: Console) -> None:
    script, folder = found.shop / SIMULATION, found.data / "demo"
    if not script.is_file():
        raise click.ClickException(f"{script} is not there; only the demo shop can be simulated")
    with console.status("Making up shoppers and orders …"):
        subprocess.run(  # noqa: S603 - the shop's own script
            [sys.executable, str(script), "--out", str(folder), "--seed", str(seed), "--shop", str(found.shop)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    database = open_database(found.database_url)
    try:
        count = import_shoppers(folder / "shoppers.jsonl", found, database).shoppers
        lines = import_orders(folder / "orders.csv", found, database).new
    finally:
        database.close()
    (folder / STORED).touch()
    console.print(f"{count} simulated shoppers and {lines} order lines are stored.")
