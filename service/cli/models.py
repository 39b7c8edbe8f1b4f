"""`begleiter models`: which models there are, what they say of themselves, and which is in service."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.table import Table

from service.cli.model_report import report
from service.cli.plainly import settings
from service.cross_sell.life import Listed, UnknownModel, activate, listed, shown
from service.cross_sell.pointer import prune
from service.cross_sell.refusal import ArtefactRefused

WIDE = 120


@click.group()
def models() -> None:
    """List, inspect, switch and tidy up the cross-sell models. `begleiter retrain` makes them."""


@models.command("list")
def list_models() -> None:
    """List the models on the disk, newest first."""
    table = Table("version", "trained", "orders", "in service", "forced", "refused")
    for each in listed(settings().models):
        trained = each.trained_at.isoformat(timespec="minutes")
        table.add_row(
            each.version, trained, _orders(each), "yes" if each.pointed_at else "", _forced(each), each.refused or ""
        )
    Console(width=WIDE).print(table)


@models.command()
@click.argument("version")
def show(version: str) -> None:
    """Print what a model's manifest says, as JSON: data, metrics beside baselines, recipe, and why it was forced."""
    with _plainly():
        found = shown(settings().models, version)
    if found.told is None:
        raise click.ClickException(f"its manifest is refused: {found.refused}")
    click.echo(json.dumps(found.told, indent=1, ensure_ascii=False))


@models.command("activate")
@click.argument("version")
def activate_model(version: str) -> None:
    """Put a model into service, an older or a newer one, after looking at every byte of it.

    Running workers take it up by themselves at their next request.
    """
    with _plainly():
        activate(settings().models, version)
    click.echo(f"{version} is in service.")


@models.command("prune")
@click.option("--keep", type=click.IntRange(1), default=5, show_default=True, help="How many stay, newest first.")
def prune_models(keep: int) -> None:
    """Remove older models; the one in service always stays."""
    with _plainly():
        removed = prune(settings().models, keep)
    click.echo(f"{len(removed)} removed.")
    for version in removed:
        click.echo(version)


models.add_command(report)


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except UnknownModel:
        raise click.ClickException("there is no model of this version; see `begleiter models list`") from None
    except ArtefactRefused as refusal:
        raise click.ClickException(f"nothing was changed: {refusal.reason}") from None


def _orders(each: Listed) -> str:
    return str(each.manifest.orders) if each.manifest else ""


def _forced(each: Listed) -> str:
    return "yes" if each.manifest and each.manifest.everything.get("forced") else ""
