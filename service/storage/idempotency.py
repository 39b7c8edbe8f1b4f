"""Requests that must act once: kept per shopper, inside the transaction that does what they ask."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from service.privacy.idempotency import Idempotency, KeyReused
from service.privacy.subject import ShopperId
from service.storage.tables import idempotency


class SqlIdempotency:
    """Looks up and keeps keys over a connection whose transaction has locked the shopper."""

    def __init__(self, connection: Connection, subject: ShopperId) -> None:
        self._connection = connection
        self._subject = subject

    def result(self, asked: Idempotency | None) -> str | None:
        """What came of the same request before; raises KeyReused if the key stood for another one."""
        if asked is None:
            return None
        mine = (idempotency.c.shopper_id == self._subject) & (idempotency.c.key == asked.key)
        found = self._connection.execute(select(idempotency.c.request_hash, idempotency.c.result).where(mine)).first()
        if found is None:
            return None
        if found.request_hash != asked.request_hash:
            raise KeyReused
        return str(found.result)

    def keep(self, asked: Idempotency | None, result: str, *, at: datetime) -> None:
        """Remember what came of the request, in place of what came of it before."""
        if asked is not None:
            mine = (idempotency.c.shopper_id == self._subject) & (idempotency.c.key == asked.key)
            self._connection.execute(delete(idempotency).where(mine))
            row = {"shopper_id": self._subject, "key": asked.key, "request_hash": asked.request_hash}
            self._connection.execute(insert(idempotency), row | {"result": result, "at": at})
