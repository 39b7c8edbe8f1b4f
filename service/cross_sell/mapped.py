"""Whether the files that a model maps are still what was opened: who reads past the end of one is killed (SIGBUS)."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MappedFile:
    """A file as it was before it was opened: which one, how large, and when it was last written to."""

    path: str
    inode: int
    size: int
    written: int

    @classmethod
    def at(cls, path: Path) -> "MappedFile":
        """The one that lies there now; raises OSError."""
        found = path.stat()
        return cls(os.fspath(path), found.st_ino, found.st_size, found.st_mtime_ns)

    @property
    def name(self) -> str:
        """Its name in the artefact."""
        return os.path.basename(self.path)  # noqa: PTH119 - a Path costs more than the look

    def was_altered(self) -> bool:
        """Whether somebody wrote into this very file; one that was removed or replaced stays whole in memory."""
        try:
            found = os.stat(self.path)  # noqa: PTH116 - looked at every second beside requests
        except OSError:
            return False
        return found.st_ino == self.inode and (found.st_size, found.st_mtime_ns) != (self.size, self.written)


def altered(files: Iterable[MappedFile]) -> str | None:
    """The name of the first that somebody wrote into since it was opened."""
    return next((each.name for each in files if each.was_altered()), None)
