"""What may be kept no longer goes: ended consents, values past their retention, sessions, tokens and old orders."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, or_, select, text, true, update

from service.advice.handover import HOUR
from service.privacy.consent import Decided
from service.privacy.declared import RegisteredAttribute
from service.privacy.interactions import BEHAVIOUR_CAPTURE
from service.privacy.keyring import Keyring
from service.privacy.ledger import Happening
from service.privacy.orders import ORDERS
from service.privacy.payload import Payload
from service.privacy.register import Register
from service.privacy.settlement import Effect
from service.privacy.shoppers import UnknownShopper
from service.privacy.subject import ShopperId
from service.storage.consents import delete_uncovered
from service.storage.database import Database
from service.storage.ledger import Appending
from service.storage.order_consent import USES, unused
from service.storage.personal import personal_tables
from service.storage.rights import checkpointed
from service.storage.shoppers import all_locked, locked
from service.storage.tables import (
    consent_grant,
    credential,
    erasure,
    handover,
    idempotency,
    interaction,
    order_line,
    profile_value,
    session,
)

KEYS_KEPT = timedelta(days=7)
RECEIPTS_BY_TOKEN = timedelta(days=1)


class SqlPurge:
    """Deletes what the register's periods, ended consents and ended tokens leave without a reason to be kept."""

    def __init__(self, database: Database, keys: Keyring) -> None:
        self._database = database
        self._keys = keys

    def purge(self, register: Register, *, at: datetime) -> Mapping[str, int]:
        """Delete it, and say how many of each kind. May run beside the service, and as often as one likes."""
        done: Counter[str] = Counter()
        for subject in self._with_ended_consent(at):
            done["consents"] += self._end(subject, at)
        for kind, table, gone in _over(register, at):
            with self._database.writing() as connection:
                all_locked(connection, select(table.c.shopper_id).where(gone))
                done[kind] += connection.execute(delete(table).where(gone)).rowcount
        with self._database.writing() as connection:
            asked_long_ago = and_(erasure.c.token_hash.is_not(None), erasure.c.at < at - RECEIPTS_BY_TOKEN)
            connection.execute(update(erasure).where(asked_long_ago).values(token_hash=None))
        return done

    def scrub(self) -> bool:
        """Write the database's files anew without what was deleted; needs room, time, and on SQLite nobody else."""
        with self._database.administering() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("VACUUM")
                return checkpointed(connection)
            for table, _ in personal_tables():
                connection.execute(text(f"VACUUM FULL {table.name}"))
            connection.execute(text("CHECKPOINT"))
            return True

    def _with_ended_consent(self, at: datetime) -> list[ShopperId]:
        with self._database.reading() as connection:
            ended = select(consent_grant.c.shopper_id).where(consent_grant.c.until <= at).distinct()
            return [ShopperId(each) for each in connection.execute(ended).scalars()]

    def _end(self, subject: ShopperId, at: datetime) -> int:
        """Enter that the subject's consents ended by themselves, and drop them with what they alone covered."""
        mine = (consent_grant.c.shopper_id == subject) & (consent_grant.c.until <= at)
        with self._database.writing() as connection:
            try:
                locked(connection, subject)
            except UnknownShopper:
                return 0
            ended = _ended(connection, mine)
            if ended:
                payload = Payload(subject, "service", ended).as_text()
                happening = Happening(uuid4().hex, "expiry", at, subject, None, payload)
                Appending(self._database, connection, self._keys).enter([happening])
                connection.execute(delete(consent_grant).where(mine))
                delete_uncovered(connection, subject, at=at)
            return len(ended)


def _ended(connection: Connection, mine: ColumnElement[bool]) -> tuple[Effect, ...]:
    grant = consent_grant.c
    rows = connection.execute(
        select(grant.attribute, grant.purpose, grant.source).where(mine).order_by(*consent_grant.primary_key.columns)
    )
    return tuple(Effect(Decided(row.attribute, row.purpose, row.source, "expired")) for row in rows)


def _over(register: Register, at: datetime) -> list[tuple[str, Table, ColumnElement[bool]]]:
    """What may be kept no longer: of what kind it is, and which rows of which table."""
    value = profile_value.c
    declared = [each for each in register.attributes.values() if each.holds_a_value]
    over: list[tuple[str, Table, ColumnElement[bool]]] = [
        (
            "values",
            profile_value,
            and_(value.attribute == each.id, value.collected_at <= _before(each.id, register, at)),
        )
        for each in declared
        if each.retention_days
    ]
    over += [("values", profile_value, _unserved(each, register)) for each in declared]
    over.append(("values", profile_value, value.attribute.not_in([each.id for each in declared])))
    orders = register.attributes.get(ORDERS)
    if orders is not None and orders.retention_days:
        over.append(("order lines", order_line, order_line.c.ordered_at <= _before(ORDERS, register, at)))
    uses = [purpose for purpose in USES if register.behaviour(ORDERS, purpose) is not None]
    over.append(("order lines", order_line, unused(at, uses=uses)))
    captured = register.behaviour(ORDERS, BEHAVIOUR_CAPTURE)
    if captured is None:
        over.append(("interactions", interaction, true()))
    elif captured.retention_days:
        old = interaction.c.at <= _before(ORDERS, register, at)
        over.append(("interactions", interaction, old))
    return [
        *over,
        ("handover codes", handover, and_(handover.c.expires_at <= at, handover.c.since <= at - HOUR)),
        ("sessions", session, session.c.expires_at <= at),
        ("tokens", credential, credential.c.expires_at <= at),
        ("idempotency keys", idempotency, idempotency.c.at <= at - KEYS_KEPT),
    ]


def _unserved(attribute: RegisteredAttribute, register: Register) -> ColumnElement[bool]:
    """Values of sources, and under grants for purposes, that the register lets the attribute have no longer."""
    value, grant = profile_value.c, consent_grant.c
    serving = exists().where(
        grant.shopper_id == value.shopper_id,
        grant.attribute == value.attribute,
        grant.source == value.source,
        grant.purpose.in_([each for each in attribute.purposes if attribute in register.readable(each)]),
    )
    return and_(value.attribute == attribute.id, or_(value.source.not_in(attribute.sources), ~serving))


def _before(attribute: str, register: Register, at: datetime) -> datetime:
    return at - timedelta(days=register.attributes[attribute].retention_days or 0)
