"""What the service writes about itself: JSON lines that name routes and code, never a value, an id or a person."""

import sys
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, BinaryIO, Protocol

import orjson
import structlog

FRAMES_NAMED = 3


class Log(Protocol):
    """A structured logger: an event's name and what belongs to it."""

    def info(self, event: str, **fields: object) -> None:
        """Something ordinary happened."""

    def warning(self, event: str, **fields: object) -> None:
        """Something was refused or is missing, and the service goes on."""

    def error(self, event: str, **fields: object) -> None:
        """Something failed that should not."""


def open_log(level: str = "info", stream: BinaryIO | None = None) -> Log:
    """A log of one JSON object a line, on standard output unless another stream is given."""
    logger: Log = structlog.wrap_logger(
        structlog.BytesLogger(stream or sys.stdout.buffer),
        processors=[_as_json],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    ).bind()
    return logger


def _as_json(_logger: object, method: str, fields: MutableMapping[str, Any]) -> bytes:
    return orjson.dumps({"at": datetime.now(UTC), "level": method, **fields}, option=orjson.OPT_UTC_Z)


def told_of(failure: BaseException) -> dict[str, object]:
    """What the log tells of an exception: its type and places, and what a database's driver calls it; no text of it."""
    driver = getattr(failure, "driver_error", None)
    told: dict[str, object] = {"error": type(failure).__name__, "where": _code_places(failure)}
    return told if driver is None else told | {"driver": driver}


def _code_places(failure: BaseException) -> list[str]:
    """Where an exception passed, innermost first: file, line and function, without any text of the exception."""
    return [
        f"{_within_package(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in list(traceback.walk_tb(failure.__traceback__))[: -FRAMES_NAMED - 1 : -1]
    ]


def _within_package(filename: str) -> str:
    return "/".join(PurePath(filename).parts[-FRAMES_NAMED:])
