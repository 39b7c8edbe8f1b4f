"""What a quality benchmark needs of a data set: baskets to learn from and to judge on, and tasks among the cases."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from models.baskets import Basket, Counted, Gathered, ProductFacts
from models.dataset import Case
from models.vocabulary import Vocabulary

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Period:
    """Learn from orders of `first` <= date < `cut`, judge on those of `cut` <= date < `end`."""

    first: datetime
    cut: datetime
    end: datetime

    def learnt(self, gathered: Gathered) -> Gathered:
        """The baskets to learn from."""
        return self._between(gathered, self.first, self.cut)

    def judged(self, gathered: Gathered) -> Sequence[Basket]:
        """The baskets to judge on."""
        return self._between(gathered, self.cut, self.end).baskets

    @staticmethod
    def _between(gathered: Gathered, first: datetime, end: datetime) -> Gathered:
        baskets = tuple(basket for basket in gathered.baskets if first <= basket.ordered_at < end)
        return Gathered(baskets, Counted(sum(len(basket.skus) for basket in baskets)))


@dataclass(frozen=True, slots=True)
class World:
    """A data set: every basket by time, what is known of products, the periods, and the tasks that cases belong to.

    `levels` names levels of consent, each with what it leaves of a case; the first is none at all.
    `sampled` is how many cases are drawn, 0 for all.
    """

    name: str
    gathered: Gathered
    facts: Mapping[str, ProductFacts]
    validation: Period
    test: Period
    tasks_of: Callable[[Vocabulary, Case], frozenset[str]]
    tasks: tuple[str, ...]
    levels: Mapping[str, Callable[[Case], Case]]
    bikes: frozenset[str] = frozenset()
    sampled: int = 0


def day(year: int, month: int, number: int) -> datetime:
    """Midnight in UTC."""
    return datetime(year, month, number, tzinfo=UTC)
