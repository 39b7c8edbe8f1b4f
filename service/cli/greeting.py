"""What `begleiter serve` says once it listens: what to open, and three calls that work."""

import json
from typing import cast

import click
from flask import Flask

from service.api.rooms import Rooms
from service.settings import Settings


def greet(settings: Settings, app: Flask) -> None:
    """Print it."""
    base = f"http://{settings.host}:{settings.port}"
    click.echo("\n".join(lines(base, cast("Rooms", app.extensions["begleiter"]), demo=settings.demo)))


def lines(base: str, rooms: Rooms, *, demo: bool = False) -> list[str]:
    """The greeting for the shop that is served."""
    front = rooms.shopfront()
    questionnaire = next(iter(sorted(front.questionnaires.published)), None)
    sku = next((product.sku for product in reversed(front.catalogue.products) if product.available), None)
    said = [
        "",
        f"Begleiter listens on {base}   (Ctrl-C stops it)",
        *([f"  Walk through the shop: {base}/demo"] if demo else []),
        f"  Read and try the API:  {base}/docs",
        f"  See what is in force:  {base}/ready",
        "",
        f"curl {base}/v1/questionnaires",
    ]
    if questionnaire is not None:
        said.append(_post(f"{base}/v1/advice", {"questionnaire": questionnaire, "answers": {}}))
    if sku is not None:
        said.append(_post(f"{base}/v1/cross-sell", {"basket": [sku]}))
    return [*said, ""]


def _post(url: str, body: object) -> str:
    return f"curl -H 'Content-Type: application/json' -d '{json.dumps(body)}' {url}"
