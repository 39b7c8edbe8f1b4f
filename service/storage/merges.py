"""Two identities made one in the database: grants, values, orders, ledger and erasure in one transaction."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, delete, select, tuple_, update

from service.privacy.blocking import Blocking
from service.privacy.consent import ConsentEvent, Receipt
from service.privacy.declared import ANY_SOURCE_OF_BEHAVIOUR
from service.privacy.idempotency import Idempotency
from service.privacy.keyring import Keyring
from service.privacy.ledger import Happening
from service.privacy.merging import Intersection, MergeNotConsented, MergeRequest, intersection
from service.privacy.orders import ORDERS
from service.privacy.payload import Payload
from service.privacy.settlement import GrantRow
from service.privacy.shoppers import UnknownShopper
from service.privacy.subject import ShopperId
from service.storage.blocking import put_topics
from service.storage.consents import delete_uncovered, event_by_id, granted_rows, grants_of
from service.storage.database import Database
from service.storage.idempotency import SqlIdempotency
from service.storage.ledger import Appending
from service.storage.order_consent import OrderConsent
from service.storage.personal import delete_rows
from service.storage.shoppers import locked_in_order
from service.storage.tables import blocked_topic, consent_grant, erasure, order_line, profile_value

HISTORY = (ORDERS, ANY_SOURCE_OF_BEHAVIOUR)


class SqlMerges:
    """Merges identities. Both are locked first, in one order, so that two merges cannot entangle."""

    def __init__(self, database: Database, keys: Keyring) -> None:
        self._database = database
        self._keys = keys

    def merge(self, request: MergeRequest, idempotency: Idempotency | None, blocking: Blocking) -> Receipt:
        """Write it, once per key; raises UnknownShopper, MergeNotConsented and KeyReused."""
        survivor, other, at = request.survivor, request.other, request.at
        with self._database.writing() as connection:
            there = locked_in_order(connection, (survivor, other))
            if survivor not in there:
                raise UnknownShopper
            once = SqlIdempotency(connection, survivor)
            ledger = Appending(self._database, connection, self._keys)
            before = once.result(idempotency)
            if before is not None:
                event = event_by_id(connection, before)
                return Receipt(event, grants_of(connection, survivor, at), ledger.head(), replayed=True)
            if other not in there:
                raise UnknownShopper
            left = intersection(granted_rows(connection, survivor), granted_rows(connection, other), at=at)
            if not left.bridged:
                raise MergeNotConsented
            usable = _usable_orders(self._database, connection, request) if HISTORY in left.bridged else []
            payload = Payload(survivor, "service", left.effects).as_text()
            happened = (
                Happening(request.id, "merge", at, survivor, None, payload),
                Happening(request.gone.id, "erasure", at),
            )
            head = ledger.enter(happened)
            _write_grants(connection, survivor, left)
            _move_values(connection, request, left.bridged)
            _move_orders(connection, survivor, usable)
            delete_uncovered(connection, survivor, at=at)
            _unite_topics(connection, request, blocking)
            ledger.shred(other)
            delete_rows(connection, other)
            row = {"id": request.gone.id, "tag": request.gone.tag, "at": at, "token_hash": None}
            connection.execute(erasure.insert(), row)
            once.keep(idempotency, request.id, at=at)
            event = ConsentEvent(request.id, survivor, at, None, tuple(each.decided for each in left.effects))
            return Receipt(event, grants_of(connection, survivor, at), head)


def _write_grants(connection: Connection, survivor: ShopperId, left: Intersection) -> None:
    """What survives keeps its beginning and the notice under which it was given; only its end may come nearer."""
    for row in left.ended:
        connection.execute(delete(consent_grant).where(_is(survivor, row)))
    for row in left.shortened:
        connection.execute(update(consent_grant).where(_is(survivor, row)).values(until=row.until))


def _is(subject: ShopperId, row: GrantRow) -> ColumnElement[bool]:
    grant = consent_grant.c
    key = tuple_(grant.attribute, grant.purpose, grant.source)
    return and_(grant.shopper_id == subject, key == tuple_(*row.key))


def _move_values(connection: Connection, request: MergeRequest, bridged: Iterable[tuple[str, str]]) -> None:
    """The other's values; of two from one source the later collected stays. Between sources the register decides.

    What stays bears the note of the later use of both, as a value does that a newer one replaces.
    """
    value = profile_value.c
    for attribute, source in sorted(bridged):
        place = and_(value.attribute == attribute, value.source == source)
        both = select(profile_value).where(place, value.shopper_id.in_((request.survivor, request.other)))
        found = {row.shopper_id: row for row in connection.execute(both)}
        mine, theirs = found.get(request.survivor), found.get(request.other)
        if theirs is None:
            continue
        stays = theirs if mine is None or mine.collected_at < theirs.collected_at else mine
        gone = value.shopper_id.in_(found.keys() - {stays.shopper_id})
        connection.execute(delete(profile_value).where(place, gone))
        kept = update(profile_value).where(place, value.shopper_id == stays.shopper_id)
        connection.execute(kept.values(shopper_id=request.survivor, **_later_use(found.values())))


def _later_use(rows: Iterable[Row[Any]]) -> dict[str, object]:
    """Of several values' last uses the last; of one day the last purpose by name."""
    used = [(row.used_on, row.used_for) for row in rows if row.used_on is not None]
    used_on, used_for = max(used, default=(None, None))
    return {"used_on": used_on, "used_for": used_for}


def _unite_topics(connection: Connection, request: MergeRequest, blocking: Blocking) -> None:
    """What the other blocks, too; the survivor's interactions with that go, as whenever something is blocked."""
    blocked = blocked_topic.c
    both = blocked.shopper_id.in_((request.survivor, request.other))
    rows = connection.execute(select(blocked.shopper_id, blocked.topic).where(both)).all()
    if any(row.shopper_id == request.other for row in rows):
        topics = {row.topic for row in rows}
        put_topics(connection, request.survivor, topics, blocking(topics))


def _usable_orders(database: Database, connection: Connection, request: MergeRequest) -> list[dict[str, object]]:
    """The other's order lines that both let be used, for one purpose at least and for none that one alone allowed."""
    both = OrderConsent(database, request.at).of(connection, {request.survivor, request.other})
    mine, theirs = both[request.survivor], both[request.other]
    line = order_line.c
    rows = connection.execute(select(line.order_id, line.line, line.ordered_at).where(line.shopper_id == request.other))
    return [
        {"order": row.order_id, "number": row.line} for row in rows if mine.shares(theirs, ordered_at=row.ordered_at)
    ]


def _move_orders(connection: Connection, survivor: ShopperId, lines: list[dict[str, object]]) -> None:
    if lines:
        line = order_line.c
        this = and_(line.order_id == bindparam("order"), line.line == bindparam("number"))
        connection.execute(update(order_line).where(this).values(shopper_id=survivor), lines)
