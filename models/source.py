"""Where a model may learn from: consented orders, purchases and values of the database, or a file vouched for."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from models.baskets import NO_VALUES, Gathered, OrdersFrom, ProductFacts
from models.gathering import gather
from models.learners import Learners
from models.order_file import order_lines
from service.cross_sell.traits import TraitValue
from service.privacy.gate import Gate
from service.privacy.interactions import BEHAVIOUR_CAPTURE, Interaction
from service.privacy.keyring import Keyring
from service.privacy.ledger import LedgerBroken
from service.privacy.orders import MODEL_TRAINING, ORDERS
from service.privacy.register import Register, read_register
from service.privacy.secret import load_secret
from service.privacy.subject import ShopperId
from service.settings import Settings
from service.storage.blocking import SqlBlockedTopics
from service.storage.database import Database, open_database
from service.storage.interactions import SqlInteractions
from service.storage.ledger import SqlLedger
from service.storage.orders import SqlOrders
from service.storage.profiles import SqlProfiles

REGISTER_FILE = "privacy.yaml"


@dataclass(frozen=True, slots=True)
class Source:
    """Baskets to learn from, and where the consent ledger ended before they were read.

    Before: what is withdrawn while they are read is taken to be unheeded, and waits for the next model. None for a file
    and for a ledger that does not verify.
    """

    gathered: Gathered
    orders_from: OrdersFrom
    ledger_head: Mapping[str, object] | None = None


def from_file(path: Path, facts: Mapping[str, ProductFacts]) -> Source:
    """The file's orders, without anybody in them; raises `OrderFileRefused`."""
    return Source(gather(order_lines(path), facts), "file")


def from_database(settings: Settings, facts: Mapping[str, ProductFacts], at: datetime) -> Source:
    """The orders of shoppers who let models learn from them, with those of their values that they released for it.

    Orders were imported, or are purchases that the shop's pages told of. Anonymous ones count if the register allows
    it, and none past its retention. Raises `Refused` for a broken register, `StorageFailed`.
    """
    register = read_register(settings.shop / REGISTER_FILE) if (settings.shop / REGISTER_FILE).is_file() else None
    with closing(open_database(settings.database_url)) as database:
        secret = load_secret(settings.secret, settings.data)
        head = _head(SqlLedger(database, Keyring.of(secret)))
        learners = Learners(secret, facts, SqlBlockedTopics(database).every(), _released(database, register, at))
        anonymous = register.anonymous_orders if register else False
        lines = SqlOrders(database).consented_lines(at=at, since=_kept_since(register, at), anonymous=anonymous)
        captured = _captured(database, register, at) if register else ()
        gathered = gather(learners.lines(lines), facts, learners.values.__getitem__, learners.captured(captured))
        return Source(gathered, "database", head)


def _released(
    database: Database, register: Register | None, at: datetime
) -> Callable[[ShopperId], Mapping[str, TraitValue]]:
    if register is None:
        return lambda _: NO_VALUES
    gate = Gate(register, SqlProfiles(database))

    def released(shopper: ShopperId) -> Mapping[str, TraitValue]:
        values = gate.view(shopper, MODEL_TRAINING, at).values
        return {name: each.value for name, each in values.items()} if values else NO_VALUES

    return released


def _captured(database: Database, register: Register, at: datetime) -> Iterable[tuple[ShopperId, Interaction]]:
    """What the register foresees to be captured and learnt from, within its retention."""
    if any(register.behaviour(ORDERS, purpose) is None for purpose in (BEHAVIOUR_CAPTURE, MODEL_TRAINING)):
        return ()
    return SqlInteractions(database).learnable(at=at, since=_kept_since(register, at))


def _kept_since(register: Register | None, at: datetime) -> datetime | None:
    """What is of that moment or before it is past its retention, purged or not; None if orders are kept for good."""
    declared = register.attributes.get(ORDERS) if register else None
    return at - timedelta(days=declared.retention_days) if declared and declared.retention_days else None


def _head(ledger: SqlLedger) -> Mapping[str, object] | None:
    try:
        head = ledger.head()
    except LedgerBroken:
        return None
    return {"position": head.position, "hash": head.hash}
