"""Merging two references of one person over HTTP: as far as both consented, and no grant travels by itself."""

import sqlite3

import pytest

from tests.builders import DAY, NOW

NOTICE = {"id": "profile", "version": "2", "language": "de"}
VALUE = {
    "attribute": "height_cm",
    "value": 170,
    "source": "crm",
    "source_ref": "contact 17",
    "collected_at": (NOW - DAY).isoformat(),
}
ADVICE = {"questionnaire": "road-bike", "answers": {}}


@pytest.fixture
def folder(folder):
    """The height may be brought together."""
    register = folder / "shop" / "privacy.yaml"
    wording = "    text: {de: Verbinden, en: Merge}\n    example: {de: Zwei Konten., en: Two accounts.}\n"
    declared = f"  profile_merge:\n{wording}    legal_basis: consent\nattributes:\n"
    both = register.read_text().replace("purposes: [advice_profile]", "purposes: [advice_profile, profile_merge]")
    register.write_text(both.replace("attributes:\n", declared, 1))
    return folder


def a_token(api, keys, ref):
    return api.post(f"/v1/shoppers/{ref}/tokens", token=keys["shop"]).json["token"]


def allows(api, token, *purposes):
    decisions = [{"attribute": "height_cm", "purpose": each, "given": True} for each in purposes]
    assert api.post("/v1/me/consent-events", {"notice": NOTICE, "decisions": decisions}, token=token).status_code == 201


def merged(api, keys, other="visitor-7", **headers):
    return api.post("/v1/shoppers/customer-1/merge", {"other": other}, token=keys["shop"], headers=headers)


@pytest.fixture
def visitor(api, keys):
    """Who browsed as visitor-7, consented and is known, before they signed in as customer-1."""
    token = a_token(api, keys, "visitor-7")
    allows(api, token, "advice_profile", "profile_merge")
    api.put("/v1/shoppers/visitor-7/attributes", {"values": [VALUE]}, token=keys["shop"])
    return token


def test_what_both_allowed_is_left_and_the_other_is_gone(api, keys, shopper, visitor):
    allows(api, shopper, "advice_profile", "profile_merge")

    reply = merged(api, keys)

    assert reply.status_code == 200
    assert [each["purpose"] for each in reply.json["grants"]] == ["advice_profile", "profile_merge"]
    assert api.get("/v1/me/consents", token=shopper).json["grants"] == reply.json["grants"]
    assert api.post("/v1/advice", ADVICE, token=shopper).json["prefilled"] == {
        "height": {"value": 170, "source": "crm"}
    }
    assert api.get("/v1/me/data", token=visitor).status_code == 401
    assert merged(api, keys).status_code == 404


def test_no_grant_of_an_anonymous_session_travels_into_an_account_by_itself(api, keys, shopper, visitor):
    session = api.post("/v1/sessions", {"questionnaire": "road-bike"}, token=visitor).json

    state = api.post("/v1/advice", ADVICE, token=shopper).json

    assert state["prefilled"] == {}
    assert api.get("/v1/me/consents", token=shopper).json["grants"] == []
    assert api.get(f"/v1/sessions/{session['id']}", token=session["token"]).json["prefilled"] != {}


def test_nor_does_it_when_the_account_did_not_give_it_itself(api, keys, shopper, visitor):
    without = merged(api, keys)
    allows(api, shopper, "profile_merge")

    reply = merged(api, keys)

    assert (without.status_code, without.json["type"]) == (409, "/problems/merge-not-consented")
    assert [each["purpose"] for each in reply.json["grants"]] == ["profile_merge"]
    assert api.post("/v1/advice", ADVICE, token=shopper).json["prefilled"] == {}


def test_the_same_request_under_the_same_key_is_done_once(api, keys, shopper, visitor):
    allows(api, shopper, "advice_profile", "profile_merge")

    first, again = (merged(api, keys, **{"Idempotency-Key": "once"}) for _ in range(2))

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == again.json
    assert merged(api, keys, "visitor-8", **{"Idempotency-Key": "once"}).status_code == 409


def test_a_merge_that_makes_no_sense_is_refused(api, keys, shopper):
    assert merged(api, keys, "customer-1").status_code == 422
    assert merged(api, keys, "").status_code == 422
    assert merged(api, keys, "nobody").status_code == 404
    for token in (None, shopper, keys["operator"]):
        assert api.post("/v1/shoppers/customer-1/merge", {"other": "visitor-7"}, token=token).status_code == 401


def test_after_the_survivors_erasure_nothing_of_either_is_left_in_any_file(api, keys, shopper, visitor, folder):
    allows(api, shopper, "advice_profile", "profile_merge")
    connection = sqlite3.connect(folder / "begleiter.sqlite3")
    subjects = [row[0] for row in connection.execute("SELECT id FROM shopper")]
    connection.close()
    merged(api, keys)

    api.delete("/v1/me", token=shopper)

    assert len(subjects) == 2
    for needle in (*subjects, "contact 17", "visitor-7", "customer-1"):
        for file in folder.rglob("*"):
            assert not file.is_file() or needle.encode() not in file.read_bytes(), (needle, file.name)
