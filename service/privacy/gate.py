"""The gate: the one place that turns grants and values into a view. Whatever goes wrong, the view holds nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeAlias, TypeVar, overload

import orjson

from service.privacy.declared import RegisteredAttribute
from service.privacy.interactions import BEHAVIOUR_CAPTURE
from service.privacy.orders import ORDERS
from service.privacy.register import Register
from service.privacy.remembered import RememberedViews
from service.privacy.subject import Marked, ShopperId
from service.privacy.view import AdviceView, ConsentedValue, ConsentedView, CrossSellView, Purchase

P = TypeVar("P", bound=str)

Released: TypeAlias = tuple[str, str, str | None]
"""Attribute, source and the stored JSON of a value, or None where the grant stands without one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was released at one moment, the mark of that state, and when it changes by the passing of time alone."""

    released: Sequence[Released]
    mark: str | None = None
    until: datetime | None = None


class ConsentedValues(Protocol):
    """Values joined with grants by one SQL statement, so that nothing unconsented enters the process."""

    def read(
        self, subject: ShopperId, purpose: str, attributes: tuple[RegisteredAttribute, ...], at: datetime
    ) -> Reading:
        """A row for each grant that holds, declared source by declared source, with its value if there is one."""
        ...


class ConsentedPurchases(Protocol):
    """Past orders joined with the grants by one SQL statement; a narrower port than that of the importer."""

    def purchases(
        self, subject: ShopperId, purpose: str, at: datetime, *, since: datetime | None, captured: bool
    ) -> tuple[Purchase, ...] | None:
        """What was bought from `since` (excluded) to that moment, latest first; None without a grant for `orders`.

        With `captured` also what the shop's pages told of, while the grant to capture it holds.
        """
        ...


def unheard(failure: Exception) -> None:
    """Report a failure to nobody."""


def unnoted(subject: ShopperId, view: ConsentedView[str], at: datetime) -> None:
    """Note no use."""


class Gate:
    """Gives views. `on_failure` hears of a failing database; the exception must not be logged with its text.

    Without `purchases` no view tells of past orders; without `remembered` every view is read. Values of a subject who
    comes with a mark are remembered under it, past orders never. `on_release` hears of each view that holds values, and
    of those alone: what it writes follows from consented values, so it is the same for two profiles that agree on them.
    """

    def __init__(  # noqa: PLR0913  the register, where to read, what to remember, and who is to hear of it
        self,
        register: Register,
        values: ConsentedValues,
        *,
        purchases: ConsentedPurchases | None = None,
        remembered: RememberedViews | None = None,
        on_failure: Callable[[Exception], None] = unheard,
        on_release: Callable[[ShopperId, ConsentedView[str], datetime], None] = unnoted,
    ) -> None:
        self._readable = {purpose: register.readable(purpose) for purpose in register.purposes}
        self._values = values
        self._purchases = purchases
        self._remembered = remembered
        self._orders = {purpose: register.behaviour(ORDERS, purpose) for purpose in register.purposes if purchases}
        self._captures = register.behaviour(ORDERS, BEHAVIOUR_CAPTURE) is not None
        self._on_failure = on_failure
        self._on_release = on_release

    @overload
    def view(
        self, subject: Marked | ShopperId | None, purpose: Literal["advice_profile"], at: datetime
    ) -> AdviceView: ...
    @overload
    def view(
        self, subject: Marked | ShopperId | None, purpose: Literal["cross_sell"], at: datetime
    ) -> CrossSellView: ...
    @overload
    def view(self, subject: Marked | ShopperId | None, purpose: str, at: datetime) -> ConsentedView[str]: ...
    def view(
        self, subject: Marked | ShopperId | None, purpose: str, at: datetime
    ) -> ConsentedView[str] | AdviceView | CrossSellView:
        """What the subject lets the purpose see at that moment; nothing for a guest, and nothing on any failure."""
        readable, orders = self._readable.get(purpose, ()), self._orders.get(purpose)
        if subject is None or not (readable or orders):
            return _nothing(purpose, readable, orders)
        known = subject if isinstance(subject, Marked) else Marked(subject, None)
        try:
            shown = self._shown(known, purpose, readable, at)
            if shown.values:
                self._on_release(known.id, shown, at)
            return shown if orders is None else self._with_purchases(shown, known.id, orders, at)
        except Exception as failure:  # noqa: BLE001  the gate fails closed, whatever it is that fails
            self._on_failure(failure)
            return _nothing(purpose, readable, orders)

    def _shown(
        self, subject: Marked, purpose: str, readable: tuple[RegisteredAttribute, ...], at: datetime
    ) -> ConsentedView[str]:
        """The values: as remembered in the state that the subject's mark stands for, or else as they are read now."""
        remembered = self._remembered
        key = (self, subject.id, purpose)
        if remembered is not None and subject.mark is not None:
            kept = remembered.get(key, subject.mark, at)
            if kept is not None:
                return kept
        reading = self._values.read(subject.id, purpose, readable, at) if readable else Reading(())
        shown = _view(purpose, readable, reading.released)
        if remembered is not None and reading.mark is not None:
            remembered.keep(key, shown, reading.mark, since=at, until=reading.until)
        return shown

    def _with_purchases(
        self, shown: ConsentedView[P], subject: ShopperId, orders: RegisteredAttribute, at: datetime
    ) -> ConsentedView[P]:
        since = at - timedelta(days=orders.retention_days) if orders.retention_days else None
        if self._purchases is None:
            return shown
        bought = self._purchases.purchases(subject, shown.purpose, at, since=since, captured=self._captures)
        if bought is None:
            return replace(shown, withheld=tuple(sorted((*shown.withheld, orders.id))))
        return replace(shown, purchases=bought)


def _nothing(
    purpose: P, readable: Iterable[RegisteredAttribute], orders: RegisteredAttribute | None = None
) -> ConsentedView[P]:
    ids = (*(attribute.id for attribute in readable), *((orders.id,) if orders else ()))
    return ConsentedView.nothing(purpose, tuple(sorted(ids)))


def _view(purpose: P, readable: tuple[RegisteredAttribute, ...], released: Sequence[Released]) -> ConsentedView[P]:
    rows: dict[str, dict[str, str | None]] = {}
    for name, source, stored in released:
        rows.setdefault(name, {})[source] = stored
    values = [value for each in readable if each.id in rows for value in _first(each, rows[each.id])]
    withheld = tuple(each.id for each in readable if rows.get(each.id, {}).keys().isdisjoint(each.sources))
    return ConsentedView(purpose, {value.attribute: value for value in values}, withheld)


def _first(attribute: RegisteredAttribute, by_source: dict[str, str | None]) -> tuple[ConsentedValue, ...]:
    """The value by the register's precedence; a malformed one counts as none."""
    for source in attribute.sources:
        stored = by_source.get(source)
        value = None if stored is None else parsed(attribute, stored)
        if value is not None:
            return (ConsentedValue(attribute.id, value, source),)
    return ()


def parsed(attribute: RegisteredAttribute, stored: str) -> str | float | bool | None:
    """The stored JSON as a value of the attribute's type; None where it is neither JSON nor of that type."""
    try:
        value: str | float | bool = orjson.loads(stored)
    except orjson.JSONDecodeError:
        return None
    return value if attribute.accepts(value) else None
