"""Handover over HTTP: a code leads on at another device, and nothing of a profile goes with it."""

import json
from itertools import islice

import pytest

from service.advice.handover import CODES_AN_HOUR, PARTS, WRONG_CODES, code_hash, part_of
from service.privacy.secret import load_secret

NOTICE = {"id": "profile", "version": "2", "language": "de"}
DECISION = {"attribute": "height_cm", "purpose": "advice_profile", "given": True}
HEIGHT = {
    "attribute": "height_cm",
    "value": 178,
    "source": "crm",
    "source_ref": "a",
    "collected_at": "2026-02-01T00:00:00Z",
}


def a_session(api, token=None):
    begun = api.post("/v1/sessions", {"questionnaire": "road-bike", "locale": "en"}, token=token).json
    path = f"/v1/sessions/{begun['id']}"
    api.put(f"{path}/answers/budget", {"value": {"to": 2000}}, token=begun["token"])
    return begun


def offered(api, session):
    return api.post(f"/v1/sessions/{session['id']}/handover", token=session["token"])


def taken(api, code, **given):
    return api.post(f"/v1/handovers/{code}", **given)


@pytest.fixture
def session(api):
    return a_session(api)


@pytest.fixture
def my_session(api, keys, shopper):
    """A session of customer-1, who lets advice use their height, which the shop delivered."""
    api.post("/v1/me/consent-events", {"notice": NOTICE, "decisions": [DECISION]}, token=shopper)
    api.put("/v1/shoppers/customer-1/attributes", {"values": [HEIGHT]}, token=keys["shop"])
    return a_session(api, shopper)


def test_a_code_leads_on_at_another_device_with_the_answers_given(api, session):
    offer = offered(api, session)
    reply = taken(api, offer.json["code"])

    assert (offer.status_code, reply.status_code) == (201, 201)
    assert offer.json["expires_at"] == "2026-03-01T12:10:00Z"
    new = reply.json
    assert list(new) == ["id", "token", "state"]
    assert reply.headers["Location"] == f"/v1/sessions/{new['id']}"
    assert new["state"]["answers"] == {"budget": {"to": 2000}}
    assert new["state"]["questionnaire"]["locale"] == "en"
    assert api.get(f"/v1/sessions/{new['id']}", token=new["token"]).json == new["state"]
    assert new["id"] != session["id"]


def test_the_new_token_opens_the_new_session_alone_and_the_old_one_goes_on(api, session):
    new = taken(api, offered(api, session).json["code"]).json

    assert api.get(f"/v1/sessions/{session['id']}", token=new["token"]).status_code == 404
    assert api.get(f"/v1/sessions/{new['id']}", token=session["token"]).status_code == 404
    assert api.get(f"/v1/sessions/{session['id']}", token=session["token"]).status_code == 200


def test_what_is_unknown_used_or_over_is_told_alike(api, session, clock):
    used = offered(api, session).json["code"]
    taken(api, used)
    over = offered(api, session).json["code"]
    clock.goes_on(minutes=10)

    told = [taken(api, code) for code in (used, over, "BCD-FGH-JKL-MNP", "nonsense", "%00", "x" * 500)]

    assert {(each.status_code, each.data) for each in told} == {(404, told[0].data)}
    assert told[0].json["type"] == "/problems/unknown-code"


def test_a_code_may_be_typed_small_and_without_hyphens(api, session):
    assert taken(api, offered(api, session).json["code"].lower().replace("-", "%20")).status_code == 201


def test_only_the_session_itself_is_handed_over(api, session):
    other = a_session(api)
    path = f"/v1/sessions/{session['id']}/handover"

    assert api.post(path).status_code == 401
    assert api.post(path, token=other["token"]).status_code == 404


def wrong_codes_like(code, folder):
    """As many wrong codes of the same part as are tried, and one more: whoever looks for them needs the secret."""
    key = load_secret("s" * 40, folder).derived("handover code")
    part = part_of(code_hash(code, key))
    made = (f"wrong-{number}" for number in range(PARTS * WRONG_CODES * 4))
    return list(islice((each for each in made if part_of(code_hash(each, key)) == part), WRONG_CODES + 1))


def test_too_many_codes_and_too_many_guesses_are_told_with_how_long_to_wait(api, session, folder):
    codes = [offered(api, session) for _ in range(CODES_AN_HOUR + 1)]
    right = codes[-2].json["code"]
    guesses = [taken(api, each) for each in wrong_codes_like(right, folder)]

    assert [each.status_code for each in codes[-2:]] == [201, 429]
    assert [each.status_code for each in guesses[-2:]] == [404, 429]
    assert codes[-1].json["type"] == "/problems/too-many-codes"
    assert codes[-1].headers["Retry-After"] == "3600"
    assert guesses[-1].headers["Retry-After"] == "600"
    assert taken(api, right).status_code == 429


def test_one_client_that_guesses_stops_nobody_else(api, session):
    code = offered(api, session).json["code"]
    guesses = {taken(api, f"wrong-{number}").status_code for number in range(5 * WRONG_CODES)}

    assert guesses == {404}
    assert taken(api, code).status_code == 201


def test_the_code_is_nowhere_in_the_database_or_the_log(api, session, folder, log_stream):
    code = offered(api, session).json["code"]
    taken(api, code.lower())

    stored = b"".join(path.read_bytes() for path in folder.glob("begleiter.sqlite3*"))
    for form in (code, code.replace("-", "")):
        assert form.encode() not in stored + log_stream.getvalue()
        assert form.lower().encode() not in stored + log_stream.getvalue()


def test_nothing_of_the_profile_goes_to_whoever_holds_the_code(api, keys, my_session):
    mine = api.get(f"/v1/sessions/{my_session['id']}", token=my_session["token"]).json
    stranger = api.post("/v1/shoppers/customer-2/tokens", token=keys["shop"]).json["token"]

    as_guest, as_stranger = (
        taken(api, offered(api, my_session).json["code"], token=who).json["state"] for who in (None, stranger)
    )

    assert mine["prefilled"] == {"height": {"value": 178, "source": "crm"}}
    assert as_guest == as_stranger
    assert (as_guest["prefilled"], as_guest["basis"]["used"]) == ({}, [])
    assert as_guest["answers"] == {"budget": {"to": 2000}}


def test_the_same_shopper_goes_on_as_themselves_and_withdraws_there_too(api, shopper, my_session):
    new = taken(api, offered(api, my_session).json["code"], token=shopper).json
    api.delete("/v1/me/consents", token=shopper)
    after = api.get(f"/v1/sessions/{new['id']}", token=new["token"]).json

    assert new["state"]["prefilled"] == {"height": {"value": 178, "source": "crm"}}
    assert after["prefilled"] == {}


def test_under_sec_gpc_even_the_same_shopper_goes_on_as_a_guest(api, shopper, my_session):
    code = offered(api, my_session).json["code"]

    new = taken(api, code, token=shopper, headers={"Sec-GPC": "1"}).json

    assert api.get(f"/v1/sessions/{new['id']}", token=new["token"]).json["prefilled"] == {}


def test_a_token_that_opens_nothing_uses_no_code_up(api, session):
    code = offered(api, session).json["code"]

    assert taken(api, code, token="bgt_" + "x" * 43).status_code == 401
    assert taken(api, code).status_code == 201


def test_after_an_erasure_the_code_leads_nowhere(api, shopper, my_session):
    code = offered(api, my_session).json["code"]
    copy = api.get("/v1/me/export", token=shopper).json

    api.delete("/v1/me", token=shopper)

    assert taken(api, code).status_code == 404
    assert copy["records"]["handover"][0]["made"] == 1
    assert code not in json.dumps(copy)


def test_answers_of_an_older_version_travel_as_in_any_session(serve, api, session, folder):
    code = offered(api, session).json["code"]
    path = folder / "questionnaires" / "road-bike.yaml"
    path.write_text(path.read_text().replace("How much?", "How much a month?"))

    told = taken(serve(), code).json["state"]

    assert told["outdated"] == ["budget"]
