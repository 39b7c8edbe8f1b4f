"""What the operator sets: every BEGLEITER_* variable, read once and frozen."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import cast

from environs import Env, EnvValidationError, ValidationError, validate

LOG_LEVELS = ("debug", "info", "warning", "error")
ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")
HIGHEST_PORT = 65535


class SettingsRefused(Exception):
    """A variable has a value that Begleiter cannot use; the message names every such variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration of one process; paths may be relative to where it was started."""

    shop: Path = Path("shop")
    questionnaires: Path = Path("questionnaires")
    data: Path = Path("var")
    database_url: str = "sqlite:///var/begleiter.sqlite3"
    origins: tuple[str, ...] = ()
    log_level: str = "info"
    demo: bool = False
    session_hours: int = 48
    reload_seconds: float = 1.0
    feed_may_lose: int = 30
    withdrawal_days: int = 30
    secret: str | None = field(default=None, repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1

    @property
    def models(self) -> Path:
        """The folder of the published artefacts and the pointer to the one in service."""
        return self.data / "models"

    @property
    def session_lifetime(self) -> timedelta:
        """How long a stored session may rest before it is forgotten."""
        return timedelta(hours=self.session_hours)


def read_settings() -> Settings:
    """The settings that the environment names, with defaults for the rest.

    Raises:
        SettingsRefused: naming every variable that cannot be used, without its value.
    """
    env = Env(eager=False)
    shipped = Settings()
    data = env.path("BEGLEITER_DATA", shipped.data)
    settings = Settings(
        shop=env.path("BEGLEITER_SHOP", shipped.shop),
        questionnaires=env.path("BEGLEITER_QUESTIONNAIRES", shipped.questionnaires),
        data=data,
        database_url=env.str("BEGLEITER_DATABASE_URL", f"sqlite:///{data or shipped.data}/begleiter.sqlite3"),
        origins=tuple(env.list("BEGLEITER_ORIGINS", [], subcast=str.strip, validate=_are_origins) or ()),
        log_level=env.str("BEGLEITER_LOG_LEVEL", shipped.log_level, validate=validate.OneOf(LOG_LEVELS)),
        demo=env.bool("BEGLEITER_DEMO", shipped.demo),
        session_hours=env.int("BEGLEITER_SESSION_HOURS", shipped.session_hours, validate=validate.Range(min=1)),
        reload_seconds=env.float("BEGLEITER_RELOAD_SECONDS", shipped.reload_seconds, validate=validate.Range(min=0)),
        withdrawal_days=env.int("BEGLEITER_WITHDRAWAL_DAYS", shipped.withdrawal_days, validate=validate.Range(min=0)),
        feed_may_lose=env.int("BEGLEITER_FEED_MAY_LOSE", shipped.feed_may_lose, validate=validate.Range(0, 100)),
        secret=env.str("BEGLEITER_SECRET", None),
        host=env.str("BEGLEITER_HOST", shipped.host),
        port=env.int("PORT", shipped.port, validate=validate.Range(1, HIGHEST_PORT)),
        workers=env.int("WEB_CONCURRENCY", os.cpu_count() or 1, validate=validate.Range(min=1)),
    )
    try:
        env.seal()
    except EnvValidationError as wrong:
        by_name = cast("Mapping[str, list[str]]", wrong.error_messages)
        raise SettingsRefused("; ".join(f"{name}: {' '.join(said)}" for name, said in by_name.items())) from None
    return settings


def _are_origins(origins: list[str]) -> None:
    if not all(ORIGIN.fullmatch(origin) for origin in origins):
        raise ValidationError("An origin is a scheme and a host, as in https://shop.example; '*' is not taken.")
