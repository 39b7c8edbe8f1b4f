"""What a shopper decides: giving, refusing and withdrawing, in one shape, one attribute and one purpose at a time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol
from uuid import uuid4

from service.documents.texts import ANY_LANGUAGE, is_same_language
from service.privacy.declared import Purpose, RegisteredAttribute, ServedNotice
from service.privacy.idempotency import Idempotency, once
from service.privacy.ledger import Head
from service.privacy.register import Register, UnknownAttribute, UnknownNotice, UnknownPurpose
from service.privacy.subject import ShopperId

Outcome = Literal["given", "refused", "withdrawn", "expired"]
Author = Literal["shopper", "guardian", "service"]


class PurposeNotServed(Exception):
    """The attribute may never serve this purpose. `index` is its place among the decisions that were sent."""

    def __init__(self, index: int = 0) -> None:
        super().__init__("this attribute may not serve this purpose")
        self.index = index


class SourceNotDeclared(Exception):
    """The attribute is not delivered by this source. `index` is its place among the decisions that were sent."""

    def __init__(self, index: int = 0) -> None:
        super().__init__("this attribute does not come from this source")
        self.index = index


class DecidedTwice(Exception):
    """One attribute and purpose occur twice. `index` is the place of the second among the decisions that were sent."""

    def __init__(self, index: int = 0) -> None:
        super().__init__("this attribute and purpose are decided twice")
        self.index = index


class NothingDecided(Exception):
    """An event without a decision."""

    def __init__(self) -> None:
        super().__init__("at least one decision is expected")


class NoticeOutdated(Exception):
    """Something is given under a wording that is not shown any more; withdrawing is never refused for that."""

    def __init__(self) -> None:
        super().__init__("the notice has changed since it was shown; show the one in force and ask again")


@dataclass(frozen=True, slots=True)
class NoticeRef:
    """The notice that a shopper says to have been shown."""

    id: str
    version: str
    language: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One tick or its absence. Without a source it means each source that the register declares at that moment."""

    attribute: str
    purpose: str
    given: bool
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What is allowed now: values of the attribute from these sources may serve the purpose."""

    attribute: str
    purpose: str
    given_at: datetime
    until: datetime | None
    notice: ServedNotice
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision and what came of it; `source` as it was decided, None for all that were declared."""

    attribute: str
    purpose: str
    source: str | None
    outcome: Outcome

    @property
    def given(self) -> bool:
        """Whether the purpose may use the attribute from here on."""
        return self.outcome == "given"


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """One entry of the ledger. The notice is None where everything was withdrawn without being shown one."""

    id: str
    subject: ShopperId
    at: datetime
    notice: ServedNotice | None
    decisions: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The event as it was written, the grants that hold now, and the ledger's head. `replayed`: written before."""

    event: ConsentEvent
    grants: tuple[Grant, ...]
    head: Head
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision that the register allows, with the sources it reaches and the end of what it gives.

    `undeclared`: it takes back what the register does not know, or knows no longer. That is refused only where nothing
    is granted to be taken back.
    """

    decision: Decision
    sources: tuple[str, ...]
    until: datetime | None = None
    undeclared: UnknownAttribute | UnknownPurpose | None = None


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """A judged event that waits to be written. With `everything`, whatever is granted then is withdrawn."""

    id: str
    subject: ShopperId
    at: datetime
    notice: ServedNotice | None
    decisions: tuple[Judged, ...]
    everything: bool = False
    by: Author = "shopper"


class Consents(Protocol):
    """Where events and grants are kept. An event, its grants and what it deletes are one transaction."""

    def append(self, request: ConsentRequest, idempotency: Idempotency | None) -> Receipt:
        """Write the event and the grants that follow, once per key; raises UnknownShopper, KeyReused."""
        ...

    def current(self, subject: ShopperId, *, at: datetime) -> tuple[Grant, ...]:
        """The grants that hold, by attribute and purpose; none for an unknown shopper."""
        ...


def new_event_id() -> str:
    """An id that tells nothing."""
    return uuid4().hex


def record_event(  # noqa: PLR0913  one decision needs who, what was shown, what was ticked, and when
    consents: Consents,
    register: Register,
    subject: ShopperId,
    notice: NoticeRef,
    decisions: Sequence[Decision],
    *,
    at: datetime,
    by: Author = "shopper",
    idempotency_key: str | None = None,
    new_id: Callable[[], str] = new_event_id,
) -> Receipt:
    """Judge the decisions by the register and write them.

    Raises UnknownAttribute, UnknownPurpose, PurposeNotServed, SourceNotDeclared, DecidedTwice, NothingDecided,
    UnknownNotice, NoticeOutdated, UnknownShopper and KeyReused. The same key with the same content writes nothing new.
    """
    judged = judge(register, decisions, at=at)
    request = ConsentRequest(new_id(), subject, at, shown(register, notice, decisions), judged, by=by)
    asked = [(each.attribute, each.purpose, each.source, each.given) for each in decisions]
    return consents.append(request, once(idempotency_key, [notice.id, notice.version, notice.language, asked]))


def withdraw_everything(
    consents: Consents,
    subject: ShopperId,
    *,
    at: datetime,
    idempotency_key: str | None = None,
    new_id: Callable[[], str] = new_event_id,
) -> Receipt:
    """Withdraw every grant there is, in one event; raises UnknownShopper and KeyReused."""
    request = ConsentRequest(new_id(), subject, at, None, (), everything=True)
    return consents.append(request, once(idempotency_key, "everything"))


def judge(register: Register, decisions: Sequence[Decision], *, at: datetime) -> tuple[Judged, ...]:
    """The decisions, each with what it reaches; raises the first reason to refuse one."""
    if not decisions:
        raise NothingDecided
    seen: dict[tuple[str, str], set[str | None]] = {}
    for index, decision in enumerate(decisions):
        sources = seen.setdefault((decision.attribute, decision.purpose), set())
        if decision.source in sources or (sources and None in {decision.source, *sources}):
            raise DecidedTwice(index)
        sources.add(decision.source)
    return tuple(_judged(register, decision, index, at) for index, decision in enumerate(decisions))


def shown(register: Register, notice: NoticeRef, decisions: Iterable[Decision]) -> ServedNotice | None:
    """The wording behind the decisions. Giving needs the one in force; a withdrawal takes any, or none."""
    gives = any(decision.given for decision in decisions)
    try:
        served = _wording(register, notice)
    except UnknownNotice:
        if gives:
            raise
        return None
    if gives and register.notice(notice.id, notice.version) != register.in_force(notice.id):
        raise NoticeOutdated
    return served


def _wording(register: Register, notice: NoticeRef) -> ServedNotice:
    served = register.notice(notice.id, notice.version).served(notice.language)
    if served.language != ANY_LANGUAGE and not is_same_language(served.language, notice.language):
        raise UnknownNotice  # it is not written in that language, so nobody can have read it
    return served


def _judged(register: Register, decision: Decision, index: int, at: datetime) -> Judged:
    attribute = register.attributes.get(decision.attribute)
    purpose = register.purposes.get(decision.purpose)
    if not decision.given:
        return Judged(decision, (), undeclared=_undeclared(attribute, purpose, index))
    if attribute is None:
        raise UnknownAttribute(index)
    if purpose is None:
        raise UnknownPurpose(index)
    if purpose.id not in attribute.purposes or purpose.legal_basis != "consent":
        raise PurposeNotServed(index)
    if decision.source is not None and decision.source not in attribute.sources:
        raise SourceNotDeclared(index)
    sources = attribute.sources if decision.source is None else (decision.source,)
    return Judged(decision, sources, at + timedelta(days=purpose.valid_for_days) if purpose.valid_for_days else None)


def _undeclared(
    attribute: RegisteredAttribute | None, purpose: Purpose | None, index: int
) -> UnknownAttribute | UnknownPurpose | None:
    if attribute is None:
        return UnknownAttribute(index)
    return UnknownPurpose(index) if purpose is None else None
