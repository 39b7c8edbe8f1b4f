"""Blocked topics over HTTP: nothing of them is suggested, heard or kept, for the shopper who blocks them alone."""

import pytest

from service.cross_sell.pointer import publish
from tests.api.conftest import settings_for
from tests.api.test_interactions import NOTICE, PURPOSES
from tests.cross_sell.artefacts import an_artefact

SKUS = ("PD-1", "RB-1-54", "RB-2-54")
GOES = {one: {other: 1.0 for other in SKUS if other != one} for one in SKUS}


@pytest.fixture
def folder(folder):
    """A register that foresees capturing, and a model that finds that everything goes with everything."""
    register, models = folder / "shop" / "privacy.yaml", settings_for(folder).models
    register.write_text(register.read_text().replace("attributes:\n", PURPOSES, 1))
    pairs = [(one, other, 20) for one in SKUS for other in SKUS if one < other]
    publish(models, an_artefact(models, *SKUS, goes=GOES, went=GOES, pairs=pairs, popularity=[30, 40, 50]))
    return folder


def blocks(api, shopper, *topics):
    return api.put("/v1/me/blocked-topics", {"topics": list(topics)}, token=shopper)


def suggested(api, token, *basket):
    reply = api.post("/v1/cross-sell", {"basket": list(basket)}, token=token).json
    return {each["sku"] for each in reply["suggestions"]}


def companions(api, token, path="/v1/advice"):
    state = api.post(path, {"questionnaire": "road-bike"}, token=token).json
    return {each["sku"] for each in state.get("state", state)["companions"]}


def test_what_is_blocked_is_told_and_replaced_as_a_whole(api, shopper):
    assert api.get("/v1/me/blocked-topics", token=shopper).json["topics"] == []

    first, second = blocks(api, shopper, "pedal", "health").json, blocks(api, shopper, "pregnancy").json

    assert first["topics"] == ["health", "pedal"]
    assert second["topics"] == api.get("/v1/me/blocked-topics", token=shopper).json["topics"] == ["pregnancy"]
    assert {"pregnancy", "health", "road_bike", "pedal"} <= set(second["may_be_blocked"])


def test_nothing_of_a_blocked_category_is_suggested_and_a_guest_sees_it_still(api, shopper):
    before = [suggested(api, shopper, "RB-1-54"), suggested(api, shopper), companions(api, shopper)]

    blocks(api, shopper, "pedal")

    assert all("PD-1" in each for each in before)
    for basket in (["RB-1-54"], ["RB-2-54"], []):
        assert "PD-1" not in suggested(api, shopper, *basket)
        assert "PD-1" in suggested(api, None, *basket)
    assert suggested(api, shopper)
    for path in ("/v1/advice", "/v1/sessions"):
        assert companions(api, shopper, path) == set()
        assert companions(api, None, path) == {"PD-1"}


def test_what_is_blocked_says_nothing_in_the_basket(api, shopper):
    blocks(api, shopper, "pedal")

    with_it, without = (api.post("/v1/cross-sell", {"basket": basket}, token=shopper).json for basket in (["PD-1"], []))

    assert with_it["suggestions"] == without["suggestions"]
    assert with_it["suggestions"] != api.post("/v1/cross-sell", {"basket": ["PD-1"]}).json["suggestions"]


def test_interactions_with_what_is_blocked_are_deleted_and_kept_no_more(api, shopper):
    decisions = [{"attribute": "orders", "purpose": "behaviour_capture", "given": True}]
    api.post("/v1/me/consent-events", {"notice": NOTICE, "decisions": decisions}, token=shopper)

    def looks_at(sku):
        return api.post("/v1/interactions", {"kind": "view", "sku": sku}, token=shopper).json["stored"]

    before = [looks_at("PD-1"), looks_at("RB-1-54")]
    blocks(api, shopper, "pedal")
    after = [looks_at("PD-1"), looks_at("RB-1-54")]

    records = api.get("/v1/me/export", token=shopper).json["records"]
    assert (before, after) == ([True, True], [False, True])
    assert [row["sku"] for row in records["interaction"]] == ["RB-1-54"] * 2
    assert records["blocked_topic"] == [{"topic": "pedal"}]


def test_what_is_unknown_is_refused_with_its_place_and_changes_nothing(api, shopper):
    blocks(api, shopper, "pedal")

    reply = blocks(api, shopper, "pregnancy", "shoe_size")

    assert reply.status_code == 422
    assert [each["pointer"] for each in reply.json["errors"]] == ["/topics/1"]
    assert api.get("/v1/me/blocked-topics", token=shopper).json["topics"] == ["pedal"]


def test_only_the_shopper_blocks(api, keys):
    for token in (None, keys["shop"], keys["operator"]):
        assert blocks(api, token, "pedal").status_code == 401
        assert api.get("/v1/me/blocked-topics", token=token).status_code == 401


def test_erasure_takes_what_was_blocked_along(api, shopper, folder):
    blocks(api, shopper, "trade_union")

    assert api.delete("/v1/me", token=shopper).status_code == 202

    for path in folder.glob("begleiter.sqlite3*"):
        assert b"trade_union" not in path.read_bytes()
