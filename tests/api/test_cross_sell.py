"""POST /v1/cross-sell and the models: rules first, a model where there is one, and no error where there is none."""

import json
import shutil

import pytest

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
    assert "2026-01-01-0123456789abcdef" in api.get("/v1/models", token=keys["operator"]).json["refused"]


def test_the_operator_sees_the_models(api, keys, folder):
    reply = api.get("/v1/models", token=keys["operator"])

    assert reply.json == {"models": [], "refused": None}


def test_a_catalogue_that_changed_on_disk_does_not_change_what_is_in_force(api, folder):
    shutil.rmtree(folder / "shop")

    assert json.loads(api.post("/v1/cross-sell", BASKET).data)["suggestions"]
