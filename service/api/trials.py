"""Texts tried in the preview: a few are kept compiled in each worker for a while, none is stored or published."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from service.advice.checking import look_for_oddities
from service.advice.trial import Trial, try_out
from service.api.patience import Patience, TookTooLong
from service.catalogue.catalogue import Catalogue
from service.documents.problem import Complaints, Problem
from service.privacy.register import Register

T = TypeVar("T")
SECONDS = 10.0
KEPT = 4
KEPT_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as it was sent, and what it was called."""

    yaml: str
    name: str | None


@dataclass(frozen=True, slots=True)
class _Kept:
    trial: Trial
    catalogue: Catalogue
    register: Register
    used: float


class Trials:
    """Tries a text once and remembers it, as long as the catalogue and the register are the same."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.patience = Patience(seconds)
        self._changing = threading.Lock()
        self._kept: dict[Draft, _Kept] = {}

    def of(self, draft: Draft, catalogue: Catalogue, register: Register) -> Trial:
        """What comes of the text; raises `PreviewBusy` or `TookTooLong`."""
        with self._changing:
            kept = self._kept.get(draft)
        if kept is None or kept.catalogue is not catalogue or kept.register is not register:
            trial = self.bounded(lambda: try_out(draft.yaml, draft.name, catalogue, register.attributes))
        else:
            trial = kept.trial
        self._keep(draft, _Kept(trial, catalogue, register, monotonic()))
        return trial

    def bounded(self, work: Callable[[], T]) -> T:
        """What the work gives, in the time that a preview has."""
        return self.patience.wait_for(work)

    def complaints(self, trial: Trial) -> tuple[tuple[Problem, ...], bool]:
        """Everything that `begleiter check` says; False if the time did not suffice for all that may be odd."""
        found = Complaints(list(trial.problems))
        compiled = trial.compiled
        if compiled is None:
            return found.problems, True
        try:
            self.bounded(lambda: look_for_oddities(compiled, found))
        except TookTooLong:
            return Complaints(list(found.found)).problems, False
        return found.problems, True

    def forget_old(self) -> None:
        """Let go of what has not been asked for in a while, and of the catalogue that it holds."""
        with self._changing:
            for draft in [each for each, kept in self._kept.items() if monotonic() - kept.used > KEPT_SECONDS]:
                del self._kept[draft]

    def _keep(self, draft: Draft, kept: _Kept) -> None:
        with self._changing:
            self._kept.pop(draft, None)
            self._kept[draft] = kept
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
