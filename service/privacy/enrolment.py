"""Many shoppers at once, by the same rules as one: for a simulated shop and for moving in."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from service.privacy.consent import ConsentRequest, Decision, NoticeRef, judge, new_event_id, shown
from service.privacy.profile import IncomingValue, Refusal, refusal
from service.privacy.register import Register
from service.privacy.settlement import Settlement, settle
from service.privacy.subject import ShopperId


@dataclass(frozen=True, slots=True)
class Deciding:
    """What a shopper decided at one moment, and under which notice."""

    at: datetime
    notice: NoticeRef
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A shopper with what they decided, and the values that silos hold of them."""

    shopper: ShopperId
    decided: tuple[Deciding, ...] = ()
    values: tuple[IncomingValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A shopper as they will be written now: the events, what they grant, and the values that they cover."""

    shopper: ShopperId
    at: datetime
    events: tuple[tuple[ConsentRequest, Settlement], ...]
    values: tuple[IncomingValue, ...]


@dataclass(frozen=True, slots=True)
class EnrolmentCount:
    """What came of it."""

    shoppers: int
    known_before: int
    values: int
    refused: Counter[Refusal]
    erased_since: int = 0


class Enrolments(Protocol):
    """Where many shoppers are written in one transaction."""

    def write(self, shoppers: Iterator[Enrolled]) -> tuple[int, int, int]:
        """Write all or none; says how many shoppers were new, how many known (these stay as they are), and values."""
        ...


def enrol(  # noqa: PLR0913  where, by which rules, whom, when, and what they had erased
    enrolments: Enrolments,
    register: Register,
    shoppers: Iterable[Enrolment],
    *,
    at: datetime,
    erased_at: Callable[[ShopperId], datetime | None] = lambda _: None,
    new_id: Callable[[], str] = new_event_id,
) -> EnrolmentCount:
    """Write the shoppers, all or none; raises what `record_event` raises for one of them.

    A shopper who is known already is left alone. Values are refused as `accept` refuses them now, and counted: a
    consent that has ended covers none.
    What was decided before the shopper had everything erased is as if it had never been, and who decided nothing since
    stays unknown: a file from before must not undo an erasure.
    """
    refused: Counter[Refusal] = Counter()
    erased_since = 0

    def planned() -> Iterator[Enrolled]:
        nonlocal erased_since
        for each in shoppers:
            erased = erased_at(each.shopper)
            decided = tuple(event for event in each.decided if erased is None or event.at > erased)
            if erased is not None and not decided:
                erased_since += 1
            else:
                yield _planned(register, replace(each, decided=decided), at, refused, new_id)

    new, known, values = enrolments.write(planned())
    return EnrolmentCount(new, known, values, refused, erased_since)


def judge_all(register: Register, decided: Iterable[Deciding]) -> None:
    """Raise what `record_event` raises, and DecidedTwice for what was decided at two moments."""
    events = tuple(decided)
    for each in events:
        judge(register, each.decisions, at=each.at)
        shown(register, each.notice, each.decisions)
    _refuse_contradictions(register, events)


def _refuse_contradictions(register: Register, events: tuple[Deciding, ...]) -> None:
    if len(events) > 1:
        judge(register, [decision for each in events for decision in each.decisions], at=events[0].at)


def _planned(
    register: Register, enrolment: Enrolment, at: datetime, refused: Counter[Refusal], new_id: Callable[[], str]
) -> Enrolled:
    _refuse_contradictions(register, enrolment.decided)
    events = tuple(_event(register, enrolment.shopper, each, new_id) for each in enrolment.decided)
    covered = {(row.attribute, row.source) for _, settled in events for row in settled.put if row.holds(at)}
    values = []
    for value in enrolment.values:
        reason = refusal(register, value, at=at)
        if reason is None and (value.attribute, value.source) not in covered:
            reason = "no_consent"
        if reason is None:
            values.append(value)
        else:
            refused[reason] += 1
    return Enrolled(enrolment.shopper, at, events, tuple(values))


def _event(
    register: Register, shopper: ShopperId, decided: Deciding, new_id: Callable[[], str]
) -> tuple[ConsentRequest, Settlement]:
    judged = judge(register, decided.decisions, at=decided.at)
    notice = shown(register, decided.notice, decided.decisions)
    request = ConsentRequest(new_id(), shopper, decided.at, notice, judged)
    return request, settle(request, ())
