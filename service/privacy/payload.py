"""What an entry of the ledger tells of its subject: each decision with all that it takes to replay the grants."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import orjson

from service.privacy.consent import Author, Decided, Outcome
from service.privacy.ledger import canonical
from service.privacy.settlement import Effect, GrantRow
from service.privacy.subject import ShopperId

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Key = tuple[str, str, str]
Origin = tuple[str, int]
"""An entry's id and its moment, in microseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Payload:
    """Who decided about whose data, and what. `everything`: whatever else was granted ended too."""

    subject: ShopperId
    by: Author
    effects: tuple[Effect, ...]
    everything: bool = False

    def as_text(self) -> str:
        """In canonical form."""
        return canonical(
            {
                "by": self.by,
                "decisions": [_as_json(each) for each in self.effects],
                "everything": self.everything,
                "subject": self.subject,
            }
        )

    @classmethod
    def read(cls, text: str) -> "Payload":
        """What was written by `as_text`."""
        found: dict[str, Any] = orjson.loads(text)
        effects = tuple(map(_effect, found["decisions"]))
        return cls(ShopperId(found["subject"]), cast("Author", found["by"]), effects, found["everything"])


def moment_of(micros: int) -> datetime:
    """The moment that a payload tells, in microseconds since 1970."""
    return _EPOCH + micros * _MICROSECOND


def given_by(entries: Iterable[tuple[Origin, str, Payload]]) -> dict[Key, Origin]:
    """By which entry each grant was given last, of one subject's entries with their kind, in their order.

    A merge only shortens what was given before it: that keeps its beginning.
    """
    found: dict[Key, Origin] = {}
    for origin, kind, payload in entries:
        if kind == "decision":
            found |= {row.key: origin for effect in payload.effects for row in _put(effect)}
    return found


def replayed(payloads: Iterable[Payload]) -> dict[Key, GrantRow]:
    """The grants of one subject after these payloads, in their order, by attribute, purpose and source."""
    rows: dict[Key, GrantRow] = {}
    for payload in payloads:
        if payload.everything:
            rows.clear()
        for effect in payload.effects:
            decided = effect.decided
            if not decided.given:
                rows = {key: row for key, row in rows.items() if not _ended(decided, row)}
        for effect in payload.effects:
            for row in _put(effect):
                rows[row.key] = row
    return rows


def _ended(decided: Decided, row: GrantRow) -> bool:
    same_pair = (decided.attribute, decided.purpose) == (row.attribute, row.purpose)
    return same_pair and decided.source in (None, row.source)


def _put(effect: Effect) -> Iterable[GrantRow]:
    decided = effect.decided
    if not decided.given:
        return ()
    return (GrantRow(decided.attribute, decided.purpose, source, effect.until) for source in effect.sources)


def _as_json(effect: Effect) -> dict[str, object]:
    decided = effect.decided
    return {
        "attribute": decided.attribute,
        "outcome": decided.outcome,
        "purpose": decided.purpose,
        "source": decided.source,
        "sources": list(effect.sources),
        "until": effect.until and (effect.until - _EPOCH) // _MICROSECOND,
    }


def _effect(found: dict[str, Any]) -> Effect:
    decided = Decided(found["attribute"], found["purpose"], found["source"], cast("Outcome", found["outcome"]))
    until = found["until"]
    moment = None if until is None else moment_of(until)
    return Effect(decided, tuple(found["sources"]), moment)
