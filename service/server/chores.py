"""What a worker does beside its requests: a thread started after the fork, ended with the worker."""

import threading
from collections.abc import Sequence
from time import monotonic

from service.api.rooms import Chore


class Chores:
    """Does each chore about as often as it asks for, one after another, and those for the end once more at the end."""

    def __init__(self, chores: Sequence[Chore]) -> None:
        self._chores = chores
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="chores", daemon=True)

    def begin(self) -> None:
        """Start; a chore that raises ends the thread, so none does."""
        if self._chores:
            self._thread.start()

    def end(self) -> None:
        """Stop before the next chore, and do what is to be done at the end."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        for chore in self._chores:
            if chore.at_end:
                chore.do()

    def _work(self) -> None:
        due = [monotonic() + chore.every_seconds for chore in self._chores]
        while not self._over.wait(max(0.0, min(due) - monotonic())):
            for number, chore in enumerate(self._chores):
                if due[number] <= monotonic() and not self._over.is_set():
                    chore.do()
                    due[number] = monotonic() + chore.every_seconds
