"""A canary in every column, over HTTP: never in a log line, and after an erasure in no file and no reply of anybody."""

import pytest
from sqlalchemy import select

from service.storage import tables
from service.storage.database import open_database
from service.storage.personal import personal_tables
from tests.api.test_me import given, write_uses
from tests.canaries import LOOKED_FOR, a_row_of_canaries, canary, contents, found

MINE = [each for each in LOOKED_FOR if str(each) not in {"consent_event.payload", "shopper.created_at"}]
"""What this test can put there by hand; the other two have canaries in tests/storage/test_every_column.py."""
SUBJECTS = {str(each) for each in MINE if each.info["personal"] == "subject"}
"""A reference has one pseudonym: who comes back under it has the same, and their own copy tells it."""


class Me:
    """Somebody by their pseudonym, and where traces of theirs are looked for."""

    def __init__(self, subject, folder, log):
        self.subject, self.folder, self.log = subject, folder, log

    def in_files(self):
        return found(MINE, self.subject, *contents(path for path in sorted(self.folder.rglob("*")) if path.is_file()))

    def in_log(self):
        return found(MINE, self.subject, self.log.getvalue())

    def in_replies(self, replies):
        return found(MINE, self.subject, *(reply.data for reply in replies))


@pytest.fixture
def me(api, shopper, keys, folder, log_stream):
    """Somebody who used the service, with a canary beside in every column."""
    given(api, shopper, keys)
    database = open_database(f"sqlite:///{folder / 'begleiter.sqlite3'}")
    with database.writing() as connection:
        subject = connection.execute(select(tables.shopper.c.id)).scalar()
        named = {
            "consent_grant": {"event_id": connection.execute(select(tables.consent_grant.c.event_id)).scalar()},
            "handover": {"session_id": canary(tables.session.c.id)},
            "credential": {"scope": "shopper", "acting": "minor", "session_id": None},
        }
        for table, _ in personal_tables():
            if table not in (tables.shopper, tables.consent_event):
                connection.execute(table.insert(), a_row_of_canaries(table, subject, named.get(table.name, {})))
    database.close()
    return Me(subject, folder, log_stream)


def everything_asked(api, token, keys):
    """What a shopper may see and do, and what the shop may do for them."""
    for path in (
        "/v1/me/data",
        "/v1/me/export",
        "/v1/me/export?format=csv",
        "/v1/me/consents",
        "/v1/me/blocked-topics",
    ):
        yield api.get(path, token=token)
    yield api.post("/v1/advice", {"questionnaire": "road-bike"}, token=token)
    yield api.post("/v1/cross-sell", {"basket": ["RB-1-54"]}, token=token)
    started = api.post("/v1/sessions", {"questionnaire": "road-bike"}, token=token)
    yield started
    yield api.post(f"/v1/sessions/{started.json['id']}/handover", token=started.json["token"])
    yield api.post("/v1/interactions", {"kind": "view", "sku": "PD-1"}, token=token)
    yield api.put("/v1/shoppers/customer-1/attributes", {"values": []}, token=keys["shop"])


def told_to_others(api, keys):
    """What the operator, the shop, and who comes next under the same reference are told."""
    for path in ("/metrics", "/ready", "/v1/audit/head", "/v1/models", "/v1/insights/road-bike"):
        yield api.get(path, token=None if path in ("/metrics", "/ready") else keys["operator"])
    yield api.get("/v1/questionnaires/road-bike")
    again = api.post("/v1/shoppers/customer-1/tokens", token=keys["shop"]).json["token"]
    for path in ("/v1/me/data", "/v1/me/export", "/v1/me/export?format=csv", "/v1/me/consents"):
        yield api.get(path, token=again)


def test_no_column_is_told_by_a_log_line_ever_nor_by_anything_after_an_erasure(api, shopper, keys, me):
    assert me.in_files() == set(map(str, MINE))
    taken_along = me.in_replies(everything_asked(api, shopper, keys))
    write_uses(api)
    assert "order_line.sku" in taken_along

    assert api.delete("/v1/me", token=shopper).status_code == 202

    assert me.in_log() == set()
    assert me.in_files() == set()
    assert me.in_replies(told_to_others(api, keys)) <= SUBJECTS
