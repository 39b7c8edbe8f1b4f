"""An edited questionnaire before shoppers see it: the operator alone sees it, and nothing anywhere changes."""

import json
import time

import pytest

from service.advice.checking import check
from service.advice.reading import read_questionnaire
from service.api.patience import PreviewBusy, TookTooLong
from service.api.trials import Trials
from service.documents.problem import Complaints, Refused
from tests.api.conftest import QUESTIONNAIRE

CALLS = ("check", "questionnaire", "advice", "coverage", "graph", "comparison")
SHOWING = CALLS[1:]
MISSPELT = QUESTIONNAIRE.replace("fits: {use: [racing]}", "fits: {use: [raceing]}")
ODD = QUESTIONNAIRE.replace("fits: {use: [racing]}", "fits: {category: [road_bike]}")
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def preview(api, keys):
    """Asks as the operator; every reply must be one that the document knows."""

    def ask(call, yaml=QUESTIONNAIRE, **more):
        return api.post(f"/v1/preview/{call}", {"yaml": yaml, **more}, token=keys["operator"])

    return ask


def what_check_says(path, front):
    """The complaints of `begleiter check` for a file."""
    noted = Complaints()
    try:
        found = read_questionnaire(path, noted)
    except Refused as refusal:
        return list(refusal.problems)
    return list(check(found, front.catalogue, front.register.attributes, noted.problems))


@pytest.mark.parametrize(
    "text",
    [
        QUESTIONNAIRE,
        MISSPELT,
        MISSPELT.replace("  - id: budget", "\t- id: budget"),
        QUESTIONNAIRE.replace("questionnaire: road-bike", "questionnaire: other"),
        QUESTIONNAIRE.replace("choose: many", "chose: many").replace("effect: require", "effect: demand"),
        QUESTIONNAIRE + "tests:\n  - name: Wrong\n    answers: {use: racing}\n    expect: {includes: [RB-1-54]}\n",
        QUESTIONNAIRE.replace("from_profile: {attribute: height_cm", "from_profile: {attribute: shoe"),
        QUESTIONNAIRE.replace("\n", "\r\n"),
        ODD,
        "",
        "- a list",
    ],
)
def test_the_complaints_are_those_of_begleiter_check(preview, api, folder, text):
    file = folder / "road-bike.yaml"
    file.write_text(text, newline="")
    front = api.client.application.extensions["begleiter"].shopfront()

    found = preview("check", text, name="road-bike.yaml").json

    expected = [(each.at.line, each.at.column, each.severity, each.code) for each in what_check_says(file, front)]
    told = [(each["line"], each["column"], each["severity"], each["code"]) for each in found["problems"]]
    assert told == expected
    assert found["complete"]


def test_what_is_odd_is_told_and_keeps_nothing_from_being_published(preview):
    found = preview("check", ODD).json

    assert "BG-Q019" in [each["code"] for each in found["problems"]]
    assert (found["playable"], found["publishable"]) == (True, True)


def test_a_text_with_an_error_is_not_played_and_says_why(preview):
    checked = preview("check", MISSPELT).json
    refused = preview("advice", MISSPELT)

    assert (checked["playable"], checked["publishable"]) == (False, False)
    assert (refused.status_code, refused.json["type"]) == (422, "/problems/questionnaire-refused")
    assert [error["pointer"] for error in refused.json["errors"]] == ["/yaml"]
    assert "BG-Q015" in refused.json["errors"][0]["detail"]


def test_a_text_whose_author_tests_fail_is_played_and_not_publishable(preview):
    failing = QUESTIONNAIRE + "tests:\n  - {name: X, answers: {use: racing}, expect: {includes: [RB-1-54]}}\n"

    checked = preview("check", failing).json

    assert (checked["playable"], checked["publishable"]) == (True, False)
    assert preview("advice", failing).status_code == 200


def test_it_plays_as_the_published_one_would(preview, api):
    answers = {"budget": {"to": 2000}, "use": ["daily"]}
    published = api.post("/v1/advice", {"questionnaire": "road-bike", "answers": answers, "locale": "en"})

    played = preview("advice", answers=answers, locale="en")

    assert played.data == published.data
    assert played.headers["Content-Language"] == "en"


def test_an_answer_that_is_not_offered_is_422_with_its_place(preview):
    refused = preview("advice", answers={"use": ["sailing"]})

    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/answers/use")


def test_the_texts_are_told_as_those_of_the_published_one(preview, api):
    published = api.get("/v1/questionnaires/road-bike?locale=de").json

    assert preview("questionnaire", locale="de").json == published


def test_coverage_counts_models_by_answer_and_names_gaps(preview):
    found = preview("coverage", locale="en").json

    use = next(each for each in found["questions"] if each["id"] == "use")
    assert found["models"] == 3
    assert [(each["text"], each["fits"]) for each in use["answers"]] == [("Every day", 2), ("Racing", 2)]
    assert found["gaps"]["complete"]


def test_the_graph_tells_conditions_in_the_texts_of_the_questions(preview):
    conditional = QUESTIONNAIRE.replace("  - id: height\n", "  - id: height\n    only_if: {use: [daily, racing]}\n")

    found = preview("graph", conditional, locale="de").json

    assert [each["only_if"] for each in found["questions"]] == [None, None, "Wofür? „Alltag“ oder „Rennen“"]
    assert {"from": 1, "to": 2, "conditional": True} in found["arrows"]


def test_a_comparison_names_what_differs_and_where_the_same_answers_lead(preview):
    edited = QUESTIONNAIRE.replace("Wofür?", "Wozu?").replace("fits: {use: [racing]}", "fits: {model: [three]}")

    found = preview("comparison", edited, answers={"use": ["racing"]}, locale="de").json

    assert [(each["what"], each["id"], each["how"]) for each in found["changes"]] == [
        ("question", "use", "altered"),
        ("answer", "racing", "altered"),
    ]
    assert found["changes"][0]["fields"] == [{"name": "ask (de)", "before": "Wofür?", "after": "Wozu?"}]
    assert found["changes"][1]["fields"] == [{"name": "fits", "before": "use: racing", "after": "model: three"}]
    assert (found["before"]["state"]["remaining"], found["after"]["state"]["remaining"]) == (2, 1)
    assert not found["same"]


def test_answers_that_one_side_does_not_take_are_left_out_there_and_named(preview):
    edited = QUESTIONNAIRE.replace("id: racing", "id: race")

    found = preview("comparison", edited, answers={"use": ["race"], "budget": {"to": 1000}}).json

    assert (found["before"]["not_taken"], found["after"]["not_taken"]) == (["use"], [])
    assert found["before"]["state"]["answers"] == {"budget": {"to": 1000}}


def test_a_new_questionnaire_is_compared_with_nothing(preview):
    found = preview("comparison", QUESTIONNAIRE.replace("questionnaire: road-bike", "questionnaire: kayak")).json

    assert (found["published"], found["before"], found["changes"], found["same"]) == (None, None, [], False)


def test_what_it_is_held_against_is_told(api, keys):
    found = api.get("/v1/preview", token=keys["operator"]).json

    assert found["products"] == 5
    assert [each["id"] for each in found["questionnaires"]] == ["road-bike"]


@pytest.mark.parametrize("call", CALLS)
def test_it_is_for_the_operator_alone(api, keys, shopper, call):
    for token in (None, keys["shop"], shopper, "bgk_nothing"):
        reply = api.post(f"/v1/preview/{call}", {"yaml": QUESTIONNAIRE}, token=token)

        assert reply.status_code == 401
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert api.get("/v1/preview", token=keys["shop"]).status_code == 401


def test_nothing_is_published_stored_or_counted(preview, api, folder):
    rooms = api.client.application.extensions["begleiter"]
    files = {each: each.read_bytes() for each in folder.rglob("*.yaml")}
    before = api.get("/v1/questionnaires/road-bike").json

    for call in CALLS:
        assert preview(call, QUESTIONNAIRE.replace("Wofür?", "Wozu?"), name="road-bike.yaml").status_code == 200
    api.looks_at_the_files()

    assert api.get("/v1/questionnaires/road-bike").json == before
    assert {each: each.read_bytes() for each in folder.rglob("*.yaml")} == files
    assert not rooms.counting._waiting


def test_another_catalogue_is_noticed(preview, api, folder):
    assert preview("advice").json["remaining"] == 3
    products = folder / "shop" / "products.csv"
    products.write_text(
        products.read_text().replace("PD-1,", "RB-4-54,Vier,Four,road_bike,99.00,four,daily,165,180,no\nPD-1,")
    )
    api.looks_at_the_files()

    assert preview("advice").json["remaining"] == 4


# --- what an attacker with a stolen key, or a mistake, might send


def test_a_body_may_be_as_long_as_a_questionnaire_and_no_longer(preview, api):
    comment = "# " + "x" * 100 + "\n"
    fits, longer = (QUESTIONNAIRE + comment * (size // len(comment)) for size in (200_000, 270_000))

    assert preview("check", fits).status_code == 200
    assert preview("check", longer).status_code == 413
    assert api.post("/v1/advice", data=b"{" + b" " * 70_000, content_type="application/json").status_code == 413


BOMBS = {
    "aliases": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "deep": "questionnaire: " + "[" * 5000,
    "deep lines": "\n".join(" " * depth + "a:" for depth in range(300)),
    "many keys": "\n".join(f"k{number}: x" for number in range(1500)),
    "many documents": "---\n" * 500,
    "one long word": "questionnaire: " + "x" * 50_000,
    "nul": "questionnaire: a\0b",
    "tag": "questionnaire: !!python/object/apply:os.system [id]",
    "include": "questionnaire: !include /etc/passwd",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_complaints(preview, bomb):
    reply = preview("check", BOMBS[bomb])

    assert reply.status_code == 200
    assert not reply.json["publishable"]
    assert "root:" not in reply.text
    assert preview("advice", BOMBS[bomb]).status_code == 422


@pytest.mark.parametrize("number", ["1e999", "9" * 400, "-1e308", "nan", "inf", "0x10", "1_000"])
@pytest.mark.parametrize("key", ["show_at_most", "min"])
def test_huge_and_odd_numbers_are_complaints_or_taken(preview, number, key):
    text = QUESTIONNAIRE.replace("    min: 120", f"    min: {number}")
    if key == "show_at_most":
        text = QUESTIONNAIRE.replace("same_product: model", f"same_product: model\nshow_at_most: {number}")

    for call in CALLS:
        assert preview(call, text).status_code in (200, 422)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\\b.yaml", "a\0.yaml", "a\nb", "", "x" * 201])
def test_a_name_that_leads_somewhere_is_refused(preview, name):
    refused = preview("check", name=name)

    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/name")


def test_a_name_is_compared_and_never_opened(preview, folder):
    (folder / "road-bike.yaml").write_text("something else")

    assert preview("check", name="road-bike.yaml").json["problems"] == preview("check").json["problems"]
    assert [
        each["code"] for each in preview("check", name="..yaml").json["problems"] if each["severity"] == "error"
    ] == ["BG-Q009"]


def test_markup_in_texts_stays_text_in_json(preview):
    evil = QUESTIONNAIRE.replace("Wofür?", EVIL).replace("de: Alltag", f"de: '{EVIL}'")

    for call in CALLS:
        reply = preview(call, evil, locale="de")
        assert reply.mimetype == "application/json"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_no_log_line_repeats_the_text_or_the_key(preview, keys, log_stream):
    preview("check", MISSPELT + "# canary-4711", name="canary-4711.yaml")
    preview("advice", MISSPELT, answers={"use": ["canary-4711"]})

    assert b"canary" not in log_stream.getvalue()
    assert keys["operator"].encode() not in log_stream.getvalue()


def test_work_without_end_is_ended_and_the_next_begins(api, preview, monkeypatch):
    rooms = api.client.application.extensions["begleiter"]
    monkeypatch.setattr(rooms.trials.patience, "seconds", 0.3)

    def endless(*_):
        while True:
            pass

    with monkeypatch.context() as slow:
        slow.setattr("service.api.trials.try_out", endless)
        started = time.monotonic()
        refused = preview("check")
        took = time.monotonic() - started

    assert (refused.status_code, refused.json["type"]) == (422, "/problems/took-too-long")
    assert took < 5
    monkeypatch.setattr(rooms.trials.patience, "seconds", 10)
    assert preview("check").status_code == 200


def test_where_the_time_does_not_suffice_for_all_that_may_be_odd_the_rest_is_told(preview, api, monkeypatch):
    rooms = api.client.application.extensions["begleiter"]
    preview("check")
    monkeypatch.setattr(rooms.trials.patience, "seconds", 0.3)

    def endless(_compiled, found):
        while True:
            found.has_errors  # noqa: B018

    monkeypatch.setattr("service.api.trials.look_for_oddities", endless)

    found = preview("check").json

    assert (found["complete"], found["playable"]) == (False, True)


def test_one_preview_at_a_time_and_the_others_are_told():
    trials = Trials(seconds=0.2)
    trials.patience._turn.acquire()

    with pytest.raises(PreviewBusy):
        trials.bounded(lambda: 1)
    trials.patience._turn.release()

    assert trials.bounded(lambda: 1) == 1
    with pytest.raises(TookTooLong):
        trials.bounded(lambda: [None for _ in iter(int, 1)])


def test_what_nobody_asks_for_any_more_is_let_go(preview, api, monkeypatch):
    trials = api.client.application.extensions["begleiter"].trials
    for number in range(6):
        preview("check", QUESTIONNAIRE + f"# {number}\n")
    assert len(trials._kept) == 4

    monkeypatch.setattr("service.api.trials.KEPT_SECONDS", -1)
    trials.forget_old()

    assert not trials._kept


def test_a_failure_inside_is_500_and_tells_nothing(preview, monkeypatch, log_stream):
    def fails(*_):
        raise ValueError("secret-4711")

    monkeypatch.setattr("service.api.trials.try_out", fails)

    assert preview("check").status_code == 500
    assert b"secret-4711" not in log_stream.getvalue()
    assert json.loads(log_stream.getvalue().splitlines()[-1])["route"] == "/v1/preview/check"
