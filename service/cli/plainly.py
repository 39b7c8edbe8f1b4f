"""What went wrong, in words instead of a traceback: the errors that whoever types a command can mend."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from service.documents.problem import Refused
from service.privacy.consent import NoticeOutdated
from service.privacy.credentials import UnknownCredential
from service.privacy.ledger import LedgerBroken
from service.privacy.notices import NoticeAltered
from service.privacy.register import UnknownNotice
from service.privacy.secret import SecretUnusable
from service.settings import Settings, SettingsRefused, read_settings
from service.storage.database import StorageFailed, UnusableDatabaseUrl
from service.storage.schema import SchemaOutdated

MENDABLE = (
    LedgerBroken,
    NoticeAltered,
    NoticeOutdated,
    SchemaOutdated,
    SecretUnusable,
    SettingsRefused,
    UnknownCredential,
    UnknownNotice,
    UnusableDatabaseUrl,
)


@contextmanager
def plainly() -> Iterator[None]:
    """End with a message and exit code 1 where the caller can do something about it."""
    try:
        yield
    except Refused as refusal:
        for problem in refusal.problems:
            click.echo(str(problem), err=True)
        raise click.ClickException("the files above must be mended first") from None
    except StorageFailed as failure:
        raise click.ClickException(
            f"the database does not do what it should ({failure}); is it there, and was `begleiter db upgrade` run?"
        ) from None
    except OSError as failed:
        if failed.filename is None:
            raise  # not about a file
        raise click.ClickException(f"{failed.filename}: {failed.strerror}") from None
    except MENDABLE as mendable:
        raise click.ClickException(str(mendable)) from None


def settings() -> Settings:
    """The settings of this environment."""
    with plainly():
        return read_settings()
