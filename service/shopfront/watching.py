"""Keeps the shopfront in force: looks at the files now and then, and switches to what they hold as a whole."""

import threading
from collections.abc import Callable
from dataclasses import replace

from service.advice.shelf import Shelf
from service.api.log import Log, told_of
from service.api.metrics import Metrics
from service.api.rooms import Shopfront
from service.documents.problem import Problem
from service.settings import Settings
from service.shopfront.files import Seen, look
from service.shopfront.opening import Opening


class Watch:
    """Call it for the shopfront in force; a request that takes it once keeps it whole while another one comes up.

    `refresh` is for a thread of its own, about once a second. It takes a change at the second look at which nothing
    moved any more, and drops what changed while it was read: a file that is still being written is never taken.
    """

    def __init__(self, settings: Settings, opening: Opening, metrics: Metrics, log: Log) -> None:
        self._settings = settings
        self._opening = opening
        self._metrics = metrics
        self._log = log
        self._looking = threading.Lock()
        self._taken = self._pending = look(settings)
        self._front = opening.first()
        self._catalogue_of = self._taken
        self._tell(self._front, ())

    def __call__(self) -> Shopfront:
        """What is in force now."""
        return self._front

    def refresh(self) -> None:
        """Look whether something changed, and take it up; another thread that is doing so is not waited for."""
        if not self._looking.acquire(blocking=False):
            return
        try:
            self._look()
        except Exception as failure:  # noqa: BLE001  whatever a file does to us, the old one stays in force
            self._taken = self._pending
            self._log.error("reload failed", **told_of(failure))
        finally:
            self._looking.release()

    def inform(self, change: Callable[[Shelf], Shelf]) -> Shelf:
        """Change how the questionnaires in force ask, and return them; whatever it raises, they stay as they are."""
        with self._looking:
            self._front = replace(self._front, questionnaires=change(self._front.questionnaires))
            return self._front.questionnaires

    def _look(self) -> None:
        seen = look(self._settings)
        if seen == self._taken or seen != self._pending:
            self._pending = seen
            return
        before = self._front
        front = self._opening.after(before, self._read_at(), seen)
        if look(self._settings) != seen:
            return
        self._front, self._taken = front, seen
        if not front.catalogue_refused:
            self._catalogue_of = seen
        self._tell(front, complaints_of(before))

    def _read_at(self) -> Seen:
        """The files from which the parts in force came: a catalogue that was refused is tried again at any change."""
        return Seen(self._catalogue_of.catalogue, self._taken.register, self._taken.questionnaires)

    def _tell(self, front: Shopfront, known: tuple[Problem, ...]) -> None:
        for complaint in complaints_of(front):
            if complaint not in known:
                self._log.warning("refused", complaint=str(complaint))
        published = front.questionnaires.published
        self._log.info(
            "files",
            catalogue=front.catalogue.version,
            products=len(front.catalogue.products),
            questionnaires={each: published[each].version for each in sorted(published)},
        )
        self._metrics.refused({part: [each.code for each in refused] for part, refused in front.refusals.items()})


def complaints_of(front: Shopfront) -> tuple[Problem, ...]:
    """What was refused among the shop's files, and what is odd about those in force."""
    refused = (problem for part in front.refusals.values() for problem in part)
    return (*refused, *front.questionnaires.complaints)
