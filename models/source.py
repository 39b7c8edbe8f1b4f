"""Where a model may learn from: consented orders and values of the database, or a file that somebody vouches for."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from models.baskets import Gathered, ProductFacts
from models.gathering import gather
from models.order_file import order_lines
from service.cross_sell.traits import TraitValue
from service.privacy.gate import Gate
from service.privacy.ledger import Keyring, LedgerBroken
from service.privacy.orders import MODEL_TRAINING
from service.privacy.register import read_register
from service.privacy.secret import load_secret
from service.privacy.subject import ShopperId
from service.settings import Settings
from service.storage.database import open_database
from service.storage.ledger import SqlLedger
from service.storage.orders import SqlOrders
from service.storage.profiles import SqlProfiles

REGISTER_FILE = "privacy.yaml"


@dataclass(frozen=True, slots=True)
class Source:
    """Baskets to learn from, and where the consent ledger ended before they were read (None for a file).

    Before: what is withdrawn while they are read is taken to be unheeded, and waits for the next model.
    """

    gathered: Gathered
    ledger_head: Mapping[str, object] | None = None


def from_file(path: Path, facts: Mapping[str, ProductFacts]) -> Source:
    """The file's orders, without anybody in them; raises `OrderFileRefused`."""
    return Source(gather(order_lines(path), facts))


def from_database(settings: Settings, facts: Mapping[str, ProductFacts], at: datetime) -> Source:
    """The orders of shoppers who let models learn from them, with those of their values that they released for it.

    Anonymous orders count if the register allows them. Raises `Refused` for a broken register, `StorageFailed`.
    """
    register = read_register(settings.shop / REGISTER_FILE) if (settings.shop / REGISTER_FILE).is_file() else None
    with closing(open_database(settings.database_url)) as database:
        gate = Gate(register, SqlProfiles(database)) if register else None

        @cache
        def values_of(shopper: ShopperId) -> Mapping[str, TraitValue]:
            view = gate.view(shopper, MODEL_TRAINING, at) if gate else None
            return {name: each.value for name, each in view.values.items()} if view else {}

        head = _head(SqlLedger(database, Keyring.of(load_secret(settings.secret, settings.data))))
        lines = SqlOrders(database).consented_lines(at=at, anonymous=register.anonymous_orders if register else False)
        return Source(gather(lines, facts, values_of), head)


def _head(ledger: SqlLedger) -> Mapping[str, object] | None:
    try:
        head = ledger.head()
    except LedgerBroken:
        return None
    return {"position": head.position, "hash": head.hash}
