"""Sessions: answers are kept, corrected and taken back, and only by whoever holds the token."""

import pytest


@pytest.fixture
def session(api):
    begun = api.post("/v1/sessions", {"questionnaire": "road-bike", "locale": "de"})
    return begun.json


def answer(api, session, question, value):
    return api.put(f"/v1/sessions/{session['id']}/answers/{question}", {"value": value}, token=session["token"])


def state(api, session):
    return api.get(f"/v1/sessions/{session['id']}", token=session["token"]).json


def test_a_new_session_tells_its_id_its_token_and_the_first_question(api):
    reply = api.post("/v1/sessions", {"questionnaire": "road-bike"})

    assert reply.status_code == 201
    assert list(reply.json) == ["id", "token", "state"]
    assert reply.headers["Location"] == f"/v1/sessions/{reply.json['id']}"
    assert reply.json["state"]["question"]["id"] == "budget"


def test_an_answer_is_kept_and_leads_on(api, session):
    told = answer(api, session, "budget", {"to": 1000}).json

    assert told["question"]["id"] != "budget"
    assert state(api, session) == told
    assert told["answers"] == {"budget": {"to": 1000}}


def test_a_corrected_answer_replaces_the_first(api, session):
    answer(api, session, "budget", {"to": 1000})

    answer(api, session, "budget", {"to": 2000})

    assert state(api, session)["answers"] == {"budget": {"to": 2000}}


def test_taking_an_answer_back_leads_to_where_it_was_asked_and_is_no_error_twice(api, session):
    first = state(api, session)
    answer(api, session, "budget", {"to": 1000})

    taken = [api.delete(f"/v1/sessions/{session['id']}/answers/budget", token=session["token"]) for _ in range(2)]

    assert [reply.status_code for reply in taken] == [200, 200]
    assert state(api, session) == first


def test_a_refused_answer_leaves_the_session_as_it_was(api, session):
    answer(api, session, "use", ["daily"])
    before = state(api, session)

    refused = [answer(api, session, "use", value) for value in ("touring", 7, [], {"from": 1})]

    assert [reply.status_code for reply in refused] == [422] * 4
    assert refused[0].json["type"] == "/problems/unknown-option"
    assert refused[0].json["errors"][0]["pointer"] == "/value"
    assert state(api, session) == before


def test_a_question_that_does_not_exist_is_404(api, session):
    path = f"/v1/sessions/{session['id']}/answers/colour"

    assert answer(api, session, "colour", "red").status_code == 404
    assert api.delete(path, token=session["token"]).status_code == 404


def test_somebody_elses_session_and_none_at_all_are_told_alike(api, session):
    other = api.post("/v1/sessions", {"questionnaire": "road-bike"}).json

    foreign = api.get(f"/v1/sessions/{session['id']}", token=other["token"])
    nothing = api.get("/v1/sessions/nothing", token=other["token"])
    changed = api.put(f"/v1/sessions/{session['id']}/answers/budget", {"value": {"to": 5}}, token=other["token"])

    assert (foreign.status_code, foreign.data) == (nothing.status_code, nothing.data)
    assert (foreign.status_code, changed.status_code) == (404, 404)
    assert state(api, session)["answers"] == {}


def test_without_a_token_a_session_is_closed(api, session):
    reply = api.get(f"/v1/sessions/{session['id']}")

    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"] == 'Bearer realm="begleiter"'


@pytest.mark.parametrize("token", ["nonsense", "bgs_", "bgs_" + "x" * 300, "bgs_ü"])
def test_a_token_that_opens_nothing_opens_nothing(api, session, token):
    reply = api.get(f"/v1/sessions/{session['id']}", headers={"Authorization": f"Bearer {token}".encode()})

    assert reply.status_code in (401, 404)


def test_an_expired_session_is_gone(api, session, clock):
    clock.goes_on(hours=49)

    assert api.get(f"/v1/sessions/{session['id']}", token=session["token"]).status_code == 404


def test_a_shoppers_session_sees_what_the_shopper_allows_at_each_request(api, keys, shopper):
    notice = {"id": "profile", "version": "2", "language": "de"}
    decision = {"attribute": "height_cm", "purpose": "advice_profile", "given": True}
    value = {
        "attribute": "height_cm",
        "value": 178,
        "source": "crm",
        "source_ref": "a",
        "collected_at": "2026-02-01T00:00:00Z",
    }
    session = api.post("/v1/sessions", {"questionnaire": "road-bike"}, token=shopper).json

    api.post("/v1/me/consent-events", {"notice": notice, "decisions": [decision]}, token=shopper)
    api.put("/v1/shoppers/customer-1/attributes", {"values": [value]}, token=keys["shop"])
    allowed = state(api, session)
    api.delete("/v1/me/consents", token=shopper)
    withdrawn = state(api, session)

    assert session["state"]["prefilled"] == {}
    assert allowed["prefilled"] == {"height": {"value": 178, "source": "crm"}}
    assert allowed["basis"]["used"] == [{"attribute": "height_cm", "purpose": "advice_profile"}]
    assert withdrawn == session["state"]


def test_answers_that_a_changed_questionnaire_no_longer_takes_are_left_out(serve, folder):
    first = serve()
    session = first.post("/v1/sessions", {"questionnaire": "road-bike"}).json
    answer(first, session, "use", ["racing"])
    answer(first, session, "budget", {"to": 2000})
    path = folder / "questionnaires" / "road-bike.yaml"
    path.write_text(path.read_text().replace("racing", "touring").replace("use: [touring]", "use: [racing]"))

    told = state(serve(), session)

    assert told["answers"] == {"budget": {"to": 2000}}


def test_a_session_whose_questionnaire_is_gone_says_so(serve, folder):
    session = serve().post("/v1/sessions", {"questionnaire": "road-bike"}).json
    (folder / "questionnaires" / "road-bike.yaml").unlink()

    reply = serve().get(f"/v1/sessions/{session['id']}", token=session["token"])

    assert (reply.status_code, reply.json["type"]) == (404, "/problems/unknown-questionnaire")
