"""What an event changes: from the rows that grant something now and the decisions, the rows to put and to drop."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from service.privacy.consent import ConsentRequest, Decided, Decision, Judged, Outcome
from service.privacy.register import UnknownAttribute, UnknownPurpose


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One grant as it is stored: a row for each source, so that a source declared later is not covered."""

    attribute: str
    purpose: str
    source: str
    until: datetime | None

    @property
    def key(self) -> tuple[str, str, str]:
        """What there is one row of."""
        return (self.attribute, self.purpose, self.source)

    def holds(self, at: datetime) -> bool:
        """Whether it still grants anything."""
        return self.until is None or at < self.until


@dataclass(frozen=True, slots=True)
class Effect:
    """A decision with its outcome, and what it gives: for which sources, until when."""

    decided: Decided
    sources: tuple[str, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What to write: the decisions with their outcome, grants to put in place and grants to drop."""

    effects: tuple[Effect, ...]
    put: tuple[GrantRow, ...]
    drop: tuple[GrantRow, ...]
    undeclared: UnknownAttribute | UnknownPurpose | None = None

    def refuse_undeclared(self) -> None:
        """Raise UnknownAttribute or UnknownPurpose where something was to be taken back that nobody knows."""
        if self.undeclared is not None:
            raise self.undeclared

    @property
    def decided(self) -> tuple[Decided, ...]:
        """The decisions, each with its outcome."""
        return tuple(each.decided for each in self.effects)

    @property
    def withdraws(self) -> bool:
        """Whether it only takes away, and there is something to take."""
        return not self.put and any(each.outcome == "withdrawn" for each in self.decided)


def settle(request: ConsentRequest, granted: Iterable[GrantRow]) -> Settlement:
    """Given is put, for each source; not given is withdrawn where something held, and refused where nothing did."""
    rows = tuple(granted)
    decisions = _withdrawals(rows, request.at) if request.everything else request.decisions
    touched = [(each, tuple(row for row in rows if _concerns(each.decision, row))) for each in decisions]
    return Settlement(
        effects=tuple(Effect(_decided(each, found, request.at), each.sources, each.until) for each, found in touched),
        put=tuple(row for each in decisions for row in _put(each)),
        drop=rows if request.everything else tuple(_drop(touched)),
        undeclared=next((each.undeclared for each, found in touched if each.undeclared and not found), None),
    )


def _withdrawals(rows: Iterable[GrantRow], at: datetime) -> tuple[Judged, ...]:
    pairs = dict.fromkeys((row.attribute, row.purpose) for row in rows if row.holds(at))
    return tuple(Judged(Decision(attribute, purpose, given=False), ()) for attribute, purpose in pairs)


def _concerns(decision: Decision, row: GrantRow) -> bool:
    same_pair = (decision.attribute, decision.purpose) == (row.attribute, row.purpose)
    return same_pair and decision.source in (None, row.source)


def _decided(each: Judged, found: tuple[GrantRow, ...], at: datetime) -> Decided:
    decision = each.decision
    if decision.given:
        return Decided(decision.attribute, decision.purpose, decision.source, "given")
    outcome: Outcome = "withdrawn" if any(row.holds(at) for row in found) else "refused"
    return Decided(decision.attribute, decision.purpose, decision.source, outcome)


def _drop(touched: Iterable[tuple[Judged, tuple[GrantRow, ...]]]) -> Iterator[GrantRow]:
    return (row for each, found in touched if not each.decision.given for row in found)


def _put(each: Judged) -> Iterator[GrantRow]:
    decision = each.decision
    return (GrantRow(decision.attribute, decision.purpose, source, each.until) for source in each.sources)
