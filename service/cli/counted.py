"""What the service's database counted of a questionnaire's dialogues, for a command that can do without it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.advice.compiled import Compiled
from service.advice.figures import figures_of
from service.advice.funnel import Funnel, funnel_of
from service.cli.plainly import plainly, settings
from service.settings import Settings
from service.storage.database import open_database
from service.storage.insights import SqlInsights
from service.storage.schema import schema_is_current

DAYS = timedelta(days=30)
_FILE = "sqlite:///"


def counted_funnel(compiled: Compiled, locale: str) -> Funnel | None:
    """The funnel of the last thirty days; None without a database of this version, or where it counted nothing."""
    found = settings()
    if not _may_be_there(found):
        return None
    until = datetime.now(UTC).date()
    with plainly():
        database = open_database(found.database_url)
        try:
            if not schema_is_current(database):
                return None
            counted = list(SqlInsights(database).read(compiled.questionnaire.id, until - DAYS, until))
        finally:
            database.close()
    return funnel_of(compiled, figures_of(counted), until - DAYS, until, locale) if counted else None


def _may_be_there(found: Settings) -> bool:
    """False for a file that is missing: looking at it must not make it."""
    url = found.database_url
    return not url.startswith(_FILE) or Path(url.removeprefix(_FILE).partition("?")[0]).is_file()
