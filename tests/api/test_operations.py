"""What operations see: alive, ready and why not, figures, and a log that names no person and no value."""

import json

import pytest
from sqlalchemy import text

from service.app import create_app
from service.documents.problem import Refused
from service.storage.database import open_database
from tests.api.conftest import settings_for

NOTICE = {"id": "profile", "version": "2", "language": "de"}
HEIGHT = {"attribute": "height_cm", "purpose": "advice_profile"}
ADVICE = {"questionnaire": "road-bike", "answers": {}}
CANARIES = ("canary-ref", "canary-sku", "canary-style", "canary-question", "canary-path", "4711.25", "canary-agent")


def lines_of(log_stream):
    return [json.loads(line) for line in log_stream.getvalue().splitlines()]


def test_a_service_is_alive_and_ready(api):
    assert api.get("/alive").json == {"status": "alive"}
    reply = api.get("/ready")
    assert reply.status_code == 200
    assert reply.json["catalogue"]["products"] == 5
    assert reply.json["questionnaires"] == {"published": ["road-bike"], "refused": []}
    assert reply.json["model"] == {"version": None, "refused": None}


def test_a_broken_questionnaire_is_named_and_the_others_are_served(serve, folder, log_stream):
    (folder / "questionnaires" / "broken.yaml").write_text("questionnaire: broken\nquestions: [")

    api = serve()

    reply = api.get("/ready")
    assert reply.status_code == 200
    assert reply.json["questionnaires"]["published"] == ["road-bike"]
    assert "broken.yaml:2" in reply.json["questionnaires"]["refused"][0]
    assert api.post("/v1/advice", ADVICE).status_code == 200
    assert any("broken.yaml" in line.get("complaint", "") for line in lines_of(log_stream))


def test_a_broken_register_is_named_and_no_profile_is_used(serve, folder):
    (folder / "shop" / "privacy.yaml").write_text("purposes: nonsense")

    api = serve()

    assert api.post("/v1/cross-sell", {"basket": []}).status_code == 200
    assert any("privacy.yaml" in complaint for complaint in api.get("/ready").json["questionnaires"]["refused"])
    assert api.get("/v1/attributes").json == {"attributes": []}


def test_without_a_catalogue_the_service_refuses_to_start_with_every_complaint(folder):
    products = folder / "shop" / "products.csv"
    products.write_text(products.read_text().replace("900.00", "cheap")[:-20])

    with pytest.raises(Refused) as refused:
        create_app(settings_for(folder))

    assert len(refused.value.problems) >= 2


def test_without_the_databases_schema_the_service_is_not_ready(serve, folder):
    reply = serve(database_url=f"sqlite:///{folder}/empty.sqlite3").get("/ready")

    assert (reply.status_code, reply.json["status"], reply.json["database"]) == (503, "not_ready", "not_ready")


def test_a_worker_that_does_not_know_the_secret_that_signed_says_so_and_is_not_ready(serve, keys):
    old, consent = "x" * 40, {"notice": NOTICE, "decisions": [HEIGHT | {"given": True}]}
    left, restarted = serve(secret=old), serve(secret=f"{'y' * 40} {old}")
    token = left.post("/v1/shoppers/customer-1/tokens", token=keys["shop"]).json["token"]
    assert left.post("/v1/me/consent-events", consent, token=token).status_code == 201
    assert left.get("/ready").json["ledger"] == {"refused": None}
    assert restarted.post("/v1/me/consent-events", consent, token=token).status_code == 201

    ready, withdrawn = left.get("/ready"), left.delete("/v1/me/consents", token=token)

    assert (ready.status_code, ready.json["status"], ready.json["database"]) == (503, "not_ready", "ready")
    assert "restart" in ready.json["ledger"]["refused"]
    assert (withdrawn.status_code, withdrawn.json["type"]) == (503, "/problems/ledger-broken")
    assert "restart" in withdrawn.json["detail"]
    assert restarted.get("/ready").json["ledger"] == {"refused": None}
    assert restarted.delete("/v1/me/consents", token=token).status_code == 200


def test_a_ledger_whose_head_was_changed_is_told_while_advice_goes_on(api, keys, shopper, folder):
    consent = {"notice": NOTICE, "decisions": [HEIGHT | {"given": True}]}
    api.post("/v1/me/consent-events", consent, token=shopper)
    database = open_database(f"sqlite:///{folder}/begleiter.sqlite3")
    with database.writing() as connection:
        connection.execute(text("UPDATE ledger_head SET position = 7"))
    database.close()

    reply = api.get("/ready")

    assert reply.status_code == 200
    assert "audit verify" in reply.json["ledger"]["refused"]


def test_figures_are_kept_by_route_template_and_status(api):
    api.post("/v1/advice", ADVICE)
    api.post("/v1/advice", {"questionnaire": "kayak"})
    api.get("/canary-path")

    text = api.get("/metrics").data.decode()

    assert 'begleiter_request_seconds_count{method="POST",route="/v1/advice",status="200"} 1.0' in text
    assert 'begleiter_request_seconds_count{method="POST",route="/v1/advice",status="404"} 1.0' in text
    assert 'begleiter_request_seconds_count{method="GET",route="unmatched",status="404"} 1.0' in text
    assert "canary" not in text


def test_a_request_is_logged_by_its_route_template(api, log_stream):
    reply = api.get("/v1/questionnaires/road-bike?locale=de")

    line = next(line for line in lines_of(log_stream) if line.get("request") == reply.headers["X-Request-Id"])
    assert line["route"] == "/v1/questionnaires/<id>"
    assert (line["method"], line["status"], line["level"]) == ("GET", 200, "info")
    assert line["ms"] > 0
    assert line["at"].endswith("Z")


def test_no_value_answer_token_reference_or_sku_reaches_the_log_or_the_figures(api, keys, log_stream, monkeypatch):
    agent = {"User-Agent": "canary-agent", "Referer": "https://shop.example/canary-path"}
    token = api.post("/v1/shoppers/canary-ref/tokens", token=keys["shop"], headers=agent).json["token"]
    notice = {"id": "profile", "version": "2", "language": "de"}
    decisions = [
        {"attribute": "height_cm", "purpose": "advice_profile", "given": True},
        {"attribute": "riding_style", "purpose": "cross_sell", "given": True},
    ]
    origin = {"source": "crm", "source_ref": "canary-ref", "collected_at": "2026-02-01T08:00:00Z"}
    values = [
        {"attribute": "height_cm", "value": 171.4711, **origin},
        {"attribute": "riding_style", "value": "canary-style", **origin},
        {"attribute": "canary-style", "value": "canary-style", **origin},
    ]
    api.post("/v1/me/consent-events", {"notice": notice, "decisions": decisions}, token=token)
    api.put("/v1/shoppers/canary-ref/attributes", {"values": values}, token=keys["shop"])
    api.post("/v1/advice", ADVICE | {"answers": {"budget": {"to": 4711.25}}}, token=token)
    api.post("/v1/advice", ADVICE | {"answers": {"canary-question": "canary-style"}}, token=token)
    api.post("/v1/cross-sell", {"basket": ["canary-sku", "RB-1-54"]}, token=token)
    session = api.post("/v1/sessions", {"questionnaire": "road-bike"}, token=token).json
    path = f"/v1/sessions/{session['id']}/answers/budget"
    api.put(path, {"value": {"to": 4711.25}}, token=session["token"])
    api.put(path.replace("budget", "canary-question"), {"value": 1}, token=session["token"])
    api.get("/canary-path?canary-path=canary-path")
    monkeypatch.setattr("service.api.advice.advise", lambda *given: given[0].no_such_thing)
    api.post("/v1/advice", ADVICE | {"answers": {"budget": {"to": 4711.25}}}, token=token)

    written = log_stream.getvalue().decode() + api.get("/metrics").data.decode()

    secrets = (*CANARIES, token, session["token"], session["id"], "171.4711", *keys.values())
    assert "failed" in written
    assert not [secret for secret in secrets if secret in written]


def test_a_gate_that_fails_is_logged_by_its_place_and_shows_nothing(api, shopper, log_stream, monkeypatch):
    def broken(*_):
        raise RuntimeError("canary-style")

    monkeypatch.setattr("service.storage.profiles.SqlProfiles.read", broken)

    reply = api.post("/v1/advice", ADVICE, token=shopper)

    assert reply.status_code == 200
    assert reply.data == api.post("/v1/advice", ADVICE).data
    assert any(line["event"] == "gate failed" and line["error"] == "RuntimeError" for line in lines_of(log_stream))
    assert b"canary-style" not in log_stream.getvalue()


@pytest.mark.parametrize("origins", [(), ("https://shop.example",)])
def test_other_origins_are_let_in_only_if_they_are_named(serve, origins):
    api = serve(origins=origins)
    page = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}

    preflight = api("OPTIONS", "/v1/advice", headers=page)
    call = api.post("/v1/advice", ADVICE, headers=page)
    refused = api.post("/v1/advice", {"questionnaire": 7}, headers=page)
    stranger = api.post("/v1/advice", ADVICE, headers={"Origin": "https://evil.example"})

    told = [reply.headers.get("Access-Control-Allow-Origin") for reply in (preflight, call, refused, stranger)]
    expected = "https://shop.example" if origins else None
    assert told == [expected, expected, expected, None]
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    assert ("Authorization" in preflight.headers.get("Access-Control-Allow-Headers", "")) == bool(origins)
    assert ("Origin" in stranger.headers.get("Vary", "")) == bool(origins)


def test_the_shops_and_the_operators_calls_are_closed_to_pages_whatever_is_named(serve, keys):
    api = serve(origins=("https://shop.example",))
    page = {"Origin": "https://shop.example"}

    for reply in (
        api.post("/v1/shoppers/customer-1/tokens", token=keys["shop"], headers=page),
        api.get("/v1/models", token=keys["operator"], headers=page),
        api.get("/ready", headers=page),
    ):
        assert "Access-Control-Allow-Origin" not in reply.headers
