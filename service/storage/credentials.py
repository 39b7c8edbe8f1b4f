"""Credentials in the database: hashes of tokens and what they stand for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, insert, select, update

from service.privacy.credentials import Credential, Scope, UnknownCredential
from service.privacy.subject import ShopperId
from service.storage.columns import moment
from service.storage.database import Database
from service.storage.shoppers import locked
from service.storage.tables import credential, shopper

_COLUMNS = (
    credential.c.id,
    credential.c.scope,
    credential.c.token_hash,
    credential.c.created_at,
    credential.c.expires_at,
    credential.c.revoked_at,
    credential.c.shopper_id,
    credential.c.session_id,
    credential.c.label,
    credential.c.acting,
)


class SqlCredentials:
    """Keeps credentials."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._find = database.prepare(
            select(*_COLUMNS, shopper.c.mark)
            .select_from(credential.outerjoin(shopper, shopper.c.id == credential.c.shopper_id))
            .where(credential.c.token_hash == bindparam("token_hash"))
        )

    def add(self, new: Credential) -> None:
        """Keep a new one; raises UnknownShopper."""
        with self._database.writing() as connection:
            if new.subject is not None:
                locked(connection, new.subject)
            connection.execute(insert(credential), credential_row(new))

    def find(self, token_hash: str) -> Credential | None:
        """The one with this hash."""
        rows = self._find({"token_hash": token_hash})
        return _from_driver(rows[0]) if rows else None

    def all(self, *scopes: Scope) -> tuple[Credential, ...]:
        """Those of the scopes, oldest first."""
        wanted = select(*_COLUMNS).where(credential.c.scope.in_(scopes))
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(credential.c.created_at, credential.c.id))
            return tuple(Credential(*tuple(row)) for row in rows)

    def revoke(self, credential_id: str, *, at: datetime) -> None:
        """End it now; a second time changes nothing. Raises UnknownCredential."""
        mine = credential.c.id == credential_id
        with self._database.writing() as connection:
            if not connection.execute(select(exists().where(mine))).scalar():
                raise UnknownCredential
            connection.execute(update(credential).where(mine, credential.c.revoked_at.is_(None)).values(revoked_at=at))


def credential_row(new: Credential) -> dict[str, object]:
    """A credential as a row."""
    return {
        "id": new.id,
        "scope": new.scope,
        "token_hash": new.token_hash,
        "shopper_id": new.subject,
        "session_id": new.session,
        "label": new.label,
        "acting": new.acting,
        "created_at": new.created_at,
        "expires_at": new.expires_at,
        "revoked_at": new.revoked_at,
    }


def _from_driver(row: Sequence[Any]) -> Credential:
    name, scope, token_hash, created, expires, revoked, subject, session, label, acting, mark = row
    return Credential(
        id=name,
        scope=scope,
        token_hash=token_hash,
        created_at=moment(created),
        expires_at=None if expires is None else moment(expires),
        revoked_at=None if revoked is None else moment(revoked),
        subject=None if subject is None else ShopperId(subject),
        session=session,
        label=label,
        acting=acting,
        mark=mark,
    )
