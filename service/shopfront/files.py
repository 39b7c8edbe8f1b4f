"""What the shop's files look like from outside: enough to see that one of them changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from service.catalogue.feed import PRODUCT_FILES
from service.settings import Settings

REGISTER_FILE = "privacy.yaml"
CATALOGUE_FILES = ("shop.yaml", *PRODUCT_FILES)

Stamps = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """The files of one moment by name, inode, time of change and size."""

    catalogue: Stamps
    register: Stamps
    questionnaires: Stamps


def look(settings: Settings) -> Seen:
    """The files as they stand now; costs one look at each, and reads none."""
    return Seen(
        catalogue=_stamps(settings.shop / name for name in CATALOGUE_FILES),
        register=_stamps([settings.shop / REGISTER_FILE]),
        questionnaires=_stamps(sorted(settings.questionnaires.glob("*.y*ml"))),
    )


def _stamps(paths: Iterable[Path]) -> Stamps:
    return tuple(stamp for path in paths for stamp in _stamp(path))


def _stamp(path: Path) -> Stamps:
    try:
        stat = path.stat()
    except OSError:
        return ()
    return ((path.name, stat.st_ino, stat.st_mtime_ns, stat.st_size),)
