"""Wordings in the database, kept for good."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from service.privacy.declared import Notice, ServedNotice
from service.storage.database import Database
from service.storage.tables import notice


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
