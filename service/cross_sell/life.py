"""The life of published models: which there are, what they say of themselves, and which goes into service."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from service.cross_sell.artefact import open_artefact
from service.cross_sell.manifest import MANIFEST, VERSION, Manifest, manifest_in
from service.cross_sell.pointer import current, publish, published
from service.cross_sell.refusal import ArtefactRefused
from service.cross_sell.told import Told


class UnknownModel(Exception):
    """No model of this version lies in the models folder."""

    def __init__(self) -> None:
        super().__init__("There is no model of this version; GET /v1/models lists them.")


@dataclass(frozen=True, slots=True)
class Listed:
    """One model on the disk. `manifest` is None if it cannot be read; then `refused` says why."""

    version: str
    trained_at: datetime
    pointed_at: bool
    manifest: Manifest | None
    refused: str | None

    @property
    def told(self) -> dict[str, object] | None:
        """What its manifest tells people; None if it cannot be read."""
        if self.manifest is None:
            return None
        return {name: value for name, value in self.manifest.everything.items() if name != "files"}


def listed(models: Path) -> tuple[Listed, ...]:
    """The models on the disk, the one written last first; arrays are not looked at."""
    try:
        in_service = current(models)
    except ArtefactRefused:
        in_service = None
    return tuple(_listed(models, version, pointed_at=version == in_service) for version in published(models))


def shown(models: Path, version: str) -> Listed:
    """One model; raises `UnknownModel`."""
    if not VERSION.fullmatch(version) or not (models / version).is_dir():
        raise UnknownModel
    return next(each for each in listed(models) if each.version == version)


def activate(models: Path, version: str) -> None:
    """Put a model into service after looking at every byte of it; raises `UnknownModel` and `ArtefactRefused`."""
    folder = models / shown(models, version).version
    if open_artefact(folder).version != version:
        raise ArtefactRefused("the folder holds another version")
    publish(models, folder)


def trained_at(folder: Path) -> datetime:
    """When a model was written: no clock is in its manifest, so that equal orders give equal bytes."""
    return datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime, tz=UTC)


class Withdrawals(Protocol):
    """What shoppers took back of what models may learn from: consents to training withdrawn, shoppers erased.

    With `captured` also consents to capture what they do, for a model that learnt from what was captured.
    """

    def has_entry(self, position: int, entry_hash: str) -> bool:
        """Whether the ledger holds this entry at this position."""
        ...

    def first_beyond(self, position: int, *, captured: bool) -> datetime | None:
        """When the first of those happened that the ledger holds beyond this position."""
        ...

    def first_after(self, moment: datetime, *, captured: bool) -> datetime | None:
        """When the first of those happened after that moment."""
        ...


@dataclass(frozen=True, slots=True)
class Overdue:
    """Whether a model must go because withdrawals have waited too long for a model without them.

    What a model obeyed already is told by how far the consent ledger was read for it: its manifest names the last
    entry. Where that is none of this ledger's, or the orders came from a file, it goes by when the model was written.
    """

    models: Path
    withdrawals: Withdrawals
    allowed: timedelta
    clock: Callable[[], datetime]

    def __call__(self, version: str) -> str | None:
        """Why this model may not serve any longer; None while it may."""
        waiting = self._first_waiting(self.models / version)
        if waiting is None or self.clock() - waiting <= self.allowed:
            return None
        return (
            f"model {version} is refused: a withdrawal of {waiting.date().isoformat()} has waited more than "
            f"{self.allowed.days} days for a model without it; run `begleiter retrain`"
        )

    def _first_waiting(self, folder: Path) -> datetime | None:
        end, captured = _made_from(folder)
        if end is not None and (end[0] == 0 or self.withdrawals.has_entry(*end)):
            return self.withdrawals.first_beyond(end[0], captured=captured)
        return self.withdrawals.first_after(trained_at(folder), captured=captured)


def _made_from(folder: Path) -> tuple[tuple[int, str] | None, bool]:
    """The last entry of the ledger that was read for a model, position and hash, and whether it learnt from captures.

    No entry if none was read or none can be told; what cannot be told may have been captured.
    """
    try:
        everything = Told(manifest_in(folder).everything)
        captured = _learnt_from_captures(everything)
        if everything.fields.get("consent_ledger") is None:
            return None, captured
        told = everything.inner("consent_ledger")
        return (told.whole("position"), told.text("hash")), captured
    except ArtefactRefused:
        return None, True


def _learnt_from_captures(everything: Told) -> bool:
    if "rows" not in everything.fields or "captured" not in everything.inner("rows").fields:
        return False
    return everything.inner("rows").inner("captured").whole("used") > 0


def _listed(models: Path, version: str, *, pointed_at: bool) -> Listed:
    folder = models / version
    try:
        manifest = manifest_in(folder)
    except ArtefactRefused as refusal:
        return Listed(version, _written(folder), pointed_at, None, refusal.reason)
    except OSError as failed:
        return Listed(version, _written(folder), pointed_at, None, f"it cannot be read ({type(failed).__name__})")
    return Listed(version, trained_at(folder), pointed_at, manifest, None)


def _written(folder: Path) -> datetime:
    return datetime.fromtimestamp(folder.stat().st_mtime, tz=UTC)
