"""Writing an artefact: beside its place, flushed to the disk, read back, and only then moved there."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from io import BufferedWriter
from pathlib import Path

import numpy as np

from service.cross_sell.arrays import Array
from service.cross_sell.artefact import open_artefact
from service.cross_sell.manifest import MANIFEST, StoredArray, sealed
from service.cross_sell.refusal import ArtefactRefused

WRITING = ".writing-"
A_DAY = 24 * 60 * 60


def write_artefact(models: Path, arrays: Mapping[str, Array], description: Mapping[str, object]) -> Path:
    """Write `models`/<version> and return it. Equal arrays and description give equal bytes, hence one version.

    `arrays` go by name without ending; `description` is the manifest without schema, version and files.
    Nothing is left behind when it fails; an artefact of the same version that is whole stays as it is.

    Raises:
        ArtefactRefused: if what was written would not be taken into service.
    """
    models.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=WRITING, dir=models))
    beside.chmod(0o755)  # the service may run under another user
    _sweep(models, beside)
    try:
        files = {f"{name}.npy": _write_array(beside / f"{name}.npy", array) for name, array in sorted(arrays.items())}
        listed = {name: file.as_json() for name, file in files.items()}
        version, manifest = sealed({**description, "files": listed})
        _write(beside / MANIFEST, manifest)
        open_artefact(beside)
        flush_folder(beside)
        _move(beside, models / version)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    flush_folder(models)
    return models / version


def _sweep(models: Path, beside: Path) -> None:
    """Remove what others left behind who were killed while they wrote, a day ago or earlier."""
    now = beside.stat().st_mtime
    for left in models.glob(f"{WRITING}*"):
        with suppress(OSError):  # it may be finished by now
            if now - left.stat().st_mtime > A_DAY:
                shutil.rmtree(left)


def flush_folder(folder: Path) -> None:
    """Make a folder's entries survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_array(path: Path, array: Array) -> StoredArray:
    with path.open("xb") as file:
        np.lib.format.write_array(file, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
        _finish(file)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return StoredArray(sha256, path.stat().st_size, array.shape, array.dtype.str)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        _finish(file)


def _finish(file: BufferedWriter) -> None:
    """Onto the disk, and for nobody to write into: workers map it, and a file cut short under them kills them."""
    file.flush()
    os.fchmod(file.fileno(), 0o444)
    os.fsync(file.fileno())


def _move(beside: Path, place: Path) -> None:
    if place.exists() and not _is_whole(place):
        shutil.rmtree(place)
    if not place.exists():
        beside.rename(place)


def _is_whole(folder: Path) -> bool:
    try:
        open_artefact(folder)
    except ArtefactRefused:
        return False
    return True
