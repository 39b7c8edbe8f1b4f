"""`begleiter retrain`: consented orders become a model that is judged, and put into service only if it deserves it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from models.baskets import Gathered, facts_of
from models.judge import NotPublished
from models.order_file import OrderFileRefused
from models.parts import NothingToLearn
from models.recipe import Recipe
from models.source import from_database, from_file
from models.train import Training, Written, train
from service.catalogue.catalogue import load_catalogue
from service.cross_sell.pointer import prune, publish
from service.cross_sell.refusal import ArtefactRefused
from service.documents.problem import Refused
from service.settings import SettingsRefused, read_settings
from service.storage.database import StorageFailed, UnusableDatabaseUrl

EXPECTED = (
    NothingToLearn,
    NotPublished,
    OrderFileRefused,
    ArtefactRefused,
    Refused,
    SettingsRefused,
    StorageFailed,
    OSError,
)
SHIPPED = Recipe()


@click.command()
@click.option(
    "--orders",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Learn from this CSV file (order_id, sku, ordered_at, perhaps quantity) instead of the database. You vouch "
    "for the consent of everybody in it.",
)
@click.option(
    "--epochs",
    type=click.IntRange(1, 1000),
    default=SHIPPED.epochs,
    show_default=True,
    help="How often it goes over all orders.",
)
@click.option(
    "--components",
    type=click.IntRange(1, 512),
    default=SHIPPED.components,
    show_default=True,
    help="Numbers per product: more tell finer habits, and need more orders.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=SHIPPED.seed,
    show_default=True,
    help="Equal orders and an equal seed give the same model, byte for byte.",
)
@click.option(
    "--tune",
    "trials",
    type=click.IntRange(1, 1000),
    help="First try so many recipes (Optuna) on the validation period, never on the orders that judge. Each takes as "
    "long as a fit.",
)
@click.option("--force", is_flag=True, help="Publish even if the model is judged too weak; its manifest will say so.")
@click.option("--keep", type=click.IntRange(1), default=5, show_default=True, help="How many models stay on the disk.")
def retrain(  # noqa: PLR0913, PLR0917  click gives them by name
    orders: Path | None,
    epochs: int,
    components: int,
    seed: int,
    trials: int | None,
    force: bool,  # noqa: FBT001
    keep: int,
) -> None:
    """Train the cross-sell model anew and put it into service.

    Reads the orders of the shoppers who let models learn from them, and judges a model of earlier ones on the latest
    fifth. If it clearly beats "what sells most" and "what is mostly bought with it", does not fall behind the model in
    service and is not one-sided, a model of all orders is published, and every running worker takes it up by itself.
    Otherwise nothing changes, and the exit code is 1.

    Where things are is set by BEGLEITER_SHOP, BEGLEITER_DATA and BEGLEITER_DATABASE_URL.
    """
    console = Console(file=sys.stderr)
    recipe = Recipe(epochs=epochs, components=components, seed=seed)
    with _explained():
        settings = read_settings()
        facts = facts_of(load_catalogue(settings.shop))
        source = from_file(orders, facts) if orders else from_database(settings, facts, datetime.now(UTC))
        _tell_gathered(console, source.gathered)
        if source.orders_from == "database" and source.ledger_head is None:
            console.print("the consent ledger does not verify: run `begleiter audit verify`", style="bold")
        with _bar(console) as bar:
            training = Training(
                source.gathered,
                facts,
                recipe,
                orders_from=source.orders_from,
                ledger_head=source.ledger_head,
                trials=trials or 0,
            )
            if trials:
                training = replace(training, recipe=_tuned(training, bar))
            task = bar.add_task("fitting", total=2 * epochs)
            training = replace(training, on_epoch=lambda: bar.advance(task))
            written = train(training, settings.models, force=force)
        publish(settings.models, written.folder)
        prune(settings.models, keep)
    _tell_written(console, written)
    click.echo(written.folder.name)


def _tuned(training: Training, bar: Progress) -> Recipe:
    try:
        from models.tune import tuned  # noqa: PLC0415  Optuna is an extra of its own
    except ImportError:
        raise click.ClickException('--tune needs Optuna: pip install "begleiter[tuning]"') from None
    task = bar.add_task("tuning", total=training.trials)
    return tuned(training, training.trials, lambda: bar.advance(task))


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except UnusableDatabaseUrl as failed:
        raise click.ClickException(f"nothing was published: BEGLEITER_DATABASE_URL: {failed}") from None
    except EXPECTED as failed:
        raise click.ClickException(f"nothing was published: {failed}") from None


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True)


def _tell_gathered(console: Console, gathered: Gathered) -> None:
    several = sum(len(basket.skus) > 1 for basket in gathered.baskets)
    told = f"{len(gathered.baskets)} orders, {several} of them with several products"
    console.print(f"{told}; {gathered.lines.used} lines used and {gathered.captured.used} captured purchases")
    for what, counted in (("lines", gathered.lines), ("captured", gathered.captured)):
        for reason, left_out in counted.left_out.items():
            console.print(f"  left out: {left_out} {what}, {reason.replace('_', ' ')}")


def _tell_written(console: Console, written: Written) -> None:
    for name, metrics in written.verdict.metrics.items():
        console.print(f"  {name:<13}{metrics}", highlight=False)
    for name, measure in written.verdict.measures.items():
        told = "at least" if measure.at_least else "at most"
        console.print(f"  {name:<24}{measure.value:.3f} ({told} {measure.limit:g})", highlight=False)
    if written.verdict.reason is not None:
        console.print(f"published all the same (--force), although {written.verdict.reason}")
    console.print("published; every running worker takes it up by itself:", style="bold")


if __name__ == "__main__":
    retrain()
