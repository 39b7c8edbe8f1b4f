"""Consent events at their limits: bundles, minors and guardians, and browsers that opt out (Sec-GPC: 1)."""

import json
import sqlite3

import pytest

from tests.builders import DAY, NOW

ONE = {"attribute": "height_cm", "purpose": "advice_profile", "given": True}
GIVE = {"notice": {"id": "profile", "version": "2", "language": "de"}, "decisions": [ONE]}
WITHDRAW = GIVE | {"decisions": [ONE | {"given": False}]}
VALUE = {
    "attribute": "height_cm",
    "value": 178,
    "source": "crm",
    "source_ref": "c1",
    "collected_at": (NOW - DAY).isoformat(),
}
ASK = {"questionnaire": "road-bike", "answers": {"budget": {"to": 2000}, "use": ["daily"]}}
GPC = [
    [("Sec-GPC", "1")],
    [("Sec-GPC", "0"), ("Sec-GPC", "1")],
    [("Sec-GPC", "1"), ("Sec-GPC", "1")],
    [("sec-gpc", " 1 ")],
    [("Sec-GPC", "0, 1")],
]


def body(reply):
    return json.loads(reply.data)


def problem(reply):
    return reply.status_code, body(reply)["type"]


def outcomes(reply):
    return [each["outcome"] for each in body(reply)["decisions"]]


def token(api, keys, **who):
    return body(api.post("/v1/shoppers/customer-1/tokens", who or None, token=keys["shop"]))["token"]


def stored(folder):
    connection = sqlite3.connect(folder / "begleiter.sqlite3")
    tables = ("consent_event", "consent_grant", "profile_value", "session", "idempotency", "shopper")
    rows = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
    connection.close()
    return rows


@pytest.mark.parametrize("changed", [{"attribute": ["height_cm"]}, {"purpose": "*"}, {"purposes": ["advice_profile"]}])
def test_a_bundle_is_told_as_one(api, shopper, changed):
    reply = api.post("/v1/me/consent-events", GIVE | {"decisions": [ONE | changed]}, token=shopper)

    assert problem(reply) == (422, "/problems/consent/bundled")
    assert body(reply)["errors"][0]["pointer"] == "/decisions/0"
    assert api.get("/problems/consent/bundled").status_code == 200


def test_a_minor_withdraws_and_does_not_give(api, keys):
    minor, guardian = token(api, keys, age=15), token(api, keys, age=15, guardian=True)

    assert problem(api.post("/v1/me/consent-events", GIVE, token=minor)) == (403, "/problems/guardian-needed")
    assert outcomes(api.post("/v1/me/consent-events", GIVE, token=guardian)) == ["given"]
    assert outcomes(api.post("/v1/me/consent-events", WITHDRAW, token=minor)) == ["withdrawn"]


def test_the_ledger_says_that_a_guardian_gave(api, keys):
    guardian = token(api, keys, age=12, guardian=True)
    api.post("/v1/me/consent-events", GIVE, token=guardian)

    (event,) = body(api.get("/v1/me/export", token=guardian))["records"]["consent_event"]

    assert event["payload"]["by"] == "guardian"


def test_who_is_old_enough_or_of_unknown_age_gives_alone(api, keys):
    for who in ({}, {"age": 16}, {"age": None}):
        assert api.post("/v1/me/consent-events", GIVE, token=token(api, keys, **who)).status_code == 201


@pytest.mark.parametrize("sent", [{"age": "15"}, {"age": -1}, {"age": 15.5}, {"guardian": "yes"}, {"birth": "2012"}])
def test_an_age_is_a_whole_number(api, keys, sent):
    assert api.post("/v1/shoppers/customer-1/tokens", sent, token=keys["shop"]).status_code == 422


@pytest.mark.parametrize("headers", GPC)
def test_a_browser_that_opts_out_gets_what_a_guest_gets_byte_for_byte(api, shopper, keys, headers):
    api.post("/v1/me/consent-events", GIVE, token=shopper)
    api.put("/v1/shoppers/customer-1/attributes", {"values": [VALUE]}, token=keys["shop"])
    guest, known = api.post("/v1/advice", ASK), api.post("/v1/advice", ASK, token=shopper)

    restricted = api.post("/v1/advice", ASK, headers=[*headers, ("Authorization", f"Bearer {shopper}")])

    assert known.data != guest.data
    assert restricted.data == guest.data
    cross_sell = {"basket": ["RB-1-54"]}
    assert (
        api.post("/v1/cross-sell", cross_sell, headers=[*headers, ("Authorization", f"Bearer {shopper}")]).data
        == api.post("/v1/cross-sell", cross_sell).data
    )


def test_any_other_value_opts_nobody_out(api, shopper, keys):
    api.post("/v1/me/consent-events", GIVE, token=shopper)
    api.put("/v1/shoppers/customer-1/attributes", {"values": [VALUE]}, token=keys["shop"])
    known = api.post("/v1/advice", ASK, token=shopper).data

    for value in ("0", "", "true", "11"):
        assert api.post("/v1/advice", ASK, token=shopper, headers=[("Sec-GPC", value)]).data == known


def test_a_session_goes_on_without_the_profile_where_the_browser_opts_out(api, shopper, keys):
    api.post("/v1/me/consent-events", GIVE, token=shopper)
    api.put("/v1/shoppers/customer-1/attributes", {"values": [VALUE]}, token=keys["shop"])
    session = body(api.post("/v1/sessions", {"questionnaire": "road-bike"}, token=shopper))

    state = body(api.get(f"/v1/sessions/{session['id']}", token=session["token"], headers=[("Sec-GPC", "1")]))

    assert session["state"]["prefilled"]
    assert state["prefilled"] == {}


def test_a_browser_that_opts_out_gives_nothing_and_stores_nothing(api, shopper, folder):
    before = stored(folder)

    reply = api.post("/v1/me/consent-events", GIVE, token=shopper, headers=[("Sec-GPC", "1")])

    assert problem(reply) == (409, "/problems/opted-out")
    assert stored(folder) == before


def test_a_browser_that_opts_out_may_withdraw(api, shopper):
    api.post("/v1/me/consent-events", GIVE, token=shopper)

    reply = api.post("/v1/me/consent-events", WITHDRAW, token=shopper, headers=[("Sec-GPC", "1")])

    assert outcomes(reply) == ["withdrawn"]


def test_a_session_begun_while_opting_out_is_nobodys(api, shopper, folder):
    api.post("/v1/sessions", {"questionnaire": "road-bike"}, token=shopper, headers=[("Sec-GPC", "1")])

    connection = sqlite3.connect(folder / "begleiter.sqlite3")
    assert connection.execute("SELECT shopper_id FROM session").fetchall() == [(None,)]
    connection.close()


def test_a_bad_token_is_refused_all_the_same(api):
    assert api.post("/v1/advice", ASK, token="bgt_wrong", headers=[("Sec-GPC", "1")]).status_code == 401


def test_the_site_says_that_it_obeys(api):
    assert body(api.get("/.well-known/gpc.json"))["gpc"] is True
