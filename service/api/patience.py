"""Work of which nobody knows how long it takes: one piece at a time in each worker, and only for so long."""

import ctypes
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

T = TypeVar("T")
GRACE = 1.0
"""Seconds in which interrupted work has to end before its caller is told; it may need a moment within numpy."""


class TookTooLong(Exception):
    """Examining this text takes longer than a preview may; `begleiter check` has all the time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"This takes longer than {seconds:g} seconds here; use the begleiter command for this text.")


class PreviewBusy(Exception):
    """This worker is still at another preview; try again in a moment."""

    def __init__(self) -> None:
        super().__init__("Another preview is still being worked on; try again in a moment.")


class _Overtime(BaseException):
    """Ends the work from outside; no `except Exception` holds it up."""


@dataclass(slots=True)
class _Outcome:
    value: object = None
    error: Exception | None = None
    done: bool = False


class Patience:
    """Gives work a thread of its own and `seconds`; three of a worker's four threads are always left to shoppers.

    A thread cannot be killed, so Python is asked to raise an exception in it: it ends at the next step that it takes.
    Until it has ended, no other work begins.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._turn = threading.Lock()

    def wait_for(self, work: Callable[[], T]) -> T:
        """What the work gives or raises; raises `PreviewBusy` or `TookTooLong`."""
        if not self._turn.acquire(timeout=self.seconds):
            raise PreviewBusy
        outcome = _Outcome()
        thread = threading.Thread(target=self._do, args=(work, outcome), daemon=True)
        thread.start()
        thread.join(self.seconds)
        if not outcome.done:
            _interrupt(thread)
            thread.join(GRACE)
        if outcome.error is not None:
            raise outcome.error
        if not outcome.done:
            raise TookTooLong(self.seconds)
        return cast("T", outcome.value)

    def _do(self, work: Callable[[], object], outcome: _Outcome) -> None:
        try:
            outcome.value = work()
            outcome.done = True
        except _Overtime:
            pass
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            outcome.error = error
            outcome.done = True
        finally:
            self._turn.release()


def _interrupt(thread: threading.Thread) -> None:
    raise_in: Any = ctypes.pythonapi.PyThreadState_SetAsyncExc
    raise_in(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(_Overtime))
