"""Counters about dialogues in the database; no row names a session or a shopper."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import cast

from sqlalchemy import select

from service.advice.insights import EVENTS, Event, Insight
from service.storage.database import Database
from service.storage.tables import insight as table

_KEY = ("questionnaire", "version", "day", "event", "question", "option")


class SqlInsights:
    """Adds to counters; several workers may do so at the same time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, counts: Mapping[Insight, int]) -> None:
        """Add to the counters, all or none."""
        rows = [
            _row(each, count) for each, count in sorted(counts.items())
        ]  # in one order, so that none waits in a ring
        if not rows:
            return
        new = self._database.insert(table)
        added = new.on_conflict_do_update(index_elements=_KEY, set_={"count": table.c.count + new.excluded["count"]})
        with self._database.writing() as connection:
            connection.execute(added, rows)

    def read(
        self, questionnaire: str, since: date, until: date, events: Collection[Event] = EVENTS
    ) -> Iterator[tuple[Insight, int]]:
        """The questionnaire's counters of these days, both included, and of these events."""
        days = table.c.day.between(since.isoformat(), until.isoformat())
        wanted = select(table).where((table.c.questionnaire == questionnaire) & days & table.c.event.in_(events))
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(*(table.c[name] for name in _KEY))).all()
        for name, version, day, event, question, option, count in rows:
            yield Insight(name, version, date.fromisoformat(day), cast("Event", event), question, option), count


def _row(each: Insight, count: int) -> dict[str, object]:
    return {
        "questionnaire": each.questionnaire,
        "version": each.version,
        "day": each.day.isoformat(),
        "event": each.event,
        "question": each.question,
        "option": each.option,
        "count": count,
    }
