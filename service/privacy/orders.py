"""Order lines: what was bought together, which lines may be kept, and the one way by which a model learns from them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from service.privacy.consent import ConsentEvent
from service.privacy.declared import RegisteredAttribute
from service.privacy.subject import ShopperId

ORDERS = "orders"
MODEL_TRAINING = "model_training"
CROSS_SELL = "cross_sell"
LeftOut = Literal["no_consent", "anonymous", "sensitive", "not_in_catalogue", "too_old"]


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of an order; `line` tells the lines of an order apart. Without a shopper it is anonymous."""

    order_id: str
    line: int
    shopper: ShopperId | None
    sku: str
    quantity: float
    unit_price: float | None
    ordered_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of an import: how many lines were new, and how many may not be kept, by reason."""

    new: int
    left_out: Mapping[LeftOut, int]


class Orders(Protocol):
    """Where order lines are kept."""

    def add(self, lines: Iterable[OrderLine]) -> int:
        """Keep the lines, all or none, and say how many were new; a line that is known already is left as it is."""
        ...

    def add_allowed(self, lines: Iterable[OrderLine], *, at: datetime) -> tuple[int, int]:
        """The same for lines that are anonymous or that their shopper lets the shop use; also how many these were not.

        Usable is a line whose shopper lets cross-sell read their orders at that moment, or models learn from them at
        that moment and when the order happened.
        """
        ...

    def consented_lines(
        self, *, at: datetime, since: datetime | None = None, anonymous: bool = False
    ) -> Iterator[OrderLine]:
        """Lines of shoppers who let models learn from their orders now and did so when they ordered, order by order.

        Of orders after `since` alone, if it is given; anonymous lines only if told to. Streams: memory does not grow
        with the number of lines.
        """
        ...


def keep(  # noqa: PLR0913  where, which lines, when, and by which rules
    orders: Orders,
    lines: Iterable[OrderLine],
    *,
    at: datetime,
    anonymous: bool,
    unsuitable: Callable[[str], LeftOut | None],
    declared: RegisteredAttribute | None = None,
) -> Kept:
    """Keep what may be kept, all of it or nothing; `unsuitable` says of a sku why no order of it is kept.

    `declared` are orders as the register has them: none past their retention is kept.
    """
    left_out: Counter[LeftOut] = Counter()

    def unkept(line: OrderLine) -> LeftOut | None:
        if line.shopper is None and not anonymous:
            return "anonymous"
        if declared is not None and declared.is_too_old(line.ordered_at, at=at):
            return "too_old"
        return unsuitable(line.sku)

    def admitted() -> Iterator[OrderLine]:
        for line in lines:
            reason = unkept(line)
            if reason is None:
                yield line
            else:
                left_out[reason] += 1

    new, without = orders.add_allowed(admitted(), at=at)
    if without:
        left_out["no_consent"] = without
    return Kept(new, dict(left_out))


@dataclass(frozen=True, slots=True)
class Period:
    """A time in which a consent held: from `start` on, up to `end`, which is open if None."""

    start: datetime
    end: datetime | None

    def holds(self, moment: datetime) -> bool:
        """Whether the consent held then."""
        return self.start <= moment and (self.end is None or moment < self.end)


def periods(events: Iterable[ConsentEvent], purpose: str, lasting: timedelta | None) -> Iterator[Period]:
    """When a shopper allowed their orders for a purpose, by the events of the ledger in order.

    `lasting` is how long a consent to the purpose holds by itself, None for ever.
    """
    since: datetime | None = None
    for event in events:
        for decided in event.decisions:
            if (decided.attribute, decided.purpose) != (ORDERS, purpose):
                continue
            if since is not None:
                yield _ended(since, event.at, lasting)
            since = event.at if decided.given else None
    if since is not None:
        yield _ended(since, None, lasting)


def _ended(since: datetime, until: datetime | None, lasting: timedelta | None) -> Period:
    ends = [end for end in (until, None if lasting is None else since + lasting) if end is not None]
    return Period(since, min(ends, default=None))
