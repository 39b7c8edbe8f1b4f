"""Reading one .npy file of an artefact: judged by size, hash and header before numpy may touch it."""

import hashlib
import math
from io import BufferedReader
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.cross_sell.manifest import StoredArray
from service.cross_sell.refusal import ArtefactRefused

Array = NDArray[Any]
MAGIC = b"\x93NUMPY\x01\x00"
KINDS = "fibU"  # floats, whole numbers, booleans, texts: nothing that needs a pickle


def open_array(path: Path, stored: StoredArray) -> Array:
    """The array, memory-mapped and read-only; raises `ArtefactRefused` naming the file and what is wrong."""
    dtype = _declared_dtype(path.name, stored)
    if path.is_symlink() or not path.is_file():
        raise ArtefactRefused(f"{path.name} is missing")
    with path.open("rb") as file:
        _check_content(file, path.name, stored, dtype)
    try:
        mapped = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError:
        raise ArtefactRefused(f"{path.name} was changed while it was opened") from None
    array: Array = mapped.view(np.ndarray)  # the same pages, without np.memmap's cost at every slice
    return array


def _declared_dtype(name: str, stored: StoredArray) -> np.dtype[Any]:
    try:
        dtype = np.dtype(stored.dtype)
    except (TypeError, ValueError, SyntaxError):
        raise ArtefactRefused(f"{name}: it declares no known dtype") from None
    if dtype.kind not in KINDS or dtype.str != stored.dtype or not dtype.itemsize:
        raise ArtefactRefused(f"{name}: it declares a dtype that artefacts do not use")
    return dtype


def _check_content(file: BufferedReader, name: str, stored: StoredArray, dtype: np.dtype[Any]) -> None:
    if file.seek(0, 2) != stored.size:
        raise ArtefactRefused(f"{name} has not the size that the manifest declares")
    if math.prod(stored.shape) * dtype.itemsize >= stored.size:
        raise ArtefactRefused(f"{name}: the declared shape does not fit into its size")
    file.seek(0)
    if hashlib.file_digest(file, "sha256").hexdigest() != stored.sha256:
        raise ArtefactRefused(f"{name} has not the sha256 that the manifest declares")
    file.seek(0)
    if _header(file, name) != _wanted(stored):
        raise ArtefactRefused(f"{name}: its header does not agree with the manifest")
    if file.tell() + math.prod(stored.shape) * dtype.itemsize != stored.size:
        raise ArtefactRefused(f"{name}: there is not one array in it and nothing else")


def _header(file: BufferedReader, name: str) -> str:
    """What the file says of itself. It is compared, not parsed: numpy evaluates what stands there."""
    if file.read(len(MAGIC)) != MAGIC:
        raise ArtefactRefused(f"{name}: it is no .npy file of version 1.0")
    length = int.from_bytes(file.read(2), "little")
    return _plain(file.read(length).decode("latin-1"))


def _wanted(stored: StoredArray) -> str:
    """What a file with this array says of itself, by the format's description."""
    return _plain(repr({"descr": stored.dtype, "fortran_order": False, "shape": stored.shape}))


def _plain(header: str) -> str:
    return "".join(header.split()).replace(",}", "}")
