"""Answers worth remembering over HTTP: offered to everybody alike, kept under consent alone, asked no more."""

import pytest

NOTICE = {"id": "profile", "version": "2", "language": "de"}
TALL = {"questionnaire": "road-bike", "question": "height", "value": 170}
ANSWERED = {"questionnaire": "road-bike", "answers": {"height": 170}}
ASKED = {"questionnaire": "road-bike", "answers": {}}


def allows(api, shopper, attribute="height_cm", purpose="advice_profile", *, given=True):
    decisions = [{"attribute": attribute, "purpose": purpose, "given": given}]
    assert (
        api.post("/v1/me/consent-events", {"notice": NOTICE, "decisions": decisions}, token=shopper).status_code < 300
    )


def remembered(api, shopper, **headers):
    return api.post("/v1/me/remembered", TALL, token=shopper, headers=headers)


def values(api, shopper):
    return [(each["attribute"], each["value"], each["source"], each["source_ref"]) for each in held(api, shopper)]


def held(api, shopper):
    return api.get("/v1/me/data", token=shopper).json["values"]


@pytest.fixture
def twice(folder):
    """A second purpose for the height, and a second questionnaire that asks the profile for it."""
    register = folder / "shop" / "privacy.yaml"
    register.write_text(
        register.read_text().replace("purposes: [advice_profile]", "purposes: [advice_profile, cross_sell]")
    )
    text = (folder / "questionnaires" / "road-bike.yaml").read_text()
    (folder / "questionnaires" / "city.yaml").write_text(
        text.replace("questionnaire: road-bike", "questionnaire: city")
    )


def test_the_state_offers_an_explicit_answer_and_nothing_that_the_profile_gave(api, shopper):
    offer = [{"question": "height", "attribute": "height_cm", "purpose": "advice_profile"}]
    allows(api, shopper)

    answered, unsure, unanswered = (
        api.post("/v1/advice", {"questionnaire": "road-bike", "answers": answers}, token=shopper).json["remember"]
        for answers in ({"height": 170, "use": ["daily"]}, {"height": "not_sure"}, {})
    )
    remembered(api, shopper)
    prefilled = api.post("/v1/advice", ASKED, token=shopper).json

    assert (answered, unsure, unanswered) == (offer, [], [])
    assert prefilled["prefilled"] == {"height": {"value": 170, "source": "shopper"}}
    assert prefilled["remember"] == []


def test_a_remembered_answer_prefills_every_questionnaire_and_names_where_it_was_given(twice, api, shopper):
    allows(api, shopper)

    reply = remembered(api, shopper)

    assert (reply.status_code, reply.json) == (200, {"stored": True})
    assert values(api, shopper) == [("height_cm", 170, "shopper", "road-bike/height")]
    for questionnaire in ("road-bike", "city"):
        state = api.post("/v1/advice", {"questionnaire": questionnaire, "answers": {}}, token=shopper).json
        assert state["prefilled"] == {"height": {"value": 170, "source": "shopper"}}


def test_an_answer_is_remembered_only_under_a_consent_to_that_attribute_and_purpose(twice, api, shopper):
    without = remembered(api, shopper).json
    allows(api, shopper, "riding_style", "cross_sell")
    allows(api, shopper, "height_cm", "cross_sell")
    for_something_else = remembered(api, shopper).json
    kept = values(api, shopper)
    allows(api, shopper)
    allowed = remembered(api, shopper).json

    assert (without, for_something_else, allowed) == ({"stored": False}, {"stored": False}, {"stored": True})
    assert kept == []


def test_a_changed_answer_is_remembered_instead_and_a_withdrawal_forgets_it(api, shopper):
    allows(api, shopper)
    remembered(api, shopper)

    again = api.post("/v1/me/remembered", TALL | {"value": 185.5}, token=shopper).json
    changed = values(api, shopper)
    allows(api, shopper, given=False)

    assert again == {"stored": True}
    assert [value for _, value, _, _ in changed] == [185.5]
    assert values(api, shopper) == []
    assert remembered(api, shopper).json == {"stored": False}


def test_a_browser_that_opts_out_has_nothing_remembered(api, shopper):
    allows(api, shopper)

    reply = remembered(api, shopper, **{"Sec-GPC": "1"})

    assert reply.json == {"stored": False}
    assert values(api, shopper) == []


def test_what_may_be_remembered_is_told_in_the_same_bytes_to_everybody(api, shopper):
    refused = api.post("/v1/advice", ANSWERED, token=shopper).data
    allows(api, shopper)
    remembered(api, shopper)
    opted_out = api.post("/v1/advice", ANSWERED, token=shopper, headers={"Sec-GPC": "1"}).data

    guest = api.post("/v1/advice", ANSWERED).data

    assert refused == guest == opted_out
    assert b'"remember":[{"question":"height"' in guest


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"question": "use"}, "/question"),
        ({"question": "shoe_size"}, "/question"),
        ({"value": 119}, "/value"),
        ({"value": "tall"}, "/value"),
        ({"value": None}, "/value"),
        ({"extra": 1}, "/extra"),
    ],
)
def test_what_cannot_be_remembered_is_told_with_its_place(api, shopper, changed, pointer):
    reply = api.post("/v1/me/remembered", TALL | changed, token=shopper)

    assert reply.status_code == 422
    assert [each["pointer"] for each in reply.json["errors"]] == [pointer]


def test_not_being_sure_is_nothing_to_remember(api, shopper):
    allows(api, shopper)

    reply = api.post("/v1/me/remembered", TALL | {"value": "not_sure"}, token=shopper)

    assert reply.json == {"stored": False}


def test_only_the_shopper_has_something_remembered(api, keys):
    for token in (None, keys["shop"], keys["operator"]):
        assert api.post("/v1/me/remembered", TALL, token=token).status_code == 401
    assert api.post("/v1/me/remembered", TALL | {"questionnaire": "boat"}, token=None).status_code == 401


def test_an_unknown_questionnaire_is_told(api, shopper):
    assert api.post("/v1/me/remembered", TALL | {"questionnaire": "boat"}, token=shopper).status_code == 404


def test_of_a_questionnaire_about_what_the_shopper_blocks_nothing_is_remembered(api, shopper):
    allows(api, shopper)
    api.put("/v1/me/blocked-topics", {"topics": ["road_bike"]}, token=shopper)

    blocked = remembered(api, shopper)
    kept_then = values(api, shopper)
    api.put("/v1/me/blocked-topics", {"topics": ["pedal"]}, token=shopper)

    assert (blocked.json, kept_then) == ({"stored": False}, [])
    assert remembered(api, shopper).json == {"stored": True}


def test_as_soon_as_the_shop_calls_a_category_sensitive_nothing_said_about_it_is_offered_or_remembered(
    api, shopper, folder
):
    allows(api, shopper)
    shop = folder / "shop" / "shop.yaml"
    text = shop.read_text()
    assert "  road_bike: {" in text
    shop.write_text(text.replace("  road_bike: {", "  road_bike: {sensitive: yes, "))
    api.looks_at_the_files()

    state = api.post("/v1/advice", ANSWERED, token=shopper)

    assert (state.status_code, state.json["remember"]) == (200, [])
    assert remembered(api, shopper).json == {"stored": False}
    assert values(api, shopper) == []
