"""Order lines in the database: added in bulk, streamed to a model under consent."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.exc import IntegrityError

from service.privacy.orders import MODEL_TRAINING, ORDERS, OrderLine
from service.privacy.shoppers import UnknownShopper
from service.storage.batches import batches
from service.storage.database import Database
from service.storage.tables import consent_grant, order_line

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


class SqlOrders:
    """Keeps order lines."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, lines: Iterable[OrderLine]) -> int:
        """Keep the lines, all or none, and say how many were new; raises UnknownShopper."""
        new = self._database.insert(order_line).on_conflict_do_nothing()
        with self._database.writing() as connection:
            counting = connection.execution_options(preserve_rowcount=True)
            try:
                return sum(counting.execute(new, list(map(_row, some))).rowcount for some in batches(lines, BATCH))
            except IntegrityError:
                raise UnknownShopper from None

    def consented_lines(self, *, at: datetime, anonymous: bool = False) -> Iterator[OrderLine]:
        """Lines of shoppers who let models learn from their orders at that moment, order by order, line by line."""
        allowed = or_(_consented(at), order_line.c.shopper_id.is_(None)) if anonymous else _consented(at)
        lines = select(*_COLUMNS).where(allowed).order_by(order_line.c.order_id, order_line.c.line)
        with (
            self._database.reading() as connection,
            connection.execution_options(yield_per=BATCH).execute(lines) as rows,
        ):
            yield from (OrderLine(*row) for row in rows)


def _consented(at: datetime) -> ColumnElement[bool]:
    grant = consent_grant.c
    return exists().where(
        and_(
            grant.shopper_id == order_line.c.shopper_id,
            grant.purpose == MODEL_TRAINING,
            grant.attribute == ORDERS,
            grant.given_at <= at,
            or_(grant.until.is_(None), grant.until > at),
        )
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
