"""Handover codes in the database: used up by whoever comes first, and wrong ones counted over all workers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection, case, select, update

from service.advice.handover import (
    CODES_AN_HOUR,
    GOOD_FOR,
    HOUR,
    WRONG_CODES,
    WRONG_CODES_WITHIN,
    TooManyCodes,
    TooManyGuesses,
    UnknownCode,
    part_of,
)
from service.advice.session import Session, UnknownSession
from service.privacy.view import ShopperId
from service.storage.columns import EPOCH
from service.storage.database import Database
from service.storage.sessions import as_session, put_session
from service.storage.shoppers import locked
from service.storage.tables import handover, session, wrong_code


class SqlHandovers:
    """Keeps the codes of sessions: one row for each session that was handed over."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def offer(self, session_id: str, code_hash: str, *, at: datetime) -> datetime:
        """Let this code hand the session over, and say until when; raises UnknownSession, TooManyCodes."""
        mine = (session.c.id == session_id) & (session.c.expires_at > at)
        with self._database.writing() as connection:
            whose = connection.execute(select(session.c.shopper_id).where(mine).with_for_update()).first()
            if whose is None:
                raise UnknownSession
            since, made = _made(connection, session_id, at)
            row = {"code_hash": code_hash, "expires_at": at + GOOD_FOR, "since": since, "made": made + 1}
            new = self._database.insert(handover).values(session_id=session_id, shopper_id=whose.shopper_id, **row)
            connection.execute(new.on_conflict_do_update(index_elements=[handover.c.session_id], set_=row))
        return at + GOOD_FOR

    def redeem(
        self, code_hash: str, begin: Callable[[Session], Session], token: str, *, by: ShopperId | None, at: datetime
    ) -> Session:
        """Use the code up for a new session; raises UnknownCode, TooManyGuesses, UnknownShopper."""
        with self._database.writing() as connection:
            if by is not None:
                locked(connection, by)
            part = part_of(code_hash)
            self._count_a_guess(connection, part, at)
            handed = _used_up(connection, code_hash, at)
            if handed is not None:
                wrong = update(wrong_code).where(wrong_code.c.part == part)
                connection.execute(wrong.values(count=wrong_code.c.count - 1))
                new = begin(handed)
                put_session(connection, new, token)
        if handed is None:
            raise UnknownCode  # only now: that a guess was made must stay
        return new

    def _count_a_guess(self, connection: Connection, part: str, at: datetime) -> None:
        """Count it as a wrong one until it proves right; whoever counts keeps others of its part waiting."""
        window = at - (at - EPOCH) % WRONG_CODES_WITHIN
        one = self._database.insert(wrong_code).values(part=part, since=window, count=1)
        further = case((wrong_code.c.since == window, wrong_code.c.count + 1), else_=1)
        counted = one.on_conflict_do_update(
            index_elements=[wrong_code.c.part], set_={"since": window, "count": further}
        ).returning(wrong_code.c.count)
        if connection.execute(counted).scalar_one() > WRONG_CODES:
            raise TooManyGuesses(_seconds(window + WRONG_CODES_WITHIN - at))


def _made(connection: Connection, session_id: str, at: datetime) -> tuple[datetime, int]:
    """Since when this hour is counted and how many codes it saw; raises TooManyCodes."""
    counted = select(handover.c.since, handover.c.made).where(handover.c.session_id == session_id)
    row = connection.execute(counted).first()
    if row is None or row.since + HOUR <= at:
        return at, 0
    if row.made >= CODES_AN_HOUR:
        raise TooManyCodes(_seconds(row.since + HOUR - at))
    return row.since, row.made


def _used_up(connection: Connection, code_hash: str, at: datetime) -> Session | None:
    """The session of this code, which opens nothing from here on; locked before its code, as by who offers one."""
    good = (handover.c.code_hash == code_hash) & (handover.c.expires_at > at)
    found = connection.execute(select(handover.c.session_id).where(good)).scalar()
    its = (session.c.id == found) & (session.c.expires_at > at)
    row = connection.execute(select(session).where(its).with_for_update()).mappings().first()
    used = connection.execute(update(handover).where(good).values(code_hash=None)).rowcount
    if row is None or not used:
        return None
    connection.execute(update(session).where(its).values(handed_over=session.c.revision))
    return as_session(dict(row))


def _seconds(time: timedelta) -> int:
    return max(1, ceil(time.total_seconds()))
