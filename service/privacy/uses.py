"""When a value was last used, and what for: to the day, noted beside the requests and written in one go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Protocol

from service.privacy.subject import ShopperId
from service.privacy.view import ConsentedView

MOST_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Use:
    """Values of one subject were released to a purpose on a day; `values` are attributes with their sources."""

    subject: ShopperId
    purpose: str
    day: datetime
    values: tuple[tuple[str, str], ...]


class Uses(Protocol):
    """Where the last use of each value is kept."""

    def write(self, uses: set[Use]) -> None:
        """Note the uses of values that are still there; a later day wins."""
        ...


class UseNotes:
    """Notes what the gate releases. A use is written once a day, so a busy shopper costs no more than an idle one.

    What is noted follows from the released values alone. A crash may lose the notes of the last seconds.
    """

    def __init__(self, uses: Uses, *, on_failure: Callable[[Exception], None]) -> None:
        self._uses = uses
        self._on_failure = on_failure
        self._noted: set[Use] = set()
        self._waiting: set[Use] = set()
        self._lock = Lock()

    def note(self, subject: ShopperId, view: ConsentedView[str], at: datetime) -> None:
        """Remember the use; cheap, and writes nothing."""
        day = at.replace(hour=0, minute=0, second=0, microsecond=0)
        use = Use(subject, view.purpose, day, tuple((name, value.source) for name, value in view.values.items()))
        if use not in self._noted:
            with self._lock:
                self._waiting.add(use)

    def write(self) -> None:
        """Write what was noted since the last time; what fails is tried again with the next."""
        with self._lock:
            waiting, self._waiting = self._waiting, set()
        if not waiting:
            return
        try:
            self._uses.write(waiting)
        except Exception as failure:  # noqa: BLE001  a use that cannot be noted stops nobody
            with self._lock:
                self._waiting |= waiting
            self._on_failure(failure)
            return
        newest = max(use.day for use in waiting)
        kept = {use for use in self._noted if use.day == newest} if len(self._noted) < MOST_REMEMBERED else set()
        self._noted = kept | waiting
