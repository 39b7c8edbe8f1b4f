"""Which of the artefacts in a folder is in service: a pointer file that is switched by one rename."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from service.cross_sell.manifest import VERSION
from service.cross_sell.refusal import ArtefactRefused
from service.cross_sell.writing import flush_folder

POINTER = "CURRENT"


def current(models: Path) -> str | None:
    """The version in service, None if none was ever published; raises `ArtefactRefused` if the pointer is broken."""
    try:
        version = (models / POINTER).read_bytes()[:100].decode("ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    except OSError as failed:
        raise ArtefactRefused(f"{POINTER} cannot be read ({type(failed).__name__})") from None
    if not VERSION.fullmatch(version):
        raise ArtefactRefused(f"{POINTER} does not hold the version of an artefact")
    return version


def publish(models: Path, folder: Path) -> None:
    """Put an artefact, `models`/<version>, into service: readers see the old version or the new one, never neither."""
    if folder.parent.resolve() != models.resolve() or not VERSION.fullmatch(folder.name):
        raise ValueError("only an artefact in the models folder can be published")
    beside = models / f".{POINTER}-{os.getpid()}"
    with beside.open("wb") as file:
        file.write(f"{folder.name}\n".encode())
        file.flush()
        os.fsync(file.fileno())
    beside.replace(models / POINTER)
    flush_folder(models)


def published(models: Path) -> list[str]:
    """The versions that lie in the folder, the one written last first."""
    if not models.is_dir():
        return []
    folders = [folder for folder in models.iterdir() if VERSION.fullmatch(folder.name) and folder.is_dir()]
    return [folder.name for folder in sorted(folders, key=lambda folder: (-folder.stat().st_mtime_ns, folder.name))]


def prune(models: Path, keep: int) -> list[str]:
    """Remove all but the `keep` versions written last and the one in service; returns what was removed."""
    in_service = current(models)
    superfluous = [version for version in published(models)[keep:] if version != in_service]
    for version in superfluous:
        with suppress(FileNotFoundError):  # somebody else is removing it, too
            shutil.rmtree(models / version)
    return superfluous
