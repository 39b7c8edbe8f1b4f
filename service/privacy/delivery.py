"""Profile values of many shoppers from one silo: all or nothing, by the same rules as the delivery of one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from service.privacy.profile import IncomingValue, Refusal, refusal
from service.privacy.register import Register
from service.privacy.subject import ShopperId

Delivered = tuple[ShopperId, IncomingValue]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of it: how many values were taken, and how many were refused, by reason.

    `conflicting`: for how many attributes of shoppers several sources say different things afterwards.
    """

    accepted: int
    refused: Mapping[Refusal, int]
    conflicting: int


@dataclass(frozen=True, slots=True)
class Written:
    """How many values were kept, how many no grant covers, and of how many attributes sources differ afterwards."""

    kept: int
    uncovered: int
    conflicting: int


class Deliveries(Protocol):
    """Where values of many shoppers are written in one transaction."""

    def write(self, values: Iterator[Delivered], *, at: datetime) -> Written:
        """Keep those that a current grant covers, all or none."""
        ...


def deliver(
    deliveries: Deliveries,
    register: Register,
    values: Iterable[tuple[ShopperId, IncomingValue | None]],
    *,
    at: datetime,
) -> Delivery:
    """Take what may be taken, and count the rest by why it was refused; None is a value without provenance.

    A value older than the one already held is accepted and changes nothing. Streams: memory does not grow.
    """
    refused: Counter[Refusal] = Counter()

    def admitted() -> Iterator[Delivered]:
        for subject, value in values:
            reason = "no_provenance" if value is None else refusal(register, value, at=at)
            if value is not None and reason is None:
                yield subject, value
            elif reason is not None:
                refused[reason] += 1

    written = deliveries.write(admitted(), at=at)
    if written.uncovered:
        refused["no_consent"] = written.uncovered
    return Delivery(written.kept, dict(refused), written.conflicting)
