"""What one shopper bought, as far as their grants release it: one statement, run at each request that may read it."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    Column,
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
    union_all,
)

from service.privacy.interactions import BEHAVIOUR_CAPTURE
from service.privacy.orders import ORDERS
from service.storage.tables import consent_grant, interaction, order_line

MOST_PURCHASES = 500
RELEASING, CAPTURING = consent_grant.alias("releasing"), consent_grant.alias("capturing")


def purchases() -> Select[Any]:
    """The latest purchases by sku that the grant for a purpose releases, and a row without a sku where it does so.

    Beside what was imported, if `captured` is true, what the shop's pages told of: that needs the grant to capture it,
    too. Takes `subject`, `purpose`, `at`, `since` (excluded) and `captured`; moments are microseconds.
    """
    bought = union_all(_imported(), _captured()).subquery()
    latest = func.max(bought.c.at)
    return (
        select(bought.c.sku, latest)
        .group_by(bought.c.sku)
        .order_by(latest.desc(), bought.c.sku)
        .limit(literal_column(str(MOST_PURCHASES)))
    )


def _imported() -> Select[Any]:
    line = order_line.c
    mine = and_(line.shopper_id == RELEASING.c.shopper_id, _in_time(line.ordered_at))
    return (
        select(line.sku, type_coerce(line.ordered_at, BigInteger).label("at"))
        .select_from(RELEASING.outerjoin(order_line, mine))
        .where(_holds(RELEASING, bindparam("purpose", None)))
    )


def _captured() -> Select[Any]:
    done = interaction.c
    mine = and_(done.shopper_id == RELEASING.c.shopper_id, done.kind == "purchase", _in_time(done.at))
    both = RELEASING.join(CAPTURING, CAPTURING.c.shopper_id == RELEASING.c.shopper_id)
    return (
        select(done.sku, type_coerce(done.at, BigInteger))
        .select_from(both.join(interaction, mine))
        .where(bindparam("captured", None, type_=Boolean))
        .where(_holds(RELEASING, bindparam("purpose", None)))
        .where(_holds(CAPTURING, BEHAVIOUR_CAPTURE))
    )


def _in_time(moment: Column[Any]) -> ColumnElement[bool]:
    at = type_coerce(moment, BigInteger)
    return and_(at <= _moment("at"), at > _moment("since"))


def _holds(table: FromClause, purpose: str | BindParameter[Any]) -> ColumnElement[bool]:
    grant = table.c
    until, given_at = type_coerce(grant.until, BigInteger), type_coerce(grant.given_at, BigInteger)
    return and_(
        grant.shopper_id == bindparam("subject", None),
        grant.attribute == ORDERS,
        grant.purpose == purpose,
        given_at <= _moment("at"),
        or_(until.is_(None), until > _moment("at")),
    )


def _moment(name: str) -> BindParameter[int]:
    return bindparam(name, None, type_=BigInteger)
