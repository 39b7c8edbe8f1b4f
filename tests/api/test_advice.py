"""POST /v1/advice and the questionnaires: what is asked, what is left, in which language."""

import pytest

ADVICE = {"questionnaire": "road-bike", "answers": {}}


def test_advice_without_answers_asks_the_first_question_and_lists_the_best(api):
    reply = api.post("/v1/advice", ADVICE)

    state = reply.json
    assert reply.status_code == 200
    assert state["question"]["id"] == "budget"
    assert state["remaining"] == 3
    assert [each["sku"] for each in state["shortlist"]] == ["RB-1-54", "RB-2-54", "RB-3-54"]
    assert {(each["sku"], each["for"]) for each in state["companions"]} == {("PD-1", "RB-1-54"), ("PD-1", "RB-2-54")}


def test_answers_narrow_and_nothing_is_remembered(api):
    narrowed = api.post("/v1/advice", ADVICE | {"answers": {"budget": {"to": 1000}}}).json
    fresh = api.post("/v1/advice", ADVICE).json

    assert narrowed["remaining"] == 1
    assert narrowed["answers"] == {"budget": {"to": 1000}}
    assert fresh["remaining"] == 3


def test_the_same_question_gives_the_same_bytes(api):
    assert api.post("/v1/advice", ADVICE).data == api.post("/v1/advice", ADVICE).data


@pytest.mark.parametrize(
    ("wanted", "accepted", "told"),
    [
        (None, None, "de"),
        ("en", None, "en"),
        ("en-GB", "de", "en"),
        ("fr", None, "de"),
        (None, "en", "en"),
        (None, "fr, en;q=0.8, de;q=0.5", "en"),
        (None, "en;q=0.2, de-AT", "de"),
        (None, "en;q=0", "de"),
        (None, "*", "de"),
        (None, ";;;q=x,,=", "de"),
    ],
)
def test_the_language_is_the_requests_then_the_headers_then_the_questionnaires(api, wanted, accepted, told):
    body = ADVICE if wanted is None else ADVICE | {"locale": wanted}
    headers = {} if accepted is None else {"Accept-Language": accepted}

    reply = api.post("/v1/advice", body, headers=headers)

    assert reply.headers["Content-Language"] == told
    assert reply.json["questionnaire"]["locale"] == told
    assert "Accept-Language" in reply.headers["Vary"]


def test_a_personal_reply_is_kept_by_nobody(api):
    assert api.post("/v1/advice", ADVICE).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("answers", "kind", "pointer"),
    [
        ({"colour": "red"}, "unknown-question", "/answers/colour"),
        ({"use": "touring"}, "unknown-option", "/answers/use"),
        ({"use": 7}, "bad-reply", "/answers/use"),
        ({"budget": "cheap"}, "bad-reply", "/answers/budget"),
        ({"budget": {"from": 10, "to": 5}}, "bad-reply", "/answers/budget"),
        ({"height": 1e300}, "bad-reply", "/answers/height"),
        ({"height": [[]]}, "bad-reply", "/answers/height"),
        ({"height": True}, "bad-reply", "/answers/height"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_pointed_at(api, answers, kind, pointer):
    reply = api.post("/v1/advice", ADVICE | {"answers": answers})

    assert reply.status_code == 422
    assert reply.json["type"] == f"/problems/{kind}"
    assert [error["pointer"] for error in reply.json["errors"]] == [pointer]


def test_an_unknown_questionnaire_is_404(api):
    reply = api.post("/v1/advice", {"questionnaire": "kayak"})

    assert (reply.status_code, reply.json["type"]) == (404, "/problems/unknown-questionnaire")


def test_questionnaires_are_listed_in_the_wanted_language_and_may_be_cached(api):
    reply = api.get("/v1/questionnaires?locale=en")

    assert [each["title"] for each in reply.json["questionnaires"]] == ["Find a road bike"]
    assert reply.headers["Cache-Control"] == "public, max-age=60"


def test_one_questionnaire_tells_all_its_questions(api):
    reply = api.get("/v1/questionnaires/road-bike", headers={"Accept-Language": "en"})

    assert [each["id"] for each in reply.json["questions"]] == ["budget", "use", "height"]
    assert [each["unit"] for each in reply.json["questions"]] == ["€", None, "cm"]
    assert reply.json["questions"][1]["options"] == [
        {"id": "daily", "text": "Every day"},
        {"id": "racing", "text": "Racing"},
    ]
    assert api.get("/v1/questionnaires/kayak").status_code == 404


def test_a_query_that_names_no_language_is_refused_by_its_name(api):
    reply = api.get("/v1/questionnaires?locale=no%20language")

    assert reply.status_code == 422
    assert [error["parameter"] for error in reply.json["errors"]] == ["locale"]
