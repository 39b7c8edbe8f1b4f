"""Wordings in the database, kept for good."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, and_, select

from service.privacy.declared import Notice, ServedNotice, text_hash
from service.privacy.ledger import Fault
from service.storage.database import Database
from service.storage.tables import consent_event, notice


class SqlNotices:
    """Keeps every wording by the hash of its text."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, notices: Iterable[Notice], *, at: datetime) -> None:
        """Keep every language of every version; the first text seen stays."""
        rows = [row for each in notices for row in _rows(each, at)]
        if rows:
            with self._database.writing() as connection:
                connection.execute(self._database.insert(notice).on_conflict_do_nothing(), rows)

    def kept(self) -> tuple[ServedNotice, ...]:
        """Every wording ever kept."""
        columns = (notice.c.id, notice.c.version, notice.c.language, notice.c.hash)
        with self._database.reading() as connection:
            return tuple(ServedNotice(*row) for row in connection.execute(select(*columns).order_by(*columns)))


def rewritten(connection: Connection) -> Iterator[Fault]:
    """Notices whose kept text is not the one of its hash, or has another hash than consents were given under."""
    event, kept = consent_event.c, notice.c
    order = (kept.id, kept.version, kept.language)
    for row in connection.execute(select(notice).order_by(*order)):
        if text_hash(row.text) != row.hash:
            yield Fault(None, f"the text kept of notice {row.id} {row.version} ({row.language}) was changed")
    named = (event.notice_id, event.notice_version, event.notice_language)
    same = and_(*(one == other for one, other in zip(named, order, strict=True)))
    unlike = select(*order).join(consent_event, same).where(event.notice_hash != kept.hash).distinct()
    for row in connection.execute(unlike.order_by(*order)):
        yield Fault(None, f"entries name another text of notice {row.id} {row.version} ({row.language}) than was kept")


def _rows(each: Notice, at: datetime) -> list[dict[str, object]]:
    texts = each.kept_texts
    return [
        {
            "id": each.id,
            "version": each.version,
            "language": language,
            "hash": text_hash,
            "text": texts[language],
            "first_seen_at": at,
        }
        for language, text_hash in each.hashes.items()
    ]
