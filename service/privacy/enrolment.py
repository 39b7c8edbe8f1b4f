"""Many shoppers at once, by the same rules as one: for a simulated shop and for moving in."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from service.privacy.consent import ConsentRequest, Decision, NoticeRef, judge, new_event_id, shown
from service.privacy.profile import IncomingValue, Refusal, refusal
from service.privacy.register import Register
from service.privacy.settlement import Settlement, settle
from service.privacy.subject import ShopperId


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A shopper with what they decided when, under which notice, and the values that silos hold of them."""

    shopper: ShopperId
    at: datetime
    notice: NoticeRef | None = None
    decisions: tuple[Decision, ...] = ()
    values: tuple[IncomingValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A shopper as they will be written: the event, what it grants, and the values that it covers."""

    shopper: ShopperId
    at: datetime
    event: ConsentRequest | None
    settlement: Settlement
    values: tuple[IncomingValue, ...]


@dataclass(frozen=True, slots=True)
class EnrolmentCount:
    """What came of it."""

    shoppers: int
    known_before: int
    values: int
    refused: Counter[Refusal]


class Enrolments(Protocol):
    """Where many shoppers are written in one transaction."""

    def write(self, shoppers: Iterator[Enrolled]) -> tuple[int, int, int]:
        """Write all or none; says how many shoppers were new, how many known (these stay as they are), and values."""
        ...


def enrol(
    enrolments: Enrolments,
    register: Register,
    shoppers: Iterable[Enrolment],
    *,
    new_id: Callable[[], str] = new_event_id,
) -> EnrolmentCount:
    """Write the shoppers, all or none; raises what `record_event` raises for one of them.

    A shopper who is known already is left alone. Values are refused as `accept` refuses them, and counted.
    """
    refused: Counter[Refusal] = Counter()
    planned = (_planned(register, each, refused, new_id) for each in shoppers)
    new, known, values = enrolments.write(planned)
    return EnrolmentCount(new, known, values, refused)


def _planned(
    register: Register, enrolment: Enrolment, refused: Counter[Refusal], new_id: Callable[[], str]
) -> Enrolled:
    event = _event(register, enrolment, new_id)
    settlement = Settlement((), (), ()) if event is None else settle(event, ())
    covered = {(row.attribute, row.source) for row in settlement.put}
    values = []
    for value in enrolment.values:
        reason = refusal(register, value, at=enrolment.at)
        if reason is None and (value.attribute, value.source) not in covered:
            reason = "no_consent"
        if reason is None:
            values.append(value)
        else:
            refused[reason] += 1
    return Enrolled(enrolment.shopper, enrolment.at, event, settlement, tuple(values))


def _event(register: Register, enrolment: Enrolment, new_id: Callable[[], str]) -> ConsentRequest | None:
    if enrolment.notice is None or not enrolment.decisions:
        return None
    judged = judge(register, enrolment.decisions, at=enrolment.at)
    notice = shown(register, enrolment.notice, enrolment.decisions)
    return ConsentRequest(new_id(), enrolment.shopper, enrolment.at, notice, judged)
