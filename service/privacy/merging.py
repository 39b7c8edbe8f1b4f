"""Two identities of one person become one: with `profile_merge` on both sides, and with no more than both allowed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from service.privacy.blocking import Blocking
from service.privacy.consent import Decided, Receipt, new_event_id
from service.privacy.idempotency import Idempotency, once
from service.privacy.rights import Erasure, erasure_tag
from service.privacy.secret import Secret
from service.privacy.settlement import Effect, GrantRow
from service.privacy.subject import ShopperId

PROFILE_MERGE = "profile_merge"


class SameShopper(Exception):
    """Somebody is to be merged with themselves."""

    def __init__(self) -> None:
        super().__init__("both references name the same shopper")


class MergeNotConsented(Exception):
    """The two have no attribute and source in common that both let be brought together."""

    def __init__(self) -> None:
        super().__init__("for no attribute and source did both consent to profile_merge")


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """What waits to be written: who stays, who goes, and the receipt under which the latter is gone."""

    id: str
    survivor: ShopperId
    other: ShopperId
    at: datetime
    gone: Erasure


@dataclass(frozen=True, slots=True)
class Intersection:
    """What becomes of the survivor's grants. `bridged`: attributes and sources that may be brought together."""

    ended: tuple[GrantRow, ...]
    shortened: tuple[GrantRow, ...]
    bridged: frozenset[tuple[str, str]]

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The same as decisions, from which the ledger's replay gives the grants that are left."""
        ended = (Effect(Decided(row.attribute, row.purpose, row.source, "withdrawn")) for row in self.ended)
        shorter = (
            Effect(Decided(row.attribute, row.purpose, row.source, "given"), (row.source,), row.until)
            for row in self.shortened
        )
        return (*ended, *shorter)


class Merges(Protocol):
    """Where two identities are made one, in one transaction."""

    def merge(self, request: MergeRequest, idempotency: Idempotency | None, blocking: Blocking) -> Receipt:
        """Write it, once per key; raises UnknownShopper, MergeNotConsented and KeyReused."""
        ...


def merge(  # noqa: PLR0913  who stays, who goes, under which secret, when
    merges: Merges,
    secret: Secret,
    survivor: ShopperId,
    other: ShopperId,
    *,
    at: datetime,
    blocking: Blocking,
    idempotency_key: str | None = None,
    new_id: Callable[[], str] = new_event_id,
) -> Receipt:
    """Merge the other into the survivor; the other is gone then, as after an erasure.

    A grant survives only if both had it, and no longer than the earlier end. Values and orders of the other move only
    where both consented to `profile_merge` for them, and under a grant that survives; everything else goes. What either
    blocks is blocked then, whatever was consented to: that only takes away.
    Raises SameShopper, UnknownShopper, MergeNotConsented, KeyReused. The same key and pair again write nothing new.
    """
    if survivor == other:
        raise SameShopper
    gone = Erasure(new_id(), at, erasure_tag(secret, other))
    return merges.merge(
        MergeRequest(new_id(), survivor, other, at, gone), once(idempotency_key, ["merge", other]), blocking
    )


def intersection(mine: Iterable[GrantRow], theirs: Iterable[GrantRow], *, at: datetime) -> Intersection:
    """What is left of my grants once they are only what both of us allow; those that are over do not count."""
    held = sorted((row for row in mine if row.holds(at)), key=lambda row: row.key)
    other = {row.key: row for row in theirs if row.holds(at)}
    shorter = (_until(row, other[row.key]) for row in held if row.key in other)
    return Intersection(
        ended=tuple(row for row in held if row.key not in other),
        shortened=tuple(row for row in shorter if row not in held),
        bridged=frozenset(
            (row.attribute, row.source) for row in held if row.purpose == PROFILE_MERGE and row.key in other
        ),
    )


def _until(one: GrantRow, other: GrantRow) -> GrantRow:
    ends = [row.until for row in (one, other) if row.until is not None]
    return GrantRow(one.attribute, one.purpose, one.source, min(ends, default=None))
