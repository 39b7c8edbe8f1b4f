"""The model in service: taken up when the pointer changes, kept while it is whole when a new one does not verify."""

import math
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from service.cross_sell.artefact import Artefact, open_artefact
from service.cross_sell.pointer import POINTER, current
from service.cross_sell.refusal import ArtefactRefused

LOOKED_AT_EVERY = 1.0
REVIEWED_EVERY = 60.0
Seen = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class _State:
    seen: Seen
    artefact: Artefact | None
    refused: str | None


class ModelShelf:
    """Holds at most one artefact per process; every request may call `refresh`, which costs one stat of the pointer.

    At the first refresh, so after any fork, and then once a second it also looks at the files that are mapped: a model
    into which somebody wrote is opened anew, and refused if it does not verify, before anything of it is read.
    Take `artefact` once per request: what it returned stays whole while a newer one is taken up. `warm` makes a model
    ready before it is switched to. `overdue` says why a version may not serve any longer; it is asked at the first
    refresh after the shelf was made and then once a minute. `on_change` is called with the version in service and the
    reason of a refusal whenever one of them is another.
    """

    def __init__(
        self,
        models: Path,
        *,
        warm: Callable[[Artefact], None] = lambda _: None,
        overdue: Callable[[str], str | None] = lambda _: None,
        on_change: Callable[[str | None, str | None], None] | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._models = models
        self._pointer = os.fspath(models / POINTER)
        self._warm = warm
        self._overdue = overdue
        self._on_change = on_change
        self._seconds = seconds
        self._loading = threading.Lock()
        self._state = _State(None, None, None)
        self._look_at = self._review_at = -math.inf
        self._change(self._taken_up)

    @property
    def artefact(self) -> Artefact | None:
        """The model in service, or None while there is none."""
        return self._state.artefact

    @property
    def refused(self) -> str | None:
        """Why the published model is not the one in service; None when it is, or when none is published."""
        return self._state.refused

    def refresh(self) -> None:
        """Take up the published model if the pointer changed; another thread that is doing so is not waited for."""
        if self._seconds() >= self._look_at:
            self._change(self._looked_at)
        if _seen(self._pointer) != self._state.seen:
            self._change(self._taken_up)
        if self._seconds() >= self._review_at:
            self._change(self._reviewed)

    def _change(self, judge: "Callable[[], _State]") -> None:
        if not self._loading.acquire(blocking=False):
            return
        try:
            before, self._state = self._state, judge()
            self._tell(before)
        finally:
            self._loading.release()

    def _tell(self, before: _State) -> None:
        now = self._state
        if self._on_change and (now.artefact, now.refused) != (before.artefact, before.refused):
            self._on_change(now.artefact.version if now.artefact else None, now.refused)

    def _taken_up(self) -> _State:
        seen, kept = _seen(self._pointer), self._state.artefact
        try:
            version = current(self._models)
            if version is None:
                return _State(seen, kept, "no model is published any more" if kept else None)
            if kept is not None and kept.version == version:
                return _State(seen, kept, None)
            artefact = _opened(self._models, version)
            self._warm(artefact)
        except ArtefactRefused as refusal:
            return _State(seen, kept, refusal.reason)
        self._review_at = -math.inf
        return _State(seen, artefact, None)

    def _looked_at(self) -> _State:
        state = self._state
        self._look_at = self._seconds() + LOOKED_AT_EVERY
        if state.artefact is None or state.artefact.altered() is None:
            return state
        self._state = _State(state.seen, None, None)  # while it is opened anew, no other thread may read of it
        return self._taken_up()

    def _reviewed(self) -> _State:
        state = self._state
        self._review_at = self._seconds() + REVIEWED_EVERY
        reason = state.artefact and self._overdue(state.artefact.version)
        return _State(state.seen, None, reason) if reason else state


def _opened(models: Path, version: str) -> Artefact:
    try:
        artefact = open_artefact(models / version)
    except ArtefactRefused as refusal:
        raise ArtefactRefused(f"model {version} is refused: {refusal.reason}") from None
    if artefact.version != version:
        raise ArtefactRefused(f"model {version} is refused: the folder holds another version")
    return artefact


def _seen(pointer: str) -> Seen:
    try:
        stat = os.stat(pointer)  # noqa: PTH116 - at every request: a Path costs more than the call
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
