"""Sessions in the database: answers as JSON, changed under a lock so that two writers both keep theirs."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import BigInteger, Connection, bindparam, delete, insert, or_, select, type_coerce, update

from service.advice.session import Session, UnknownSession
from service.privacy.credentials import Credential, fingerprint
from service.privacy.subject import ShopperId
from service.storage.columns import micros, moment
from service.storage.credentials import credential_row
from service.storage.database import Database
from service.storage.shoppers import locked
from service.storage.tables import credential, session, shopper

Answers = Mapping[str, object]


class SqlSessions:
    """Keeps sessions; a token opens one through its hash."""

    def __init__(self, database: Database) -> None:
        self._database = database
        at = bindparam("at", type_=BigInteger)
        ends = type_coerce(credential.c.expires_at, BigInteger)
        self._by_token = database.prepare(
            select(session, shopper.c.mark)
            .join(credential, credential.c.session_id == session.c.id)
            .outerjoin(shopper, shopper.c.id == session.c.shopper_id)
            .where(
                credential.c.token_hash == bindparam("token_hash"),
                credential.c.scope == "session",
                credential.c.revoked_at.is_(None),
                or_(ends.is_(None), ends > at),
                type_coerce(session.c.expires_at, BigInteger) > at,
            )
        )

    def start(self, new: Session, token: str) -> None:
        """Keep a new session, opened by the token; raises UnknownShopper."""
        with self._database.writing() as connection:
            if new.subject is not None:
                locked(connection, new.subject)
            put_session(connection, new, token)

    def find(self, session_id: str, token: str, *, at: datetime) -> Session:
        """The session that this token opens; raises UnknownSession."""
        rows = self._by_token({"token_hash": fingerprint(token), "at": micros(at)})
        found = _from_driver(rows[0]) if rows else None
        if found is None or found.id != session_id:
            raise UnknownSession
        return found

    def answer(self, session_id: str, question: str, value: object, *, at: datetime) -> Session:
        """The session with one more or another answer (raw JSON); raises UnknownSession."""
        return self._change(session_id, lambda answers: {**answers, question: value}, at)

    def take_back(self, session_id: str, question: str, *, at: datetime) -> Session:
        """The session without the answer, which need not exist; raises UnknownSession."""
        return self._change(session_id, lambda answers: {k: v for k, v in answers.items() if k != question}, at)

    def move_on(self, session_id: str, version: str, outdated: Collection[str]) -> None:
        """Let the session belong to another version, without the answers that are outdated; gone is no error."""
        mine = session.c.id == session_id
        with self._database.writing() as connection:
            row = connection.execute(select(session).where(mine).with_for_update()).first()
            if row is not None:
                kept = {k: v for k, v in orjson.loads(row.answers).items() if k not in outdated}
                moved = {"version": version, "answers": orjson.dumps(kept).decode(), "revision": row.revision + 1}
                connection.execute(update(session).where(mine).values(**moved))

    def end_expired(self, *, at: datetime, at_most: int) -> Sequence[Session]:
        """Forget sessions whose time is over, and hand each of them to one caller only."""
        over = select(session.c.id).where(session.c.expires_at <= at).order_by(session.c.expires_at).limit(at_most)
        forget = delete(session).where(session.c.id.in_(over.with_for_update(skip_locked=True))).returning(session)
        with self._database.reading() as connection:
            if connection.execute(over.limit(1)).first() is None:
                return ()  # nothing to do needs no lock
        with self._database.writing() as connection:
            return tuple(as_session(row) for row in map(dict, connection.execute(forget).mappings()))

    def end(self, session_id: str) -> None:
        """Forget the session and every token that opens it; one that is gone already is no error."""
        with self._database.writing() as connection:
            connection.execute(delete(session).where(session.c.id == session_id))

    def _change(self, session_id: str, change: Callable[[Answers], Answers], at: datetime) -> Session:
        mine = (session.c.id == session_id) & (session.c.expires_at > at)
        with self._database.writing() as connection:
            row = connection.execute(select(session).where(mine).with_for_update()).first()
            if row is None:
                raise UnknownSession
            answers = orjson.dumps(change(orjson.loads(row.answers))).decode()
            changed = {"answers": answers, "touched_at": at, "revision": row.revision + 1}
            connection.execute(update(session).where(session.c.id == session_id).values(**changed))
        return as_session({**row._mapping, **changed})  # noqa: SLF001  SQLAlchemy's public name for it


def put_session(connection: Connection, new: Session, token: str) -> None:
    """Keep a new session and the token that opens it; its shopper, if any, is locked by now."""
    kept = fingerprint(token)
    opens = Credential(uuid4().hex, "session", kept, new.created_at, expires_at=new.expires_at, session=new.id)
    connection.execute(insert(session), _row(new))
    connection.execute(insert(credential), credential_row(opens))


def _row(new: Session) -> dict[str, object]:
    return {
        "id": new.id,
        "shopper_id": new.subject,
        "questionnaire": new.questionnaire,
        "version": new.version,
        "locale": new.locale,
        "channel": new.channel,
        "answers": orjson.dumps(dict(new.answers)).decode(),
        "created_at": new.created_at,
        "touched_at": new.touched_at,
        "expires_at": new.expires_at,
        "revision": new.revision,
        "handed_over": new.handed_over,
    }


def _from_driver(row: Sequence[Any]) -> Session:
    named = dict(zip((*session.c.keys(), "mark"), row, strict=True))
    moments = {name: moment(named[name]) for name in ("created_at", "touched_at", "expires_at")}
    return as_session({**named, **moments})


def as_session(row: Mapping[str, Any]) -> Session:
    """A session as its row tells it."""
    subject = row["shopper_id"]
    return Session(
        id=row["id"],
        questionnaire=row["questionnaire"],
        version=row["version"],
        locale=row["locale"],
        channel=row["channel"],
        answers=orjson.loads(row["answers"]),
        subject=None if subject is None else ShopperId(subject),
        created_at=row["created_at"],
        touched_at=row["touched_at"],
        expires_at=row["expires_at"],
        revision=row["revision"],
        mark=row.get("mark"),
        handed_over=row["handed_over"],
    )
