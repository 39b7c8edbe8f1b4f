"""A shopper's rights over HTTP: see, take along, be erased."""

import csv
import io
import json
import sqlite3

from tests.builders import DAY, NOW

DECISION = {"attribute": "height_cm", "purpose": "advice_profile", "given": True}
GIVE = {"notice": {"id": "profile", "version": "2", "language": "de"}, "decisions": [DECISION]}
VALUE = {
    "attribute": "height_cm",
    "value": 178,
    "source": "crm",
    "source_ref": "crm/contacts/canary-1042",
    "collected_at": (NOW - DAY).isoformat(),
}


def consented(api, shopper, keys):
    """Consent, and a value under it."""
    api.post("/v1/me/consent-events", GIVE, token=shopper, headers={"Idempotency-Key": "canary-key"})
    api.put("/v1/shoppers/customer-1/attributes", {"values": [VALUE]}, token=keys["shop"])


def given(api, shopper, keys):
    """The same, and a session."""
    consented(api, shopper, keys)
    api.post("/v1/sessions", {"questionnaire": "road-bike"}, token=shopper)


def body(reply):
    return json.loads(reply.data)


def write_uses(api):
    for chore in api.client.application.extensions["begleiter"].chores:
        if chore.at_end:
            chore.do()


def test_a_shopper_sees_each_value_with_its_source_purposes_and_last_use(api, shopper, keys):
    given(api, shopper, keys)
    before = body(api.get("/v1/me/data", token=shopper))

    api.post("/v1/advice", {"questionnaire": "road-bike"}, token=shopper)
    write_uses(api)

    (value,) = body(api.get("/v1/me/data", token=shopper))["values"]
    assert (value["source"], value["source_ref"], value["purposes"]) == ("crm", VALUE["source_ref"], ["advice_profile"])
    assert value["last_use"] == {"on": "2026-03-01", "purpose": "advice_profile"}
    assert before["records"] | {"session": 1, "consent_grant": 2, "profile_value": 1} == before["records"]


def test_of_several_sources_values_a_shopper_sees_which_counts_and_which_differ(api, shopper, keys):
    consented(api, shopper, keys)
    values = [VALUE | {"source": "shopper", "value": 180}]
    api.put("/v1/shoppers/customer-1/attributes", {"values": values}, token=keys["shop"])

    told = body(api.get("/v1/me/data", token=shopper))

    used = body(api.post("/v1/advice", {"questionnaire": "road-bike"}, token=shopper))["prefilled"]["height"]
    assert used == {"value": 180, "source": "shopper"}
    assert {each["source"]: each["counts_for"] for each in told["values"]} == {"crm": [], "shopper": ["advice_profile"]}
    assert told["conflicts"] == [
        {"attribute": "height_cm", "purpose": "advice_profile", "counts": "shopper", "differ": ["crm"]}
    ]


def test_a_value_whose_source_says_the_same_is_in_no_conflict(api, shopper, keys):
    consented(api, shopper, keys)
    api.put("/v1/shoppers/customer-1/attributes", {"values": [VALUE | {"source": "shopper"}]}, token=keys["shop"])

    assert body(api.get("/v1/me/data", token=shopper))["conflicts"] == []


def test_what_is_not_consented_is_never_noted_as_used(api, shopper, keys):
    consented(api, shopper, keys)

    api.post("/v1/cross-sell", {"basket": []}, token=shopper)
    write_uses(api)

    assert body(api.get("/v1/me/data", token=shopper))["values"][0]["last_use"] is None


def test_the_copy_comes_as_json_or_csv(api, shopper, keys):
    given(api, shopper, keys)

    as_json = body(api.get("/v1/me/export", token=shopper))
    for reply in (
        api.get("/v1/me/export?format=csv", token=shopper),
        api.get("/v1/me/export", token=shopper, headers={"Accept": "text/csv"}),
    ):
        rows = list(csv.DictReader(io.StringIO(reply.text)))
        assert {row["record"] for row in rows} == {name for name, rows in as_json["records"].items() if rows}
    assert as_json["values"] == [VALUE]
    assert api.get("/v1/me/export?format=json", token=shopper, headers={"Accept": "text/csv"}).mimetype != "text/csv"
    assert api.get("/v1/me/export?format=xml", token=shopper).status_code == 422


def test_the_copy_goes_in_again_as_it_came_out(api, shopper, keys):
    given(api, shopper, keys)
    copy = body(api.get("/v1/me/export", token=shopper))
    api.delete("/v1/me", token=shopper)
    token = body(api.post("/v1/shoppers/customer-1/tokens", token=keys["shop"]))["token"]

    named = ("attribute", "purpose", "source")
    decisions = [{name: each[name] for name in named} | {"given": True} for each in copy["grants"]]
    api.post("/v1/me/consent-events", GIVE | {"decisions": decisions}, token=token)
    taken = api.put("/v1/shoppers/customer-1/attributes", {"values": copy["values"]}, token=keys["shop"])

    assert body(taken) == {"accepted": 1, "refused": []}
    assert body(api.get("/v1/me/export", token=token))["values"] == copy["values"]


def test_the_copy_holds_nothing_that_opens_anything(api, shopper, keys):
    given(api, shopper, keys)

    text = api.get("/v1/me/export", token=shopper).text

    assert shopper not in text
    assert "token_hash" not in text
    assert "canary-key" not in text


def test_erasure_gives_a_receipt_and_the_same_one_again(api, shopper, keys):
    given(api, shopper, keys)

    first = api.delete("/v1/me", token=shopper)
    second = api.delete("/v1/me", token=shopper)

    assert (first.status_code, second.status_code) == (202, 202)
    assert body(first)["id"] == body(second)["id"]
    assert body(first)["at"] == body(second)["at"]


def test_the_same_erasure_at_the_same_moment_gives_the_same_receipt(api, shopper, keys, monkeypatch):
    given(api, shopper, keys)
    rights = api.client.application.extensions["begleiter"].stores.rights
    erase, receipts = rights.erase, []

    def overtaken(*asked, **named):
        monkeypatch.setattr(rights, "erase", erase)
        receipts.append(erase(*asked, **named).erasure.id)
        return erase(*asked, **named)

    monkeypatch.setattr(rights, "erase", overtaken)

    late = api.delete("/v1/me", token=shopper)

    assert (late.status_code, [body(late)["id"]]) == (202, receipts)


def test_after_erasure_the_token_opens_nothing_and_the_shopper_is_unknown(api, shopper, keys):
    given(api, shopper, keys)
    other = body(api.post("/v1/shoppers/customer-1/tokens", token=keys["shop"]))["token"]

    api.delete("/v1/me", token=shopper)

    for token in (shopper, other):
        assert api.get("/v1/me/data", token=token).status_code == 401
        assert api.post("/v1/advice", {"questionnaire": "road-bike"}, token=token).status_code == 401
    assert api.delete("/v1/me", token=other).status_code == 401
    refused = body(api.put("/v1/shoppers/customer-1/attributes", {"values": [VALUE]}, token=keys["shop"]))
    assert [each["reason"] for each in refused["refused"]] == ["no_consent"]


def test_after_erasure_nothing_is_left_in_database_log_and_files(api, shopper, keys, folder, log_stream):
    given(api, shopper, keys)
    path = folder / "begleiter.sqlite3"
    connection = sqlite3.connect(path)
    (subject,) = connection.execute("SELECT id FROM shopper").fetchone()
    connection.close()

    api.delete("/v1/me", token=shopper)

    for needle in ("canary", subject, shopper, "customer-1"):
        assert needle.encode() not in log_stream.getvalue()
        for file in folder.rglob("*"):
            assert not file.is_file() or needle.encode() not in file.read_bytes(), (needle, file.name)


def test_an_erasure_that_cannot_be_finished_is_done_and_the_log_says_what_stands_in_the_way(
    api, shopper, keys, folder, log_stream
):
    given(api, shopper, keys)
    (folder / "var" / "erased.jsonl").mkdir(parents=True)

    reply = api.delete("/v1/me", token=shopper)

    (told,) = [json.loads(line) for line in log_stream.getvalue().splitlines() if b"not finished" in line]
    assert reply.status_code == 202
    assert (told["event"], told["level"], told["error"]) == ("erasure not finished", "error", "IsADirectoryError")


def test_nobody_else_may_see_or_erase(api, shopper, keys):
    for token in (None, keys["shop"], keys["operator"], "bgt_" + "x" * 43):
        assert api.get("/v1/me/data", token=token).status_code == 401
        assert api.get("/v1/me/export", token=token).status_code == 401
        assert api.delete("/v1/me", token=token).status_code == 401


def test_the_head_is_for_the_operator(api, shopper, keys):
    receipt = body(api.post("/v1/me/consent-events", GIVE, token=shopper))

    assert body(api.get("/v1/audit/head", token=keys["operator"])) == receipt["head"]
    assert api.get("/v1/audit/head", token=shopper).status_code == 401
