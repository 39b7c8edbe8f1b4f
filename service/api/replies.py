"""How a reply is written: plain values through orjson, with the language it is in and how long it may be kept."""

from typing import Literal

import orjson
from flask import Response

Keeping = Literal["no-store", "public, max-age=60"]


def reply(body: object, *, status: int = 200, language: str | None = None, keeping: Keeping = "no-store") -> Response:
    """A JSON reply; `language` is told and varied on, `keeping` says whether anybody may store it."""
    headers: list[tuple[str, str]] = [("Content-Type", "application/json"), ("Cache-Control", keeping)]
    if language is not None:
        headers += [("Content-Language", language), ("Vary", "Accept-Language")]
    return Response(orjson.dumps(body), status, headers)
