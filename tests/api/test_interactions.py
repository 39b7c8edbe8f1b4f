"""What a shopper does over HTTP: kept under their consent alone, and one reply to everybody else."""

import json

import pytest

from service.cross_sell.pointer import publish
from tests.api.conftest import settings_for
from tests.cross_sell.artefacts import an_artefact

NOTICE = {"id": "profile", "version": "2", "language": "de"}
VIEW = {"kind": "view", "sku": "RB-1-54"}
PURPOSES = """\
  behaviour_capture:
    text: {de: Merken, en: Capture}
    example: {de: Was du ansiehst., en: What you look at.}
    legal_basis: consent
  model_training:
    text: {de: Lernen, en: Learn}
    example: {de: Aus Käufen., en: From purchases.}
    legal_basis: consent
attributes:
  orders:
    label: {de: Käufe, en: Orders}
    why: {de: Damit es passt., en: So that it fits.}
    kind: behaviour
    purposes: [behaviour_capture, cross_sell, model_training]
"""
SENSITIVE = """\
  pedal: {label: {de: Pedale, en: Pedals}, sensitive: yes}
"""


@pytest.fixture
def folder(folder):
    """The shop's folder with a register that foresees capturing, and with sensitive pedals."""
    register, shop = (folder / "shop" / name for name in ("privacy.yaml", "shop.yaml"))
    register.write_text(register.read_text().replace("attributes:\n", PURPOSES, 1))
    shop.write_text(shop.read_text().replace("  pedal: {label: {de: Pedale, en: Pedals}}\n", SENSITIVE))
    return folder


def decides(api, shopper, *purposes, given=True):
    decisions = [{"attribute": "orders", "purpose": purpose, "given": given} for purpose in purposes]
    assert (
        api.post("/v1/me/consent-events", {"notice": NOTICE, "decisions": decisions}, token=shopper).status_code < 300
    )


def captured(api, shopper):
    rows = api.get("/v1/me/export", token=shopper).json["records"]["interaction"]
    assert api.get("/v1/me/data", token=shopper).json["records"]["interaction"] == len(rows)
    return [(row["kind"], row["sku"]) for row in rows]


def does(api, token, deed=VIEW, **headers):
    return api.post("/v1/interactions", deed, token=token, headers={k.replace("_", "-"): v for k, v in headers.items()})


def a_session(api, shopper):
    return api.post("/v1/sessions", {"questionnaire": "road-bike"}, token=shopper).json["token"]


@pytest.mark.parametrize("kind", ["view", "basket", "purchase"])
def test_what_a_shopper_allows_is_kept_and_shown_to_them(api, shopper, kind):
    decides(api, shopper, "behaviour_capture")

    reply = does(api, shopper, VIEW | {"kind": kind})

    assert (reply.status_code, reply.json) == (200, {"stored": True})
    assert captured(api, shopper) == [(kind, "RB-1-54")]


def test_what_is_done_in_a_shoppers_session_is_theirs(api, shopper):
    session = a_session(api, shopper)
    before = does(api, session).json
    decides(api, shopper, "behaviour_capture")

    assert (before, does(api, session).json) == ({"stored": False}, {"stored": True})
    assert captured(api, shopper) == [("view", "RB-1-54")]


def test_whoever_has_not_consented_gets_the_bytes_of_a_guest_and_nothing_is_kept(api, shopper):
    guests = [does(api, None), does(api, a_session(api, None))]
    session = a_session(api, shopper)
    refused = [does(api, shopper), does(api, session)]
    decides(api, shopper, "model_training")
    for_something_else = [does(api, shopper), does(api, session)]
    decides(api, shopper, "behaviour_capture")
    opted_out = [does(api, shopper, Sec_GPC="1"), does(api, session, Sec_GPC="1")]

    replies = [*guests, *refused, *for_something_else, *opted_out]

    assert {reply.data for reply in replies} == {b'{"stored":false}'}
    assert len({told(reply) for reply in replies}) == 1
    assert captured(api, shopper) == []


def told(reply):
    return (reply.status_code, tuple(each for each in reply.headers if each[0] != "X-Request-Id"))


def test_a_withdrawal_deletes_at_once_what_was_captured(api, shopper):
    decides(api, shopper, "behaviour_capture", "model_training")
    does(api, shopper, Idempotency_Key="a")

    decides(api, shopper, "behaviour_capture", given=False)

    assert captured(api, shopper) == []
    assert does(api, shopper, Idempotency_Key="a").json == {"stored": False}
    decides(api, shopper, "behaviour_capture")
    assert captured(api, shopper) == []


def test_nothing_is_kept_of_a_sensitive_product(api, shopper):
    decides(api, shopper, "behaviour_capture")

    assert does(api, shopper, VIEW | {"sku": "PD-1"}).data == does(api, None, VIEW | {"sku": "PD-1"}).data
    assert captured(api, shopper) == []


def test_the_same_request_under_one_key_is_kept_once(api, shopper):
    decides(api, shopper, "behaviour_capture")

    replies = [does(api, shopper, Idempotency_Key="a").json for _ in range(3)]
    other = does(api, shopper, VIEW | {"kind": "basket"}, Idempotency_Key="a")

    assert replies == [{"stored": True}] * 3
    assert other.status_code == 409
    assert captured(api, shopper) == [("view", "RB-1-54")]
    assert does(api, shopper, Idempotency_Key="").status_code == 400


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [({"sku": "nothing"}, "/sku"), ({"sku": ""}, "/sku"), ({"kind": "look"}, "/kind"), ({"at": "now"}, "/at")],
)
def test_what_cannot_be_is_told_to_everybody_alike(api, shopper, changed, pointer):
    decides(api, shopper, "behaviour_capture")

    replies = [does(api, token, VIEW | changed) for token in (shopper, a_session(api, None), None)]

    assert [reply.status_code for reply in replies] == [422] * 3
    assert [each["pointer"] for each in replies[0].json["errors"]] == [pointer]
    assert len({reply.data for reply in replies}) == 1


def test_a_token_that_opens_nothing_here_is_refused(api, shopper, keys, clock):
    session = a_session(api, shopper)
    clock.goes_on(days=400)

    for token in (keys["shop"], "bgs_" + "x" * 43, "bgt_" + "x" * 43, session, shopper):
        assert does(api, token).status_code == 401


def test_where_the_register_does_not_foresee_it_nothing_is_kept(api, shopper, folder):
    decides(api, shopper, "behaviour_capture")
    register = folder / "shop" / "privacy.yaml"
    register.write_text(
        register.read_text().replace("[behaviour_capture, cross_sell, model_training]", "[model_training]")
    )
    api.looks_at_the_files()

    assert does(api, shopper).json == {"stored": False}
    assert captured(api, shopper) == []


def test_erasure_takes_what_was_captured_along(api, shopper, folder):
    decides(api, shopper, "behaviour_capture")
    does(api, shopper, VIEW | {"sku": "RB-2-54"})

    assert api.delete("/v1/me", token=shopper).status_code == 202

    for path in folder.glob("begleiter.sqlite3*"):
        assert b"RB-2-54" not in path.read_bytes()


def test_no_log_line_says_what_was_done(api, shopper, log_stream):
    decides(api, shopper, "behaviour_capture")

    does(api, shopper)

    lines = [json.loads(line) for line in log_stream.getvalue().splitlines()]
    assert [line for line in lines if line.get("route") == "/v1/interactions"]
    assert "RB-1-54" not in log_stream.getvalue().decode()


def test_what_was_told_to_be_bought_is_owned_from_the_next_suggestion_on_under_both_consents(api, shopper, folder):
    skus = ("PD-1", "RB-1-54", "RB-2-54")
    goes = {"RB-1-54": {"RB-2-54": 1.0}}
    publish(settings_for(folder).models, an_artefact(settings_for(folder).models, *skus, goes=goes))
    page = {"basket": ["RB-1-54"]}

    def suggested(token=shopper):
        reply = api.post("/v1/cross-sell", page, token=token).json
        return [each["sku"] for each in reply["suggestions"]], [each["attribute"] for each in reply["basis"]["used"]]

    decides(api, shopper, "behaviour_capture")
    does(api, shopper, {"kind": "purchase", "sku": "RB-2-54"})
    assert suggested() == suggested(None) == (["RB-2-54"], [])

    decides(api, shopper, "cross_sell")
    assert suggested() == ([], ["orders"])
    assert suggested(None) == (["RB-2-54"], [])

    decides(api, shopper, "behaviour_capture", given=False)
    assert suggested() == suggested(None)
