"""Who there is in the theorem's shop: made by real calls, so that the rows are those which the service writes."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from werkzeug.test import Client

from service.api.log import open_log
from service.app import create_app
from service.privacy.credentials import issue
from service.privacy.secret import load_secret
from service.privacy.shoppers import pseudonym
from service.settings import Settings
from service.storage.credentials import SqlCredentials
from service.storage.database import open_database
from tests.builders import NOW
from tests.theorem.calls import Keys
from tests.theorem.cells import SOURCES, Row
from tests.theorem.pairs import World
from tests.theorem.state import state

PEOPLE = ("customer-1", "customer-2", "customer-3")
DRAWN = ("consent_grant", "profile_value", "order_line", "interaction", "blocked_topic")
"""Tables whose rows about a shopper every pair draws anew."""


@dataclass
class Maker:
    """Calls the service as its shop and its shoppers do."""

    client: Client
    shop: str

    def __call__(self, method: str, path: str, token: str | None, body: object = None) -> dict[str, object]:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        reply = self.client.open(path, method=method, headers=headers, **sent)
        assert reply.status_code < 300, (path, reply.data)
        return json.loads(reply.data)

    def token(self, ref: str) -> str:
        return self("POST", f"/v1/shoppers/{ref}/tokens", self.shop)["token"]


def a_world(settings: Settings, template: Path, folder: Path) -> tuple[World, Keys]:
    """Three shoppers who decided something, sessions of theirs and of a guest, and what opens all that."""
    path = folder / "world.sqlite3"
    shutil.copy(template, path)
    given = {name: getattr(settings, name) for name in settings.__slots__}
    settings = Settings(**(given | {"database_url": f"sqlite:///{path}"}))
    time = iter_clock()
    database = open_database(settings.database_url)
    shop = issue(SqlCredentials(database), "shop", at=NOW).token
    database.close()
    with (folder / "world.log").open("wb") as log:
        make = Maker(Client(create_app(settings, log=open_log("error", log), clock=time)), shop)
        keys = _people(make, time)
    subjects = {ref: pseudonym(load_secret(settings.secret, settings.data), ref) for ref in PEOPLE}
    rows = _all_rows(path)
    events = {row["shopper_id"]: row["id"] for row in rows["consent_event"] if row["shopper_id"]}
    base = state({table: found for table, found in rows.items() if table not in DRAWN})
    me, *others = (subjects[ref] for ref in PEOPLE)
    return World(me, tuple(others), events, base), keys


class iter_clock:  # noqa: N801 - a function with a memory
    """Tells the moment that was set."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


def _people(make: Maker, time: iter_clock) -> Keys:
    time.now = NOW - timedelta(hours=2)
    tokens, sessions = {"expired": make.token(PEOPLE[0]), "shop": make.shop}, {}
    for ref in PEOPLE:
        time.now = NOW - timedelta(minutes=50)
        token = make.token(ref)
        time.now = NOW - timedelta(minutes=40)
        make("POST", "/v1/me/consent-events", token, _everything(given=True))
        for source in ("crm", "shopper"):
            make("PUT", f"/v1/shoppers/{ref}/attributes", make.shop, {"values": [_height(source)]})
        make("POST", "/v1/me/consent-events", token, _everything(given=False))
        started = make("POST", "/v1/sessions", token, {"questionnaire": "bike"})
        who = {"customer-1": ("me", "my_session"), "customer-2": ("they", "their_session")}.get(ref)
        if who:
            tokens |= {who[0]: token, who[1]: started["token"]}
            sessions[who[1]] = started["id"]
    guest = make("POST", "/v1/sessions", None, {"questionnaire": "bike"})
    tokens["guest_session"], sessions["guest_session"] = guest["token"], guest["id"]
    for name in ("my_session", "guest_session"):
        where = f"/v1/sessions/{sessions[name]}/answers/budget"
        make("PUT", where, tokens[name], {"value": {"to": 2000}})
    time.now = NOW - timedelta(minutes=5)
    for code, name in (("my_code", "my_session"), ("guest_code", "guest_session")):
        sessions[code] = make("POST", f"/v1/sessions/{sessions[name]}/handover", tokens[name])["code"]
    return Keys(tokens, sessions)


def _everything(*, given: bool) -> dict[str, object]:
    decisions = [
        {"attribute": attribute, "purpose": purpose, "given": given}
        for attribute in SOURCES
        for purpose in ("advice_profile", "cross_sell")
        if (attribute, purpose) not in (("has_basket", "cross_sell"), ("night_rider", "advice_profile"))
    ]
    return {"notice": {"id": "profile", "version": "2", "language": "de"}, "decisions": decisions}


def _height(source: str) -> dict[str, object]:
    when = (NOW - timedelta(days=3)).isoformat()
    return {"attribute": "height_cm", "value": 171, "source": source, "source_ref": "17", "collected_at": when}


def _all_rows(path: Path) -> dict[str, list[Row]]:
    raw = sqlite3.connect(path)
    raw.row_factory = sqlite3.Row
    try:
        return {table: [dict(row) for row in raw.execute(f"SELECT * FROM {table}")] for table in _tables(raw)}
    finally:
        raw.close()


def _tables(raw: sqlite3.Connection) -> Iterator[str]:
    wanted = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return (row[0] for row in raw.execute(wanted).fetchall() if row[0] != "alembic_version")
