"""Consent in the database: events, the grants that follow, and the values that go with them."""

from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, insert, or_, select, tuple_

from service.privacy.consent import ConsentEvent, ConsentRequest, Grant, Receipt
from service.privacy.declared import ServedNotice
from service.privacy.idempotency import Idempotency
from service.privacy.keyring import Keyring
from service.privacy.ledger import Happening
from service.privacy.payload import Payload
from service.privacy.settlement import GrantRow, Settlement, settle
from service.privacy.subject import ShopperId
from service.storage.database import Database
from service.storage.events import as_event
from service.storage.idempotency import SqlIdempotency
from service.storage.interactions import delete_uncaptured
from service.storage.ledger import Appending
from service.storage.order_consent import delete_unusable
from service.storage.shoppers import locked
from service.storage.tables import consent_event, consent_grant, profile_value


class SqlConsents:
    """Keeps events and grants. Whoever writes for a shopper locks their row first, so that nothing comes between."""

    def __init__(self, database: Database, keys: Keyring) -> None:
        self._database = database
        self._keys = keys

    def append(self, request: ConsentRequest, idempotency: Idempotency | None) -> Receipt:
        """Write the event, its grants and what it deletes, once per key.

        Raises UnknownShopper, KeyReused, and UnknownAttribute or UnknownPurpose as `Settlement` does.
        A withdrawal under a key that was used is carried out again where something holds again: nobody is told that
        nothing is allowed while something is.
        """
        with self._database.writing() as connection:
            locked(connection, request.subject)
            once, ledger = (
                SqlIdempotency(connection, request.subject),
                Appending(self._database, connection, self._keys),
            )
            before = once.result(idempotency)
            settlement = settle(request, granted_rows(connection, request.subject))
            if before is not None and not settlement.withdraws:
                grants = grants_of(connection, request.subject, request.at)
                return Receipt(event_by_id(connection, before), grants, ledger.head(), replayed=True)
            settlement.refuse_undeclared()
            head = ledger.enter([happening(request, settlement)])
            _write_grants(connection, request, settlement)
            delete_uncovered(connection, request.subject, at=request.at)
            once.keep(idempotency, request.id, at=request.at)
            event = ConsentEvent(request.id, request.subject, request.at, request.notice, settlement.decided)
            return Receipt(event, grants_of(connection, request.subject, request.at), head)

    def current(self, subject: ShopperId, *, at: datetime) -> tuple[Grant, ...]:
        """The grants that hold, by attribute and purpose; none for an unknown shopper."""
        with self._database.reading() as connection:
            return grants_of(connection, subject, at)

    def events(self, subject: ShopperId) -> tuple[ConsentEvent, ...]:
        """Everything that the shopper ever decided, in order."""
        mine = select(consent_event).where(consent_event.c.shopper_id == subject).order_by(consent_event.c.position)
        with self._database.reading() as connection:
            return tuple(as_event(row) for row in connection.execute(mine))


def happening(request: ConsentRequest, settlement: Settlement) -> Happening:
    """The event as the ledger enters it."""
    payload = Payload(request.subject, request.by, settlement.effects, request.everything)
    return Happening(request.id, "decision", request.at, request.subject, request.notice, payload.as_text())


def grant_rows(request: ConsentRequest, settlement: Settlement) -> list[dict[str, object]]:
    """The grants that the event puts, one row for each source."""
    return [
        {
            "shopper_id": request.subject,
            "purpose": row.purpose,
            "attribute": row.attribute,
            "source": row.source,
            "given_at": request.at,
            "until": row.until,
            "event_id": request.id,
        }
        for row in settlement.put
    ]


def delete_uncovered(connection: Connection, subject: ShopperId, *, at: datetime) -> None:
    """Delete the shopper's values, interactions and orders that no grant covers at that moment."""
    covering = exists().where(
        consent_grant.c.shopper_id == profile_value.c.shopper_id,
        consent_grant.c.attribute == profile_value.c.attribute,
        consent_grant.c.source == profile_value.c.source,
        or_(consent_grant.c.until.is_(None), consent_grant.c.until > at),
    )
    connection.execute(delete(profile_value).where(profile_value.c.shopper_id == subject, ~covering))
    delete_uncaptured(connection, subject, at=at)
    delete_unusable(connection, subject, at=at)


def _write_grants(connection: Connection, request: ConsentRequest, settlement: Settlement) -> None:
    gone = [row.key for row in (*settlement.drop, *settlement.put)]
    if gone:
        key = tuple_(consent_grant.c.attribute, consent_grant.c.purpose, consent_grant.c.source)
        mine = consent_grant.c.shopper_id == request.subject
        connection.execute(delete(consent_grant).where(mine, key.in_(gone)))
    if settlement.put:
        connection.execute(insert(consent_grant), grant_rows(request, settlement))


def granted_rows(connection: Connection, subject: ShopperId) -> tuple[GrantRow, ...]:
    """The shopper's grants as they are stored, those that are over too."""
    mine = select(
        consent_grant.c.attribute, consent_grant.c.purpose, consent_grant.c.source, consent_grant.c.until
    ).where(consent_grant.c.shopper_id == subject)
    return tuple(GrantRow(*row) for row in connection.execute(mine))


def grants_of(connection: Connection, subject: ShopperId, at: datetime) -> tuple[Grant, ...]:
    """The grants that hold, by attribute and purpose."""
    holding = or_(consent_grant.c.until.is_(None), consent_grant.c.until > at)
    rows = connection.execute(
        select(
            consent_grant,
            consent_event.c.notice_id,
            consent_event.c.notice_version,
            consent_event.c.notice_language,
            consent_event.c.notice_hash,
        )
        .join(consent_event, consent_event.c.id == consent_grant.c.event_id)
        .where(consent_grant.c.shopper_id == subject, holding)
    ).all()
    ordered = sorted(rows, key=_grant_key)
    return tuple(_grant(tuple(same)) for _, same in groupby(ordered, key=lambda row: _grant_key(row)[:4]))


def _grant_key(row: Row[Any]) -> tuple[str, str, str, str, str]:
    """Sources of one event stand together, unless a merge let some of them end earlier."""
    return (row.attribute, row.purpose, row.event_id, str(row.until), row.source)


def _grant(rows: tuple[Row[Any], ...]) -> Grant:
    first = rows[0]
    notice = ServedNotice(first.notice_id, first.notice_version, first.notice_language, first.notice_hash)
    sources = tuple(row.source for row in rows)
    return Grant(first.attribute, first.purpose, first.given_at, first.until, notice, sources)


def event_by_id(connection: Connection, event_id: str) -> ConsentEvent:
    """An event that was written before."""
    return as_event(connection.execute(select(consent_event).where(consent_event.c.id == event_id)).one())
