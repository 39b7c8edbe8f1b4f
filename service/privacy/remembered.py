"""Views that a worker remembers: each under the mark of the very state it was read from, for a while, up to a bound."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import TypeAlias

from service.privacy.subject import ShopperId
from service.privacy.view import ConsentedView

MOST_VIEWS = 2_000
UNUSED_SECONDS = 45.0

Key: TypeAlias = tuple[object, ShopperId, str]
"""The gate, which stands for its register; the subject; the purpose."""


@dataclass(slots=True)
class _Kept:
    """A view, the mark of the state that it was read from, and from when on and until when it is what that gives."""

    view: ConsentedView[str]
    mark: str
    since: datetime
    until: datetime | None
    used: float


class RememberedViews:
    """Views by gate, subject and purpose, one each. What is older than its mark or its time is never given."""

    def __init__(self, *, most: int = MOST_VIEWS, seconds: Callable[[], float] = monotonic) -> None:
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._most = most
        self._seconds = seconds
        self._lock = Lock()

    def get(self, key: Key, mark: str, at: datetime) -> ConsentedView[str] | None:
        """The view of that state at that moment, if it is remembered."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            if kept.mark != mark or at < kept.since or (kept.until is not None and at >= kept.until):
                del self._kept[key]
                return None
            self._kept.move_to_end(key)
            kept.used = self._seconds()
            return kept.view

    def keep(self, key: Key, view: ConsentedView[str], mark: str, *, since: datetime, until: datetime | None) -> None:
        """Remember the view, read in the state of that mark; it holds from `since` to before `until`."""
        with self._lock:
            self._kept[key] = _Kept(view, mark, since, until, self._seconds())
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def forget_unused(self) -> None:
        """Let go of what was not used of late; the least recently used come first."""
        before = self._seconds() - UNUSED_SECONDS
        with self._lock:
            while self._kept and next(iter(self._kept.values())).used < before:
                self._kept.popitem(last=False)

    def __len__(self) -> int:
        """How many views are remembered."""
        return len(self._kept)
