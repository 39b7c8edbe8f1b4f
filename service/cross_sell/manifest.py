"""What an artefact says about itself: its one canonical form, and a version that is a hash of it."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from service.cross_sell.factors import BlockWeights
from service.cross_sell.refusal import ArtefactRefused
from service.cross_sell.told import Told
from service.cross_sell.traits import Trait, trait_from

MANIFEST = "manifest.json"
SCHEMA = "begleiter-artefact/2"
LARGEST_MANIFEST = 64 * 1024 * 1024
VERSION = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{16}")
ARRAY = re.compile(
    r"[a-z][a-z0-9_]{0,59}\.npy"
)  # no folder, no dot before the ending: a name cannot leave the artefact
SCORER = re.compile(r"[a-z][a-z0-9]{0,39}")
MOST_DIMENSIONS = 2
ScorerKind = Literal["context_factors", "neighbours", "popularity"]


@dataclass(frozen=True, slots=True)
class StoredArray:
    """One .npy file: its hash, its size in bytes, and the array that it must hold."""

    sha256: str
    size: int
    shape: tuple[int, ...]
    dtype: str

    def as_json(self) -> dict[str, object]:
        """The manifest's form."""
        return {"sha256": self.sha256, "bytes": self.size, "shape": list(self.shape), "dtype": self.dtype}


@dataclass(frozen=True, slots=True)
class ScorerEntry:
    """One scorer of the blend: its arrays begin with its name. Weights, for each class of basket sizes, may be 0.

    `opening` is the weight for a basket that has only begun.
    `blocks` says how much consented values and past orders count; None unless the kind is context_factors.
    """

    name: str
    kind: ScorerKind
    weights: tuple[float, ...]
    opening: float
    blocks: BlockWeights | None = None

    def as_json(self) -> dict[str, object]:
        """The manifest's form."""
        told: dict[str, object] = {
            "name": self.name,
            "kind": self.kind,
            "weights": list(self.weights),
            "opening_weight": self.opening,
        }
        if self.blocks:
            told |= {"trait_weight": self.blocks.trait, "past_weight": self.blocks.past}
        return told


@dataclass(frozen=True, slots=True)
class Manifest:
    """The part of a manifest that serving rests on; `everything` also holds what is told to people."""

    version: str
    files: Mapping[str, StoredArray]
    scorers: tuple[ScorerEntry, ...]
    basket_sizes: tuple[int, ...]
    traits: tuple[Trait, ...]
    categories: tuple[str, ...]
    orders: int
    everything: Mapping[str, object]


def sealed(description: Mapping[str, object]) -> tuple[str, bytes]:
    """The version and the bytes of a manifest with this description (`window.until` is the version's date)."""
    body = {"schema": SCHEMA, **description}
    until = Told(body).inner("window").text("until")
    version = f"{until}-{hashlib.sha256(_canonical(body)).hexdigest()[:16]}"
    return version, _canonical({**body, "version": version})


def manifest_in(folder: Path) -> Manifest:
    """The manifest of the artefact in a folder; raises `ArtefactRefused`, and OSError where it cannot be read."""
    path = folder / MANIFEST
    if path.is_symlink() or not path.is_file():
        raise ArtefactRefused(f"{MANIFEST} is missing")
    if path.stat().st_size > LARGEST_MANIFEST:
        raise ArtefactRefused(f"{MANIFEST} is larger than {LARGEST_MANIFEST} bytes")
    return read_manifest(path.read_bytes())


def read_manifest(content: bytes) -> Manifest:
    """The manifest in these bytes; raises `ArtefactRefused` for any byte that was not written by `sealed`."""
    told = Told.of(_parsed(content), "manifest")
    if told.fields.get("schema") != SCHEMA:
        raise ArtefactRefused(f"its schema is not {SCHEMA}")
    version = told.text("version")
    body = {name: value for name, value in told.fields.items() if name not in {"version", "schema"}}
    if not VERSION.fullmatch(version) or (version, content) != sealed(body):
        raise ArtefactRefused("the manifest was changed after it was written")
    return Manifest(
        version=version,
        files={name: _stored(name, told.inner("files").inner(name)) for name in told.inner("files").fields},
        scorers=tuple(_scorer(entry) for entry in told.objects("scorers")),
        basket_sizes=told.whole_numbers("basket_sizes"),
        traits=tuple(trait_from(entry) for entry in told.objects("traits")),
        categories=told.texts("categories"),
        orders=told.whole("orders"),
        everything=told.fields,
    )


def _parsed(content: bytes) -> object:
    try:
        parsed: object = json.loads(content)
    except (ValueError, RecursionError):
        raise ArtefactRefused("the manifest is not JSON") from None
    return parsed


def _canonical(body: Mapping[str, object]) -> bytes:
    try:
        return json.dumps(body, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except ValueError:
        raise ArtefactRefused("the manifest holds a number that JSON does not know") from None


def _stored(name: str, told: Told) -> StoredArray:
    if not ARRAY.fullmatch(name):
        raise ArtefactRefused("the manifest names a file that cannot be an artefact's array")
    shape = told.several("shape")
    sizes = tuple(size for size in shape if isinstance(size, int) and not isinstance(size, bool) and size >= 0)
    if len(sizes) != len(shape) or not 1 <= len(sizes) <= MOST_DIMENSIONS:
        raise ArtefactRefused(f"{name}: its shape is not one or two sizes")
    return StoredArray(told.text("sha256"), told.whole("bytes"), sizes, told.text("dtype"))


def _scorer(told: Told) -> ScorerEntry:
    name, weights, opening = told.text("name"), told.numbers("weights"), told.number("opening_weight")
    if not SCORER.fullmatch(name):
        raise ArtefactRefused("the manifest gives a scorer a name that cannot begin a file's name")
    match told.text("kind"):
        case "context_factors":
            blocks = BlockWeights(trait=told.number("trait_weight"), past=told.number("past_weight"))
            return ScorerEntry(name, "context_factors", weights, opening, blocks)
        case "neighbours":
            return ScorerEntry(name, "neighbours", weights, opening)
        case "popularity":
            return ScorerEntry(name, "popularity", weights, opening)
        case _:
            raise ArtefactRefused("the manifest names a kind of scorer that this service does not know")
