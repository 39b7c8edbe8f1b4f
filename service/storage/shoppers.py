"""Shoppers in the database: nothing but their pseudonyms."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from service.privacy.shoppers import UnknownShopper
from service.privacy.subject import ShopperId
from service.storage.database import Database
from service.storage.tables import shopper


class SqlShoppers:
    """Which pseudonyms are known."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known = database.prepare(select(shopper.c.id).where(shopper.c.id == bindparam("id")))

    def ensure(self, shopper_id: ShopperId, *, at: datetime) -> None:
        """Make the shopper known; one who is already stays as they are."""
        with self._database.writing() as connection:
            new = self._database.insert(shopper).values(id=shopper_id, created_at=at)
            connection.execute(new.on_conflict_do_nothing())

    def is_known(self, shopper_id: ShopperId) -> bool:
        """Whether anything may be kept under this pseudonym."""
        return bool(self._known({"id": shopper_id}))


def locked(connection: Connection, shopper_id: ShopperId) -> None:
    """Keep every other writer of this shopper waiting until the transaction ends; raises UnknownShopper."""
    found = connection.execute(select(shopper.c.id).where(shopper.c.id == shopper_id).with_for_update()).first()
    if found is None:
        raise UnknownShopper


def locked_in_order(connection: Connection, shoppers: Iterable[ShopperId]) -> frozenset[ShopperId]:
    """Those of the shoppers that are there, locked in one order, so that two writers of several cannot entangle."""
    theirs = select(shopper.c.id).where(shopper.c.id.in_(tuple(shoppers))).order_by(shopper.c.id)
    return frozenset(map(ShopperId, connection.execute(theirs.with_for_update()).scalars()))


def all_locked(connection: Connection, shoppers: Select[Any]) -> None:
    """Lock all of these, in one order for everybody; who is not known is left out.

    Whoever changes rows of shoppers locks these first: the triggers that renew a shopper's mark need that lock anyway.
    """
    theirs = select(shopper.c.id).where(shopper.c.id.in_(shoppers)).order_by(shopper.c.id).with_for_update().subquery()
    connection.execute(select(func.count()).select_from(theirs)).scalar_one()  # the ids themselves stay where they are
