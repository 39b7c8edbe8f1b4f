"""Of several sources' values of one attribute: which one counts for a purpose, and which say something else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from service.privacy.declared import RegisteredAttribute
from service.privacy.merging import PROFILE_MERGE
from service.privacy.register import Register
from service.privacy.rights import HeldValue


@dataclass(frozen=True, slots=True)
class Conflict:
    """For this purpose the value of the source `counts` is the one; those of the sources `differ` are not the same."""

    attribute: str
    purpose: str
    counts: str
    differ: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoldenRecord:
    """`counting`: for attribute and source, the purposes for which this value is the one. The rest is in conflict."""

    counting: dict[tuple[str, str], tuple[str, ...]]
    conflicts: tuple[Conflict, ...]


def golden_record(register: Register, held: Iterable[HeldValue], *, at: datetime) -> GoldenRecord:
    """Which values count at that moment, as the gate would have it, and what differs from them, used or not.

    A merge takes every source's value along, so for that purpose none counts before others.
    """
    counting: dict[tuple[str, str], tuple[str, ...]] = {}
    conflicts: list[Conflict] = []
    for name, group in groupby(sorted(held, key=lambda value: value.attribute), key=lambda value: value.attribute):
        values, attribute = tuple(group), register.attributes.get(name)
        for purpose in sorted(set(attribute.purposes) - {PROFILE_MERGE} if attribute else ()):
            first = _first(attribute, values, purpose, at) if attribute in register.readable(purpose) else None
            if first is None:
                continue
            counting[name, first.source] = (*counting.get((name, first.source), ()), purpose)
            differ = tuple(sorted(each.source for each in values if each.value != first.value))
            if differ:
                conflicts.append(Conflict(name, purpose, first.source, differ))
    return GoldenRecord(counting, tuple(conflicts))


def served(register: Register, value: HeldValue, *, at: datetime) -> tuple[str, ...]:
    """The purposes that the value may serve at that moment: granted, still declared for it, and it is not too old."""
    attribute = register.attributes.get(value.attribute)
    if attribute is None or attribute.is_too_old(value.collected_at, at=at):
        return ()
    return tuple(purpose for purpose in value.purposes if attribute in register.readable(purpose))


def _first(attribute: RegisteredAttribute, values: Sequence[HeldValue], purpose: str, at: datetime) -> HeldValue | None:
    """The value by the register's precedence, among those that the purpose may use."""
    usable = {
        each.source: each
        for each in values
        if purpose in each.purposes
        and each.is_json
        and attribute.accepts(each.value)
        and not attribute.is_too_old(each.collected_at, at=at)
    }
    return next((usable[source] for source in attribute.sources if source in usable), None)
