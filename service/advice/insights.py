"""How dialogues go, counted without anybody in it: by questionnaire version, question, option and day.

What is counted, and what knows of it: a question `shown`, a `conflict` and the `shortlist_shown` at the end come from
every state that is given out, sessions and stateless advice alike. Only a session knows what changed: `answered` (by
option), `not_sure`, `taken_back`, `way_out_taken`; and only its end tells where it was left (`left_here`). A product is
`product_chosen` when a page says so.
"""

import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol, get_args

from service.advice.compiled import Compiled
from service.advice.reply import NotSure, Picked, Reply
from service.advice.state import State

Event = Literal[
    "shown",
    "answered",
    "not_sure",
    "taken_back",
    "left_here",
    "conflict",
    "way_out_taken",
    "shortlist_shown",
    "product_chosen",
]
EVENTS: tuple[Event, ...] = get_args(Event)
WHOLE = ""
"""In place of a question or option: the event concerns none."""

MOST_KEYS = 20_000


@dataclass(frozen=True, slots=True, order=True)
class Insight:
    """What one counter counts."""

    questionnaire: str
    version: str
    day: date
    event: Event
    question: str = WHOLE
    option: str = WHOLE


class Insights(Protocol):
    """Where the counters are kept."""

    def add(self, counts: Mapping[Insight, int]) -> None:
        """Add to the counters, all or none."""
        ...

    def read(
        self, questionnaire: str, since: date, until: date, events: Collection[Event] = EVENTS
    ) -> Iterable[tuple[Insight, int]]:
        """The questionnaire's counters of these days, both included, and of these events."""
        ...


Happened = tuple[Event, str, str]
"""An event, its question and its option."""


def given_out(state: State) -> Iterator[Happened]:
    """What a state shows."""
    if state.conflict is not None:
        yield from (("conflict", question, WHOLE) for question in state.conflict.answers)
    if state.question is not None:
        yield "shown", state.question.id, WHOLE
    elif state.shortlist:
        yield "shortlist_shown", WHOLE, WHOLE


def answered(question: str, reply: Reply) -> Iterator[Happened]:
    """What an answer says, once, and each option that it picks; numbers and ranges are counted without their value."""
    match reply:
        case NotSure():
            yield "not_sure", question, WHOLE
        case Picked(options):
            yield "answered", question, WHOLE
            yield from (("answered", question, option) for option in options)
        case _:
            yield "answered", question, WHOLE


def taken_back(question: str, before: State) -> Iterator[Happened]:
    """What it means that an answer is taken back: perhaps a way out."""
    yield "taken_back", question, WHOLE
    yield from given_up(question, before)


def refused(question: str, before: State) -> Iterator[Happened]:
    """What it means that a profile's answer shall not count, which takes back one that was given in its place."""
    yield from (given_up if before.answers.get(question) is None else taken_back)(question, before)


def given_up(question: str, before: State) -> Iterator[Happened]:
    """That a way out of a conflict was taken, if this was one."""
    if before.conflict is not None and any(question in way.give_up for way in before.conflict.ways_out):
        yield "way_out_taken", question, WHOLE


class Counting:
    """Counts in memory, and hands over now and then; what cannot be written is kept for the next time.

    Bounded: beyond `MOST_KEYS` counters that wait, new ones are dropped.
    """

    def __init__(self, insights: Insights) -> None:
        self._insights = insights
        self._changing = threading.Lock()
        self._waiting: Counter[Insight] = Counter()

    def count(self, compiled: Compiled, at: datetime, happened: Iterable[Happened]) -> None:
        """Count what happened in a dialogue."""
        name, version, day = compiled.questionnaire.id, compiled.version, at.date()
        self._add((Insight(name, version, day, *each), 1) for each in happened)

    def hand_over(self) -> None:
        """Write what waits; raises what the store raises, and forgets nothing."""
        with self._changing:
            waiting, self._waiting = self._waiting, Counter()
        if not waiting:
            return
        try:
            self._insights.add(waiting)
        except Exception:
            self._add(waiting.items())
            raise

    def _add(self, counts: Iterable[tuple[Insight, int]]) -> None:
        with self._changing:
            for insight, count in counts:
                if insight in self._waiting or len(self._waiting) < MOST_KEYS:
                    self._waiting[insight] += count
