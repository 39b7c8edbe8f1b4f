"""The list of who was erased, in a file beside the database: a backup from before does not know of it.

One line of JSON for each: the tag of the subject (a keyed hash) and when. Without the key it tells of nobody.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import orjson

from service.privacy.rights import Erasure

FILE_NAME = "erased.jsonl"


class NotAnErasureList(Exception):
    """A line of the file is no entry of an erasure list."""


class ErasureList:
    """Appends entries, each in one write that survives a crash; an entry may stand there twice."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, erasures: list[Erasure]) -> None:
        """Add them, on disk before this returns."""
        lines = b"".join(orjson.dumps({"at": each.at, "id": each.id, "tag": each.tag}) + b"\n" for each in erasures)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, lines)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read_erasures(path: Path) -> Iterator[Erasure]:
    """The entries of a list; raises NotAnErasureList."""
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            found = orjson.loads(line)
            yield Erasure(str(found["id"]), datetime.fromisoformat(found["at"]), str(found["tag"]))
        except (ValueError, KeyError, TypeError):
            raise NotAnErasureList(f"{path.name}:{number}: this is no entry of an erasure list") from None
