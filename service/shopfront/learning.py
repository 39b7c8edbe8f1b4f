"""Lets adaptive questionnaires ask by what earlier dialogues counted: learns daily, and when questionnaires change."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from service.advice.insights import Insights
from service.advice.not_sure import learnt
from service.advice.shelf import Shelf
from service.advice.versions import RememberedVersions
from service.shopfront.watching import Watch


class Learning:
    """Call it now and then: it reads the counters if there is something new to learn, and else does nothing."""

    def __init__(
        self, watch: Watch, insights: Insights, versions: RememberedVersions, clock: Callable[[], datetime]
    ) -> None:
        self._watch = watch
        self._insights = insights
        self._versions = versions
        self._clock = clock
        self._learnt: tuple[date, Shelf] | None = None

    def __call__(self) -> None:
        """Learn; raises what the store raises, and tries again the next time."""
        today = self._clock().date()
        if self._learnt == (today, self._watch().questionnaires):
            return
        shares = partial(learnt, insights=self._insights, versions=self._versions, today=today)
        self._learnt = (today, self._watch.inform(lambda shelf: shelf.knowing(shares)))
