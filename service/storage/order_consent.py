"""Which orders a shopper lets the shop use: by the grants that hold, and by the ledger for what came before them."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, func, or_, select

from service.privacy.consent import ConsentEvent
from service.privacy.orders import CROSS_SELL, MODEL_TRAINING, ORDERS, Period, periods
from service.privacy.subject import ShopperId
from service.storage.database import Database
from service.storage.events import as_event
from service.storage.tables import consent_event, consent_grant, order_line

MOST_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class _Training:
    """Since when the grant for training holds, and how long such a grant lasts by itself."""

    since: datetime
    lasting: timedelta | None


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one shopper lets the shop do with their orders."""

    shopper: ShopperId
    cross_sell: bool
    training: _Training | None
    consent: "OrderConsent"

    def usable(self, ordered_at: datetime) -> bool:
        """Whether an order of that moment may be kept."""
        return self.cross_sell or self.trains(ordered_at)

    def shares(self, other: "Allowed", *, ordered_at: datetime) -> bool:
        """Whether both allow the same use of the other's order of that moment, and mine no further one, now or later.

        A model learns from what was allowed when it was ordered: an order that the other kept from models then must not
        come under a consent that only I had given then, not even if I take it back and give it again.
        """
        if self.trains(ordered_at) and other.trains(ordered_at):
            return True
        return self.cross_sell and other.cross_sell and not self.consent.learnt_then(self.shopper, ordered_at)

    def trains(self, ordered_at: datetime) -> bool:
        """Whether models may learn from an order of that moment."""
        training = self.training
        if training is None:
            return False
        return self.consent.covered(self.shopper, ordered_at, training.since, training.lasting)


class OrderConsent:
    """Consent to the use of orders at one moment; remembers whom it was asked about, up to a bound."""

    def __init__(self, database: Database, at: datetime) -> None:
        self._database = database
        self._at = at
        self._allowed: dict[ShopperId, Allowed] = {}
        self._periods: dict[tuple[ShopperId, timedelta | None], tuple[Period, ...]] = {}

    def of(self, connection: Connection, shoppers: AbstractSet[ShopperId]) -> Mapping[ShopperId, Allowed]:
        """What these shoppers allow; nothing for one who is not known."""
        if len(self._allowed) > MOST_REMEMBERED:
            self._allowed.clear()
        fresh = shoppers - self._allowed.keys()
        if fresh:
            granted = _granted(connection, fresh, self._at)
            self._allowed |= {each: self._judged(each, granted) for each in fresh}
        return self._allowed

    def covered(self, shopper: ShopperId, moment: datetime, since: datetime, lasting: timedelta | None) -> bool:
        """Whether models were allowed to learn from an order of that moment: by the grant since then, or before it."""
        return moment >= since or any(period.holds(moment) for period in self._earlier(shopper, lasting))

    def learnt_then(self, shopper: ShopperId, moment: datetime) -> bool:
        """Whether the ledger ever said that models may learn at that moment, however long such a consent lasts."""
        return any(period.holds(moment) for period in self._earlier(shopper, None))

    def _earlier(self, shopper: ShopperId, lasting: timedelta | None) -> tuple[Period, ...]:
        if len(self._periods) > MOST_REMEMBERED:
            self._periods.clear()
        key = (shopper, lasting)
        if key not in self._periods:
            self._periods[key] = tuple(periods(self._events(shopper), MODEL_TRAINING, lasting))
        return self._periods[key]

    def _events(self, shopper: ShopperId) -> list[ConsentEvent]:
        with self._database.reading() as connection:
            return _events(connection, shopper)

    def _judged(self, shopper: ShopperId, granted: Mapping[tuple[ShopperId, str], _Training]) -> Allowed:
        return Allowed(shopper, (shopper, CROSS_SELL) in granted, granted.get((shopper, MODEL_TRAINING)), self)


USES = (CROSS_SELL, MODEL_TRAINING)


def unused(at: datetime, lines: Table = order_line, uses: Sequence[str] = USES) -> ColumnElement[bool]:
    """Order lines of shoppers who let none of these purposes use their orders at that moment."""
    grant = consent_grant.c
    released = exists().where(
        grant.shopper_id == lines.c.shopper_id,
        grant.attribute == ORDERS,
        grant.purpose.in_(uses),
        or_(grant.until.is_(None), grant.until > at),
    )
    return and_(lines.c.shopper_id.is_not(None), ~released)


def delete_unusable(connection: Connection, shopper: ShopperId, *, at: datetime, lines: Table = order_line) -> int:
    """Delete the shopper's order lines that nothing uses which they allow at that moment, as `Allowed` has it.

    Says how many; `lines` may be others than those that are kept.
    """
    granted = _granted(connection, {shopper}, at)
    if (shopper, CROSS_SELL) in granted:
        return 0
    mine = lines.c.shopper_id == shopper
    training = granted.get((shopper, MODEL_TRAINING))
    if training is None:
        return connection.execute(delete(lines).where(mine)).rowcount
    earlier = tuple(periods(_events(connection, shopper), MODEL_TRAINING, training.lasting))
    old = select(lines.c.ordered_at).where(mine, lines.c.ordered_at < training.since).distinct()
    return sum(
        connection.execute(delete(lines).where(mine, lines.c.ordered_at == moment)).rowcount
        for moment in connection.execute(old).scalars().all()
        if not any(period.holds(moment) for period in earlier)
    )


def _events(connection: Connection, shopper: ShopperId) -> list[ConsentEvent]:
    theirs = select(consent_event).where(consent_event.c.shopper_id == shopper).order_by(consent_event.c.position)
    return [as_event(row) for row in connection.execute(theirs)]


def _granted(
    connection: Connection, shoppers: AbstractSet[ShopperId], at: datetime
) -> Mapping[tuple[ShopperId, str], _Training]:
    grant = consent_grant.c
    rows = connection.execute(
        select(grant.shopper_id, grant.purpose, func.min(grant.given_at), func.max(grant.until))
        .where(
            grant.shopper_id.in_(shoppers),
            grant.purpose.in_((CROSS_SELL, MODEL_TRAINING)),
            grant.attribute == ORDERS,
            grant.given_at <= at,
            or_(grant.until.is_(None), grant.until > at),
        )
        .group_by(grant.shopper_id, grant.purpose)
    )
    return {
        (ShopperId(shopper), purpose): _Training(given_at, None if until is None else until - given_at)
        for shopper, purpose, given_at, until in rows
    }
