"""POST /v1/cross-sell and the models: rules first, a model where there is one, and no error where there is none."""

import json
import os
import shutil
import sqlite3
from datetime import timedelta

import pytest

from service.catalogue.product import LONGEST_SKU
from service.cross_sell.pointer import publish
from tests.cross_sell.artefacts import an_artefact

BASKET = {"basket": ["RB-1-54"]}


def test_without_a_model_the_shops_rules_still_suggest(api):
    reply = api.post("/v1/cross-sell", BASKET | {"locale": "en"})

    assert reply.status_code == 200
    assert [(each["sku"], each["kind"], each["because"]) for each in reply.json["suggestions"]] == [
        ("PD-1", "must_have", {"text": "Comes without pedals", "sku": "RB-1-54"})
    ]
    assert (reply.json["model"], reply.json["degraded"]) == (None, "no_model")
    assert reply.headers["Content-Language"] == "en"


def test_an_unknown_sku_is_no_error(api):
    reply = api.post("/v1/cross-sell", {"basket": ["RB-1-54", "nothing"]})

    assert reply.json["unknown_skus"] == ["nothing"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"basket": "RB-1-54"},
        {"basket": [7]},
        {"basket": [""]},
        {"basket": ["x"] * 101},
        BASKET | {"limit": 0},
        BASKET | {"limit": 51},
        BASKET | {"limit": "5"},
        BASKET | {"limit": 2.5},
        BASKET | {"occasion": "christmas"},
        BASKET | {"locale": "not a locale"},
    ],
)
def test_a_request_of_another_shape_is_refused(api, body):
    assert api.post("/v1/cross-sell", body).status_code == 422


def test_a_corrupt_model_is_named_and_suggestions_go_on(serve, folder, keys):
    models = folder / "var" / "models"
    (models / "2026-01-01-0123456789abcdef").mkdir(parents=True)
    (models / "CURRENT").write_text("2026-01-01-0123456789abcdef\n")

    api = serve()

    assert api.post("/v1/cross-sell", BASKET).json["degraded"] == "no_model"
    assert "2026-01-01-0123456789abcdef" in api.get("/ready").json["model"]["refused"]
    assert api.get("/ready").status_code == 200
    assert 'begleiter_refused{code="refused",part="model"} 1.0' in api.get("/metrics").data.decode()
    assert "2026-01-01-0123456789abcdef" in api.get("/v1/models", token=keys["operator"]).json["refused"]


def test_the_operator_sees_the_models(api, keys, folder):
    reply = api.get("/v1/models", token=keys["operator"])

    assert reply.json == {"models": [], "refused": None}


def test_a_catalogue_that_changed_on_disk_does_not_change_what_is_in_force(api, folder):
    shutil.rmtree(folder / "shop")

    assert json.loads(api.post("/v1/cross-sell", BASKET).data)["suggestions"]


@pytest.fixture
def models(folder):
    return folder / "var" / "models"


def a_model(models, *, until="2026-02-28", **changed):
    learnt = {"goes": {"RB-1-54": {"PD-1": 1.0}}, "categories": ("pedal", "road_bike")} | changed
    return an_artefact(models, "PD-1", "RB-1-54", until=until, **learnt)


def test_the_operator_switches_between_models_and_the_next_reply_names_the_new_one(serve, models, keys):
    one, other = a_model(models), a_model(models, until="2026-03-31")
    publish(models, one)
    api = serve()
    assert api.post("/v1/cross-sell", BASKET).json["model"] == {"version": one.name}

    reply = api.post(f"/v1/models/{other.name}/activate", token=keys["operator"])

    assert reply.status_code == 200
    assert {each["version"]: each["in_service"] for each in reply.json["models"]} == {
        one.name: False,
        other.name: True,
    }
    assert api.post("/v1/cross-sell", BASKET).json["model"] == {"version": other.name}


def test_the_operator_reads_what_a_model_says_of_itself(serve, models, keys):
    folder = a_model(models)
    publish(models, folder)
    api = serve()

    reply = api.get(f"/v1/models/{folder.name}", token=keys["operator"])

    assert reply.json["in_service"] is True
    assert reply.json["told"]["window"]["until"] == "2026-02-28"
    assert "files" not in reply.json["told"]
    assert api.get("/v1/models/2020-01-01-0123456789abcdef", token=keys["operator"]).status_code == 404


def test_a_model_whose_manifest_is_refused_is_shown_with_the_reason(serve, models, keys):
    folder = a_model(models)
    (folder / "manifest.json").write_text("{}")

    reply = serve().get(f"/v1/models/{folder.name}", token=keys["operator"])

    assert reply.json["told"] is None
    assert reply.json["refused"]


def test_the_operator_removes_older_models_and_the_one_in_service_stays(serve, models, keys):
    oldest, middle, newest = (a_model(models, until=f"2026-0{month}-28") for month in (1, 2, 3))
    for age, folder in enumerate((newest, middle, oldest)):
        os.utime(folder, (1_700_000_000 - age, 1_700_000_000 - age))
    publish(models, oldest)
    api = serve()

    reply = api.post("/v1/models/prune", {"keep": 1}, token=keys["operator"])

    assert reply.json["removed"] == [middle.name]
    assert {each["version"] for each in reply.json["models"]} == {oldest.name, newest.name}
    assert api.post("/v1/cross-sell", BASKET).json["model"] == {"version": oldest.name}


@pytest.mark.parametrize("body", [{"keep": 0}, {"keep": "5"}, {"keep": 2.5}, {"kept": 5}])
def test_a_request_to_prune_of_another_shape_removes_nothing(serve, models, keys, body):
    folder, api = a_model(models), serve()

    assert api.post("/v1/models/prune", body, token=keys["operator"]).status_code == 422
    assert folder.is_dir()


def test_only_the_operator_reads_and_removes_models(serve, models, keys):
    folder, api = a_model(models), serve()

    for token in (keys["shop"], None):
        assert api.get(f"/v1/models/{folder.name}", token=token).status_code == 401
        assert api.post("/v1/models/prune", {"keep": 1}, token=token).status_code == 401


def test_only_the_operator_switches_models(serve, models, keys):
    folder, api = a_model(models), serve()

    assert api.post(f"/v1/models/{folder.name}/activate", token=keys["shop"]).status_code == 401
    assert api.post(f"/v1/models/{folder.name}/activate").status_code == 401


def test_a_model_that_is_not_there_or_damaged_is_not_put_into_service(serve, models, keys):
    good, bad = a_model(models), a_model(models, until="2026-03-31")
    publish(models, good)
    (bad / "products.npy").unlink()
    api = serve()

    missing = api.post("/v1/models/2020-01-01-0123456789abcdef/activate", token=keys["operator"])
    damaged = api.post(f"/v1/models/{bad.name}/activate", token=keys["operator"])

    assert (missing.status_code, damaged.status_code) == (404, 409)
    assert "products.npy" in damaged.json["detail"].lower()
    assert api.get("/ready").json["model"]["version"] == good.name


def test_a_model_is_refused_when_a_withdrawal_has_waited_too_long(serve, models, folder, clock):
    published = a_model(models)
    publish(models, published)
    for path in (published, published / "manifest.json"):
        os.utime(path, (clock.now.timestamp(), clock.now.timestamp()))
    api = serve(withdrawal_days=30)
    with sqlite3.connect(folder / "begleiter.sqlite3") as database:
        withdraw(database, clock.now + timedelta(days=1))
    assert api.post("/v1/cross-sell", BASKET).json["degraded"] is None

    clock.now += timedelta(days=32)
    again = serve(withdrawal_days=30)

    assert again.post("/v1/cross-sell", BASKET).json["degraded"] == "no_model"
    assert "begleiter retrain" in again.get("/ready").json["model"]["refused"]
    assert serve(withdrawal_days=60).post("/v1/cross-sell", BASKET).json["degraded"] is None


def withdraw(database, at):
    """The ledger's entry of an erasure, which counts as a withdrawal."""
    columns = "position, id, kind, at, commitment, key_id, previous_hash, entry_hash"
    values = (1, "e1", "erasure", int(at.timestamp() * 1_000_000), "", "", "", "")
    database.execute(f"INSERT INTO consent_event ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)


def test_what_is_shown_and_what_came_of_it_is_counted_without_ids(serve, models):
    version = a_model(models).name
    publish(models, models / version)
    api = serve()
    api.post("/v1/cross-sell", {"basket": ["RB-1-54", "nothing"]})
    api.post("/v1/cross-sell", {"basket": []})

    told = api.post("/v1/cross-sell/outcomes", {"kind": "must_have", "outcome": "clicked"})
    figures = api.get("/metrics").data.decode()

    assert told.json == {"counted": True}
    for line in (
        f'begleiter_cross_sell_baskets_total{{known="some",model="{version}",occasion="basket"}} 1.0',
        f'begleiter_cross_sell_baskets_total{{known="empty",model="{version}",occasion="basket"}} 1.0',
        'begleiter_cross_sell_replies_total{degraded="popular_only",occasion="basket"} 1.0',
        'begleiter_suggestions_total{kind="must_have",outcome="clicked"} 1.0',
    ):
        assert line in figures
    assert "RB-1" not in figures


@pytest.mark.parametrize(
    "body", [{}, {"kind": "must_have"}, {"kind": "x", "outcome": "clicked"}, {"kind": "must_have", "outcome": "seen"},
             {"kind": "must_have", "outcome": "clicked", "sku": "RB-1"}],
)  # fmt: skip
def test_an_outcome_of_another_shape_is_refused(api, body):
    assert api.post("/v1/cross-sell/outcomes", body).status_code == 422


def test_skus_are_taken_as_long_as_the_catalogue_takes_them(api):
    longest = "x" * LONGEST_SKU

    told = api.post("/v1/cross-sell", {"basket": [longest]})

    assert (told.status_code, told.json["unknown_skus"]) == (200, [longest])
    assert api.post("/v1/cross-sell", {"basket": [f"{longest}x"]}).status_code == 422
