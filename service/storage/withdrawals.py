"""What shoppers took back of what models may learn from, by the ledger."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from service.privacy.interactions import BEHAVIOUR_CAPTURE
from service.privacy.orders import MODEL_TRAINING
from service.privacy.payload import Payload
from service.storage.database import Database
from service.storage.tables import consent_event


class SqlWithdrawals:
    """Looks for withdrawals of consent to training, or to capturing where models learn of that, and for erasures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def has_entry(self, position: int, entry_hash: str) -> bool:
        """Whether the ledger holds this entry at this position."""
        event = consent_event.c
        found = select(event.position).where(event.position == position, event.entry_hash == entry_hash)
        with self._database.reading() as connection:
            return connection.execute(found).first() is not None

    def first_beyond(self, position: int, *, captured: bool) -> datetime | None:
        """When the first of them happened that is entered beyond this position."""
        return self._first(consent_event.c.position > position, _learnt_under(captured=captured))

    def first_after(self, moment: datetime, *, captured: bool) -> datetime | None:
        """When the first of them happened after that moment. An erased shopper may always have been learnt from."""
        return self._first(consent_event.c.at > moment, _learnt_under(captured=captured))

    def _first(self, later: ColumnElement[bool], purposes: Collection[str]) -> datetime | None:
        event = consent_event.c
        tells = or_(*(event.payload.contains(f'"{purpose}"', autoescape=True) for purpose in purposes))
        entries = (
            select(event.kind, event.at, event.payload)
            .where(later, or_(event.kind == "erasure", tells))
            .order_by(event.position)
        )
        with self._database.reading() as connection:
            for kind, at, payload in connection.execute(entries):
                if kind == "erasure" or _takes_back(payload, purposes):
                    return at  # type: ignore[no-any-return]  # a column of moments
        return None


def _learnt_under(*, captured: bool) -> Collection[str]:
    return (MODEL_TRAINING, BEHAVIOUR_CAPTURE) if captured else (MODEL_TRAINING,)


def _takes_back(payload: str, purposes: Collection[str]) -> bool:
    decided = (effect.decided for effect in Payload.read(payload).effects)
    return any(each.purpose in purposes and each.outcome == "withdrawn" for each in decided)
