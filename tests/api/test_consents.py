"""Consent over HTTP: given and withdrawn through one shape, acting at once, telling nobody else anything."""

import pytest

NOTICE = {"id": "profile", "version": "2", "language": "de"}
ADVICE = {"questionnaire": "road-bike", "answers": {}}


def a_decision(**changed):
    return {"attribute": "height_cm", "purpose": "advice_profile", "given": True} | changed


def an_event(*decisions, **notice):
    return {"notice": NOTICE | notice, "decisions": list(decisions or [a_decision()])}


def a_value(**changed):
    given = {
        "attribute": "height_cm",
        "value": 178,
        "source": "crm",
        "source_ref": "contact 17",
        "collected_at": "2026-02-01T08:00:00+01:00",
    }
    return given | changed


def decide(api, shopper, *decisions, **headers):
    return api.post("/v1/me/consent-events", an_event(*decisions), token=shopper, headers=headers)


def deliver(api, keys, *values):
    return api.put("/v1/shoppers/customer-1/attributes", {"values": list(values)}, token=keys["shop"])


def test_giving_tells_the_event_the_notice_by_its_hash_and_the_grants(api, shopper):
    reply = decide(api, shopper)

    assert reply.status_code == 201
    assert reply.json["at"] == "2026-03-01T12:00:00Z"
    assert len(reply.json["notice"]["hash"]) == 64
    assert [each["attribute"] for each in reply.json["grants"]] == ["height_cm"]
    assert api.get("/v1/me/consents", token=shopper).json["grants"] == reply.json["grants"]


def test_a_consented_value_answers_until_it_is_withdrawn(api, keys, shopper):
    decide(api, shopper)
    deliver(api, keys, a_value())

    given = api.post("/v1/advice", ADVICE, token=shopper).json
    asked = api.post("/v1/advice", ADVICE | {"answers": {"height": None, "use": ["daily"]}}, token=shopper).json
    decide(api, shopper, a_decision(given=False))
    withdrawn = api.post("/v1/advice", ADVICE, token=shopper)

    assert given["prefilled"] == {"height": {"value": 178, "source": "crm"}}
    assert asked["prefilled"] == {}
    assert withdrawn.data == api.post("/v1/advice", ADVICE).data


def test_a_guest_and_somebody_who_refused_everything_get_the_same_reply(api, keys, shopper):
    decide(api, shopper, a_decision(given=False))
    deliver(api, keys, a_value())

    refused, guest = api.post("/v1/advice", ADVICE, token=shopper), api.post("/v1/advice", ADVICE)

    assert refused.data == guest.data
    assert set(refused.headers) - {("X-Request-Id", refused.headers["X-Request-Id"])} == set(guest.headers) - {
        ("X-Request-Id", guest.headers["X-Request-Id"])
    }


def test_the_same_key_does_it_once_and_another_request_under_it_is_a_conflict(api, shopper):
    first = decide(api, shopper, **{"Idempotency-Key": "once"})
    again = decide(api, shopper, **{"Idempotency-Key": "once"})
    other = decide(api, shopper, a_decision(given=False), **{"Idempotency-Key": "once"})

    assert first.data == again.data
    assert (other.status_code, other.json["type"]) == (409, "/problems/key-reused")


@pytest.mark.parametrize("key", ["", "x" * 201, "schlüssel".encode().decode("latin-1"), "a\tb"])
def test_an_idempotency_key_that_is_none_is_refused(api, shopper, key):
    reply = decide(api, shopper, **{"Idempotency-Key": key})

    assert (reply.status_code, reply.json["type"]) == (400, "/problems/bad-idempotency-key")


def test_withdrawing_everything_is_one_event(api, shopper):
    decide(api, shopper)

    reply = api.delete("/v1/me/consents", token=shopper)

    assert reply.status_code == 200
    assert [each["outcome"] for each in reply.json["decisions"]] == ["withdrawn"]
    assert reply.json["grants"] == []


@pytest.mark.parametrize(
    ("event", "status", "kind"),
    [
        (an_event(version="1"), 409, "notice-outdated"),
        (an_event(id="nothing"), 404, "unknown-notice"),
        (an_event(a_decision(attribute="shoe_size")), 422, "unknown-attribute"),
        (an_event(a_decision(purpose="profit")), 422, "unknown-purpose"),
        (an_event(a_decision(purpose="cross_sell")), 422, "purpose-not-served"),
        (an_event(a_decision(source="astrology")), 422, "source-not-declared"),
        (an_event(a_decision(), a_decision()), 422, "decided-twice"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_changes_nothing(api, shopper, event, status, kind):
    reply = api.post("/v1/me/consent-events", event, token=shopper)

    assert (reply.status_code, reply.json["type"]) == (status, f"/problems/{kind}")
    assert api.get("/v1/me/consents", token=shopper).json["grants"] == []


def test_a_refused_decision_is_pointed_at(api, shopper):
    reply = decide(api, shopper, a_decision(), a_decision(attribute="shoe_size"))

    assert [error["pointer"] for error in reply.json["errors"]] == ["/decisions/1"]


def test_withdrawing_under_an_outdated_notice_is_never_refused(api, shopper):
    decide(api, shopper)
    withdrawal = an_event(a_decision(given=False), version="1")

    reply = api.post("/v1/me/consent-events", withdrawal, token=shopper)

    assert (reply.status_code, reply.json["grants"]) == (201, [])


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"notice": NOTICE, "decisions": []},
        {"notice": NOTICE, "decisions": "all"},
        {"notice": NOTICE, "decisions": [a_decision(given="yes")]},
        {"notice": NOTICE, "decisions": [a_decision(given=1)]},
        {"notice": NOTICE, "decisions": [a_decision(everything=True)]},
        {"notice": "profile", "decisions": [a_decision()]},
        {"notice": NOTICE | {"version": 2}, "decisions": [a_decision()]},
        {"notice": NOTICE, "decisions": [a_decision()] * 101},
    ],
)
def test_an_event_of_another_shape_is_refused_field_by_field(api, shopper, event):
    reply = api.post("/v1/me/consent-events", event, token=shopper)

    assert (reply.status_code, reply.json["type"]) == (422, "/problems/invalid-request")
    assert reply.json["errors"]


@pytest.mark.parametrize("path", ["/v1/me/consents", "/v1/me/consent-events", "/v1/shoppers/x/tokens", "/v1/models"])
def test_calls_that_need_a_token_say_so(api, path):
    method = "GET" if path in ("/v1/me/consents", "/v1/models") else "POST"

    reply = api(method, path)

    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_of_another_scope_is_no_token(api, keys, shopper):
    session = api.post("/v1/sessions", {"questionnaire": "road-bike"}).json["token"]

    for token in (keys["shop"], keys["operator"], session, "bgt_" + "x" * 43):
        assert api.get("/v1/me/consents", token=token).status_code == 401
        assert api.post("/v1/advice", ADVICE, token=token).status_code == 401
    for token in (shopper, keys["operator"], session):
        assert api.post("/v1/shoppers/customer-1/tokens", token=token).status_code == 401
    assert api.get("/v1/models", token=keys["shop"]).status_code == 401


def test_a_shoppers_token_ends_after_an_hour(api, keys, clock):
    issued = api.post("/v1/shoppers/customer-1/tokens", token=keys["shop"]).json

    clock.goes_on(minutes=61)

    assert issued["expires_at"] == "2026-03-01T13:00:00Z"
    assert api.get("/v1/me/consents", token=issued["token"]).status_code == 401


def test_values_without_consent_are_refused_with_the_reason(api, keys, shopper):
    decide(api, shopper)

    reply = deliver(api, keys, a_value(), a_value(value="tall"), a_value(attribute="riding_style", value="fast"))

    assert reply.json == {
        "accepted": 1,
        "refused": [
            {"index": 1, "attribute": "height_cm", "reason": "wrong_type"},
            {"index": 2, "attribute": "riding_style", "reason": "no_consent"},
        ],
    }


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"collected_at": "yesterday"}, "/values/0/collected_at"),
        ({"collected_at": "2026-02-01T08:00:00"}, "/values/0/collected_at"),
        ({"collected_at": "0001-01-01T00:00:00+23:59"}, "/values/0/collected_at"),
        ({"collected_at": "9999-12-31T23:59:59-23:59"}, "/values/0/collected_at"),
        ({"collected_at": 17}, "/values/0/collected_at"),
        ({"source_ref": ""}, "/values/0/source_ref"),
        ({"source_ref": "a\x00b"}, "/values/0/source_ref"),
        ({"value": "a\x00b"}, "/values/0/value"),
        ({"value": None}, "/values/0/value"),
        ({"value": ["a"]}, "/values/0/value"),
        ({"secret": 1}, "/values/0/secret"),
    ],
)
def test_a_malformed_delivery_is_pointed_at(api, keys, change, pointer):
    reply = deliver(api, keys, a_value(**change))

    assert reply.status_code == 422
    assert [error["pointer"] for error in reply.json["errors"]] == [pointer]


NO_REFERENCES = ("x" * 201, "M%fcller", "%ff", "%ed%a0%80", "%C0%AF", "%EF%BF%BD", "a%0Ab", "a%00b", "%20a", "a%20")


@pytest.mark.parametrize("ref", NO_REFERENCES)
def test_a_reference_that_can_be_none_or_was_lost_in_decoding_is_no_shopper(api, keys, ref):
    reply = api.post(f"/v1/shoppers/{ref}/tokens", token=keys["shop"])

    assert (reply.status_code, reply.json["type"]) == (404, "/problems/no-such-shopper")


@pytest.mark.parametrize("ref", ["DE%2F4711", "DE%2F%2Ftokens", "M%C3%BCller%20%26%20Sohn"])
def test_a_reference_may_hold_slashes_and_whatever_is_printed(api, keys, ref):
    token = api.post(f"/v1/shoppers/{ref}/tokens", token=keys["shop"]).json["token"]
    decide(api, token)

    taken = api.put(f"/v1/shoppers/{ref}/attributes", {"values": [a_value()]}, token=keys["shop"])

    assert taken.json["accepted"] == 1


def test_the_register_is_told_in_the_wanted_language(api):
    purposes = api.get("/v1/purposes", headers={"Accept-Language": "en"})
    attributes = api.get("/v1/attributes?locale=de")
    notice = api.get("/v1/notices/profile/2?locale=en")

    assert [each["id"] for each in purposes.json["purposes"]] == ["advice_session", "advice_profile", "cross_sell"]
    assert purposes.json["purposes"][1]["text"] == "Advise with the profile"
    assert attributes.json["attributes"][0]["label"] == "Körpergröße"
    assert (notice.json["text"], notice.headers["Content-Language"]) == ("Notice.", "en")
    assert api.get("/v1/notices/profile/3").status_code == 404


def test_a_notice_tells_who_processes_and_a_purpose_until_when_and_by_which_terms(folder, serve):
    register = folder / "shop" / "privacy.yaml"
    processing = "{controller: Radhaus, contact: a@b.example, withdrawal: {de: Ein Klick, en: One click}}"
    text = register.read_text().replace(
        "basis: consent\n  cross_sell", "basis: consent\n    valid_for_days: 90\n  cross_sell"
    )
    register.write_text(f"{text}    processing: {processing}\n")

    api = serve()

    told = api.get("/v1/notices/profile/2?locale=en").json["processing"]
    assert (told["controller"], told["withdrawal"], told["officer"], told["recipients"]) == (
        "Radhaus",
        "One click",
        None,
        [],
    )
    assert api.get("/v1/notices/profile/1").json["processing"] is None
    assert [(each["valid_for_days"], each["terms"]["dpv"]) for each in api.get("/v1/purposes").json["purposes"]] == [
        (None, "dpv:RequestedServiceProvision"),
        (90, "dpv:ProvidePersonalisedRecommendations"),
        (None, "dpv:ProvideProductRecommendations"),
    ]
