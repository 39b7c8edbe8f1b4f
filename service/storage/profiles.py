"""Profile values in the database: kept under a grant, and read through one statement that joins them with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import orjson
from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    false,
    literal,
    null,
    or_,
    select,
    true,
    type_coerce,
)

from service.privacy.declared import RegisteredAttribute
from service.privacy.gate import Reading
from service.privacy.profile import IncomingValue
from service.privacy.shoppers import UnknownShopper
from service.privacy.subject import ShopperId
from service.storage.columns import micros, moment
from service.storage.database import Database, Fetch, Row
from service.storage.shoppers import locked
from service.storage.tables import consent_grant, profile_value, shopper

K = TypeVar("K")


class SqlProfiles:
    """Keeps one value per shopper, attribute and source."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._prepared: dict[str, tuple[tuple[RegisteredAttribute, ...], Fetch]] = {}

    def read(
        self, subject: ShopperId, purpose: str, attributes: tuple[RegisteredAttribute, ...], at: datetime
    ) -> Reading:
        """A row for each grant that holds, with its value if there is one and it is not too old."""
        known = self._prepared.get(purpose)
        if known is None or known[0] is not attributes:
            known = (attributes, self._database.prepare(_released(attributes)))
            self._prepared[purpose] = known
        return _reading(known[1]({"subject": subject, "purpose": purpose, "at": micros(at)}))

    def store(
        self, subject: ShopperId, values: Sequence[IncomingValue], *, at: datetime, purpose: str | None = None
    ) -> tuple[bool, ...]:
        """Keep those that a current grant covers, and say for each whether it was; none for an unknown shopper.

        With a purpose, only a grant for this very purpose will do.
        """
        if not values:
            return ()
        with self._database.writing() as connection:
            try:
                locked(connection, subject)
            except UnknownShopper:
                return (False,) * len(values)
            granted = covered(connection, {subject}, at, purpose)
            taken = tuple((subject, value.attribute, value.source) in granted for value in values)
            kept = [(subject, value) for value, is_taken in zip(values, taken, strict=True) if is_taken]
            put_values(self._database, connection, kept, at)
        return taken


def put_values(
    database: Database, connection: Connection, values: Sequence[tuple[ShopperId, IncomingValue]], at: datetime
) -> None:
    """Keep each value in its place, unless a newer one stands there. That a grant covers them was found out before."""
    if not values:
        return
    new = database.insert(profile_value)
    keys = [profile_value.c.shopper_id, profile_value.c.attribute, profile_value.c.source]
    newer = {name: new.excluded[name] for name in ("value", "source_ref", "collected_at", "stored_at")}
    is_newer = new.excluded.collected_at >= profile_value.c.collected_at
    put = new.on_conflict_do_update(index_elements=keys, set_=newer, where=is_newer)
    connection.execute(put, [value_row(subject, value, at) for subject, value in values])


def value_row(subject: ShopperId, value: IncomingValue, at: datetime) -> dict[str, object]:
    """A delivered value as a row."""
    return {
        "shopper_id": subject,
        "attribute": value.attribute,
        "source": value.source,
        "value": orjson.dumps(value.value).decode(),
        "source_ref": value.source_ref,
        "collected_at": value.collected_at,
        "stored_at": at,
    }


def covered(
    connection: Connection, subjects: Iterable[ShopperId], at: datetime, purpose: str | None = None
) -> set[tuple[ShopperId, str, str]]:
    """Whose values of which attributes and sources a grant, for this purpose or any, lets the shop keep at a moment."""
    grant = consent_grant.c
    grants = select(grant.shopper_id, grant.attribute, grant.source).where(
        grant.shopper_id.in_(subjects), or_(grant.until.is_(None), grant.until > at)
    )
    if purpose is not None:
        grants = grants.where(grant.purpose == purpose)
    return {(ShopperId(row.shopper_id), row.attribute, row.source) for row in connection.execute(grants)}


def _released(attributes: tuple[RegisteredAttribute, ...]) -> Select[Any]:
    """A shopper's mark and, beside it, their grants for one purpose, each with its value; the register decides which.

    Of a grant that does not hold yet there is the moment alone at which it will. The last two columns say when a row
    changes by the passing of time: its grant, and its value.
    """
    grant, value, at = consent_grant.c, profile_value.c, bindparam("at", None, type_=BigInteger)
    until, given_at = type_coerce(grant.until, BigInteger), type_coerce(grant.given_at, BigInteger)
    holds = given_at <= at
    mine = and_(
        grant.shopper_id == shopper.c.id,
        grant.purpose == bindparam("purpose", None),
        or_(until.is_(None), until > at),
        _declared(attributes),
    )
    same = and_(value.shopper_id == grant.shopper_id, value.attribute == grant.attribute, value.source == grant.source)
    held = and_(holds, same, _young_enough(attributes, at))
    return (
        select(
            shopper.c.mark,
            case((holds, grant.attribute)),
            grant.source,
            value.value,
            case((holds, until), else_=given_at),
            _too_old_at(attributes),
        )
        .select_from(shopper.outerjoin(consent_grant, mine).outerjoin(profile_value, held))
        .where(shopper.c.id == bindparam("subject", None))
    )


def _reading(rows: list[Row]) -> Reading:
    if not rows:
        return Reading(())
    released = [(attribute, source, stored) for _, attribute, source, stored, *_ in rows if attribute is not None]
    changes = [change for row in rows for change in row[4:] if change is not None]
    return Reading(released, rows[0][0], moment(min(changes)) if changes else None)


def _too_old_at(attributes: tuple[RegisteredAttribute, ...]) -> ColumnElement[Any]:
    """When the value of a row will have been kept long enough; null where there is none, or no such time."""
    collected_at = type_coerce(profile_value.c.collected_at, BigInteger)
    by_retention = _ids_by(attributes, lambda attribute: attribute.retention_days)
    ends = [
        (profile_value.c.attribute.in_(_fixed(ids)), collected_at + _micros_of(days))
        for days, ids in by_retention.items()
        if days is not None
    ]
    return case(*ends) if ends else null()


def _declared(attributes: tuple[RegisteredAttribute, ...]) -> ColumnElement[bool]:
    grant = consent_grant.c
    by_sources = _ids_by(attributes, lambda attribute: attribute.sources)
    same_sources = (
        (grant.attribute.in_(_fixed(ids)), grant.source.in_(_fixed(key))) for key, ids in by_sources.items()
    )
    return or_(false(), *(and_(*each) for each in same_sources))


def _young_enough(attributes: tuple[RegisteredAttribute, ...], at: ColumnElement[int]) -> ColumnElement[bool]:
    collected_at = type_coerce(profile_value.c.collected_at, BigInteger)
    by_retention = _ids_by(attributes, lambda attribute: attribute.retention_days)
    limited = (
        or_(profile_value.c.attribute.not_in(_fixed(ids)), collected_at > at - _micros_of(days))
        for days, ids in by_retention.items()
        if days is not None
    )
    return and_(true(), *limited)


def _ids_by(
    attributes: tuple[RegisteredAttribute, ...], key: Callable[[RegisteredAttribute], K]
) -> Mapping[K, tuple[str, ...]]:
    found: dict[K, tuple[str, ...]] = {}
    for attribute in attributes:
        found[key(attribute)] = (*found.get(key(attribute), ()), attribute.id)
    return found


def _fixed(ids: tuple[str, ...]) -> BindParameter[str]:
    """Ids written into the statement, where they are compiled once, instead of being bound at each call."""
    return bindparam(None, ids, expanding=True, literal_execute=True)


def _micros_of(days: int) -> BindParameter[int]:
    return literal(timedelta(days=days) // timedelta(microseconds=1), BigInteger, literal_execute=True)
