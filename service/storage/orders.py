"""Order lines in the database: added in bulk, streamed to a model under consent."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    Subquery,
    Table,
    delete,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.exc import IntegrityError

from service.privacy.orders import MODEL_TRAINING, ORDERS, OrderLine
from service.privacy.shoppers import UnknownShopper
from service.privacy.subject import ShopperId
from service.privacy.view import Purchase
from service.storage.batches import batches
from service.storage.columns import micros, moment
from service.storage.database import Database
from service.storage.order_consent import OrderConsent, delete_unusable, unused
from service.storage.purchases import purchases
from service.storage.shoppers import all_locked
from service.storage.tables import consent_event, consent_grant, order_line

BATCH = 2_000
_COLUMNS = (
    order_line.c.order_id,
    order_line.c.line,
    order_line.c.shopper_id,
    order_line.c.sku,
    order_line.c.quantity,
    order_line.c.unit_price,
    order_line.c.ordered_at,
)


# Seen by one connection alone, and gone at the end of its transaction.
_READY = Table(
    "orders_ready",
    MetaData(),
    *(Column(each.name, each.type, nullable=each.nullable, info=each.info) for each in _COLUMNS),
    prefixes=["TEMPORARY"],
)


class SqlOrders:
    """Keeps order lines."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._bought = database.prepare(purchases())

    def purchases(
        self, subject: ShopperId, purpose: str, at: datetime, *, since: datetime | None, captured: bool
    ) -> tuple[Purchase, ...] | None:
        """The 500 latest purchases that a grant for `orders` releases; None without one. Raises StorageFailed."""
        within = {"at": micros(at), "since": micros(since) if since else -1}
        rows = self._bought({"subject": subject, "purpose": purpose, "captured": captured, **within})
        return tuple(Purchase(sku, moment(when)) for sku, when in rows if sku is not None) if rows else None

    def add(self, lines: Iterable[OrderLine]) -> int:
        """Keep the lines, all or none, and say how many were new; raises UnknownShopper."""
        with self._database.writing() as connection:
            try:
                return sum(self._insert(connection, some) for some in batches(lines, BATCH))
            except IntegrityError:
                raise UnknownShopper from None

    def add_allowed(self, lines: Iterable[OrderLine], *, at: datetime) -> tuple[int, int]:
        """Keep the lines that are anonymous or may be used, all or none; how many were new, and how many may not.

        Nobody is locked while lines come in, and then everybody in one order, so that an import and whatever else locks
        several shoppers cannot entangle. Who withdraws or is erased meanwhile has nothing of it kept: what came in
        under the consent that was seen first is looked at once more, when nobody's consent can change any more.
        """
        with self._database.writing() as connection:
            seen = connection.execute(select(func.max(consent_event.c.position))).scalar() or 0
            _READY.create(connection)
            left_out = sum(self._lay_ready(connection, lines, at))
            all_locked(connection, select(_READY.c.shopper_id))
            connection.execute(delete(order_line).where(unused(at)))
            left_out += _take_back(connection, since=seen, at=at)
            new = self._keep_ready(connection)
            _READY.drop(connection)
        return new, left_out

    def consented_lines(
        self, *, at: datetime, since: datetime | None = None, anonymous: bool = False
    ) -> Iterator[OrderLine]:
        """Lines of shoppers who let models learn from them at that moment and when they ordered, order by order.

        Of orders after `since` alone, if it is given.
        """
        granted = training_grants(at)
        lines = (
            select(*_COLUMNS, granted.c.given_at, granted.c.until)
            .select_from(order_line.outerjoin(granted, granted.c.shopper_id == order_line.c.shopper_id))
            .where(or_(granted.c.given_at.is_not(None), order_line.c.shopper_id.is_(None) if anonymous else false()))
            .order_by(order_line.c.order_id, order_line.c.line)
        )
        if since is not None:
            lines = lines.where(order_line.c.ordered_at > since)
        earlier = OrderConsent(self._database, at)
        with (
            self._database.reading() as connection,
            connection.execution_options(yield_per=BATCH).execute(lines) as rows,
        ):
            for *values, given_at, until in rows:
                line = OrderLine(*values)
                lasting = until - given_at if until else None
                if line.shopper is None or earlier.covered(line.shopper, line.ordered_at, given_at, lasting):
                    yield line

    def _lay_ready(self, connection: Connection, lines: Iterable[OrderLine], at: datetime) -> Iterator[int]:
        """Lay ready what may be used as it is seen now; of each batch how many lines may not."""
        allowed = OrderConsent(self._database, at)
        for batch in batches(lines, BATCH):
            known = allowed.of(connection, {line.shopper for line in batch if line.shopper is not None})
            usable = [line for line in batch if line.shopper is None or known[line.shopper].usable(line.ordered_at)]
            self._database.load(connection, _READY, list(map(_row, usable)))
            yield len(batch) - len(usable)

    def _keep_ready(self, connection: Connection) -> int:
        """In the order of their keys, for two imports of the same lines must not wait for each other."""
        always = true()  # SQLite takes an upsert from a SELECT only if that has a WHERE
        ready = select(*_READY.c).where(always).order_by(_READY.c.order_id, _READY.c.line)
        new = self._database.insert(order_line).from_select([each.name for each in _READY.c], ready)
        counting = connection.execution_options(preserve_rowcount=True)
        return counting.execute(new.on_conflict_do_nothing()).rowcount

    def _insert(self, connection: Connection, lines: list[OrderLine]) -> int:
        if not lines:
            return 0
        new = self._database.insert(order_line).on_conflict_do_nothing()
        counting = connection.execution_options(preserve_rowcount=True)
        return counting.execute(new, list(map(_row, lines))).rowcount


def _take_back(connection: Connection, *, since: int, at: datetime) -> int:
    """Drop what was laid ready of those who decided otherwise since that entry of the ledger; says how many lines."""
    gone = connection.execute(delete(_READY).where(unused(at, _READY))).rowcount
    event = consent_event.c
    decided = select(event.shopper_id).where(event.position > since, event.shopper_id.in_(select(_READY.c.shopper_id)))
    changed = connection.execute(decided.distinct()).scalars().all()
    return gone + sum(delete_unusable(connection, ShopperId(each), at=at, lines=_READY) for each in changed)


def training_grants(at: datetime) -> Subquery:
    """Who lets models learn from their orders at that moment, and since when by the grant that holds."""
    grant = consent_grant.c
    return (
        select(grant.shopper_id, func.min(grant.given_at).label("given_at"), func.max(grant.until).label("until"))
        .where(
            grant.purpose == MODEL_TRAINING,
            grant.attribute == ORDERS,
            grant.given_at <= at,
            or_(grant.until.is_(None), grant.until > at),
        )
        .group_by(grant.shopper_id)
        .subquery()
    )


def _row(line: OrderLine) -> dict[str, object]:
    return {
        "order_id": line.order_id,
        "line": line.line,
        "shopper_id": line.shopper,
        "sku": line.sku,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "ordered_at": line.ordered_at,
    }
