"""What versions of questionnaires asked, in the database, kept for good."""

from datetime import datetime

import orjson
from sqlalchemy import select

from service.advice.versions import Fingerprints
from service.storage.database import Database
from service.storage.tables import questionnaire_version as table


class SqlVersions:
    """Keeps each version once; several workers may do so at the same time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, questionnaire: str, version: str, questions: Fingerprints, *, at: datetime) -> None:
        """Remember a version; the first that was seen stays."""
        row = {
            "questionnaire": questionnaire,
            "version": version,
            "questions": orjson.dumps(dict(questions)).decode(),
            "first_seen_at": at,
        }
        with self._database.writing() as connection:
            connection.execute(self._database.insert(table).on_conflict_do_nothing(), row)

    def find(self, questionnaire: str, version: str) -> Fingerprints | None:
        """The version's questions, None if it was never kept."""
        mine = (table.c.questionnaire == questionnaire) & (table.c.version == version)
        with self._database.reading() as connection:
            found = connection.execute(select(table.c.questions).where(mine)).scalar()
        return None if found is None else orjson.loads(found)
