"""What is taken into a profile: values with a known origin that a current grant covers, and nothing else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from service.privacy.declared import RegisteredAttribute
from service.privacy.register import Register
from service.privacy.subject import ShopperId

Refusal = Literal[
    "unknown_attribute",
    "not_a_value",
    "source_not_allowed",
    "wrong_type",
    "no_provenance",
    "not_yet",
    "too_old",
    "no_consent",
]
CLOCKS_MAY_DIFFER = timedelta(minutes=5)
LONGEST_REFERENCE = 200


@dataclass(frozen=True, slots=True)
class IncomingValue:
    """A value as a silo delivers it, with where in the silo it stands and when it was collected there."""

    attribute: str
    value: object
    source: str
    source_ref: str
    collected_at: datetime


@dataclass(frozen=True, slots=True)
class RefusedValue:
    """A value that was not taken: its place among those delivered, and why. Follows from register and grants alone."""

    index: int
    attribute: str
    reason: Refusal


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What came of a delivery. A value older than the one already held is accepted and changes nothing."""

    accepted: int
    refused: tuple[RefusedValue, ...]

    @property
    def counted(self) -> Mapping[Refusal, int]:
        """How many values were refused for each reason."""
        return Counter(refused.reason for refused in self.refused)


class Profiles(Protocol):
    """Where profile values are kept, one per shopper, attribute and source."""

    def store(
        self, subject: ShopperId, values: Sequence[IncomingValue], *, at: datetime, purpose: str | None = None
    ) -> tuple[bool, ...]:
        """Keep those that a current grant covers, and say for each whether it was; none for an unknown shopper.

        With a purpose, only a grant for this very purpose will do.
        """
        ...


def accept(  # noqa: PLR0913  whose values, under which register and which purpose, when
    profiles: Profiles,
    register: Register,
    subject: ShopperId,
    values: Sequence[IncomingValue],
    *,
    at: datetime,
    purpose: str | None = None,
) -> Acceptance:
    """Take what may be taken of a delivery, and say of the rest why it was refused; `purpose` as `Profiles.store`."""
    reasons = [refusal(register, value, at=at) for value in values]
    candidates = [index for index, reason in enumerate(reasons) if reason is None]
    covered = profiles.store(subject, [values[index] for index in candidates], at=at, purpose=purpose)
    for index, is_covered in zip(candidates, covered, strict=True):
        reasons[index] = None if is_covered else "no_consent"
    refused = tuple(
        RefusedValue(index, values[index].attribute, reason) for index, reason in enumerate(reasons) if reason
    )
    return Acceptance(len(values) - len(refused), refused)


def refusal(register: Register, incoming: IncomingValue, *, at: datetime) -> Refusal | None:
    """Why the register alone does not take the value; None if it does."""
    attribute = register.attributes.get(incoming.attribute)
    if attribute is None:
        return "unknown_attribute"
    if not attribute.holds_a_value:
        return "not_a_value"
    if incoming.source not in attribute.sources:
        return "source_not_allowed"
    if not attribute.accepts(incoming.value):
        return "wrong_type"
    ref = incoming.source_ref
    if not (ref.strip() and ref.isprintable() and len(ref) <= LONGEST_REFERENCE):
        return "no_provenance"
    return _untimely(attribute, incoming.collected_at, at)


def _untimely(attribute: RegisteredAttribute, collected_at: datetime, at: datetime) -> Refusal | None:
    if collected_at > at + CLOCKS_MAY_DIFFER:
        return "not_yet"
    return "too_old" if attribute.is_too_old(collected_at, at=at) else None
