"""Interactions in the database: written under the shopper's lock, beside the grant that allows it."""

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, insert, or_, select

from service.privacy.idempotency import KeyReused
from service.privacy.interactions import BEHAVIOUR_CAPTURE, Interaction
from service.privacy.orders import ORDERS
from service.privacy.shoppers import UnknownShopper
from service.privacy.subject import ShopperId
from service.storage.database import Database
from service.storage.order_consent import OrderConsent
from service.storage.orders import training_grants
from service.storage.shoppers import locked
from service.storage.tables import blocked_topic, consent_grant, interaction

BATCH = 2_000


class SqlInteractions:
    """Keeps what shoppers let the shop capture."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(
        self, subject: ShopperId, done: Interaction, key_hash: str | None, topics: frozenset[str] = frozenset()
    ) -> bool:
        """Keep it if the grant holds and no topic is blocked, once per key, and say whether it is; raises KeyReused."""
        with self._database.writing() as connection:
            try:
                locked(connection, subject)
            except UnknownShopper:
                return False
            allowed = and_(consent_grant.c.shopper_id == subject, _holds(BEHAVIOUR_CAPTURE, done.at))
            if not connection.execute(select(exists().where(allowed))).scalar():
                return False
            blocked = and_(blocked_topic.c.shopper_id == subject, blocked_topic.c.topic.in_(topics))
            if connection.execute(select(exists().where(blocked))).scalar():
                return False
            if not _known(connection, subject, done, key_hash):
                row = {"id": uuid4().hex, "shopper_id": subject, "kind": done.kind, "sku": done.sku, "at": done.at}
                connection.execute(insert(interaction), row | {"key_hash": key_hash})
            return True

    def learnable(self, *, at: datetime, since: datetime | None) -> Iterator[tuple[ShopperId, Interaction]]:
        """What was done after `since` by those who let it be captured now, and learnt from now and when they did it."""
        done, granted = interaction.c, training_grants(at)
        captures = exists().where(consent_grant.c.shopper_id == done.shopper_id, _holds(BEHAVIOUR_CAPTURE, at))
        rows = (
            select(done.shopper_id, done.kind, done.sku, done.at, granted.c.given_at, granted.c.until)
            .select_from(interaction.join(granted, granted.c.shopper_id == done.shopper_id))
            .where(done.at <= at, captures)
            .order_by(done.shopper_id, done.at, done.id)
        )
        if since is not None:
            rows = rows.where(done.at > since)
        earlier = OrderConsent(self._database, at)
        with (
            self._database.reading() as connection,
            connection.execution_options(yield_per=BATCH).execute(rows) as found,
        ):
            for whose, kind, sku, moment, given_at, until in found:
                shopper, lasting = ShopperId(whose), until - given_at if until else None
                if earlier.covered(shopper, moment, given_at, lasting):
                    yield shopper, Interaction(kind, sku, moment)


def delete_uncaptured(connection: Connection, subject: ShopperId, *, at: datetime) -> None:
    """Delete the shopper's interactions unless the grant to capture them holds at that moment; nothing else does."""
    grant = exists().where(consent_grant.c.shopper_id == interaction.c.shopper_id, _holds(BEHAVIOUR_CAPTURE, at))
    connection.execute(delete(interaction).where(interaction.c.shopper_id == subject, ~grant))


def _holds(purpose: str, at: datetime) -> ColumnElement[bool]:
    grant = consent_grant.c
    return and_(
        grant.attribute == ORDERS,
        grant.purpose == purpose,
        grant.given_at <= at,
        or_(grant.until.is_(None), grant.until > at),
    )


def _known(connection: Connection, subject: ShopperId, done: Interaction, key_hash: str | None) -> bool:
    """Whether the same was kept under this key; raises KeyReused if that was something else."""
    if key_hash is None:
        return False
    mine = and_(interaction.c.shopper_id == subject, interaction.c.key_hash == key_hash)
    before = connection.execute(select(interaction.c.kind, interaction.c.sku).where(mine)).first()
    if before is not None and tuple(before) != (done.kind, done.sku):
        raise KeyReused
    return before is not None
