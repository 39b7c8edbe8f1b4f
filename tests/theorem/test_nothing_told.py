"""Whatever happens, no log line, figure or error holds a value, an answer, a token, a reference or a sku."""

import json
from random import Random

import pytest

from service.privacy.secret import Secret
from service.privacy.shoppers import pseudonym
from tests.builders import DAY, NOW
from tests.theorem.calls import CALLS, Request
from tests.theorem.cells import grant, micros
from tests.theorem.pairs import Pair
from tests.theorem.shop_folder import SKUS

TRIES = 8
HEIGHT, SEAT = 177.125, "canary-of-a-seat"


def a_profile(world):
    """The shopper allows height and seat for both purposes, and both are there."""
    cells = {}
    for purpose in ("advice_profile", "cross_sell"):
        for attribute in ("height_cm", "seat"):
            row = grant_in_force(world, attribute, purpose)
            cells["consent_grant", (world.me, attribute, purpose, "crm")] = (row, row)
    for attribute, stored in (("height_cm", str(HEIGHT)), ("seat", f'"{SEAT}"')):
        row = {
            "shopper_id": world.me,
            "attribute": attribute,
            "source": "crm",
            "value": stored,
            "source_ref": "canary-of-a-silo",
            "collected_at": micros(NOW - DAY),
            "stored_at": micros(NOW - DAY),
        }
        cells["profile_value", (world.me, attribute, "crm")] = (row, row)
    return Pair(world.base, cells)


def grant_in_force(world, attribute, purpose):
    rng = Random(1)
    drawn = (grant(rng, world.me, (attribute, purpose, "crm"), world.events[world.me]) for _ in range(100))
    return next(row for row in drawn if row and row["until"] is None and row["given_at"] < micros(NOW))


@pytest.fixture
def shop(two_shops, world):
    two_shops.one.holds(a_profile(world).states[0])
    return two_shops.one


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_log_and_figures_name_nobody_and_nothing(call, shop, world, keys):
    secrets = [*keys.tokens.values(), *keys.sessions.values(), world.me, SEAT, str(HEIGHT), "canary", "customer-"]
    for number in range(TRIES):
        seen = shop.asked(call.request(Random(f"told {call.name} {number}"), keys))

        told = seen.log.decode() + repr(seen.figures)
        assert not [word for word in secrets if word in told]
        assert not [sku for sku in SKUS if sku in told]
        shop.holds(a_profile(world).states[0])


ASKS = [
    ("/v1/advice", {"questionnaire": "bike", "answers": {"height": 251.625}}),
    ("/v1/advice", {"questionnaire": "bike", "answers": {"seat": "canary-251.625"}}),
    ("/v1/advice", {"questionnaire": "bike", "answers": {"budget": {"from": 251.625, "to": 1}}}),
    ("/v1/advice", {"questionnaire": "canary-251.625", "answers": {}}),
    ("/v1/cross-sell", {"basket": ["BI-1"], "occasion": "251.625"}),
    ("/v1/me/consent-events", {"notice": {"id": "251.625", "version": "1", "language": "de"}, "decisions": []}),
]


@pytest.mark.parametrize(("path", "body"), ASKS, ids=lambda each: None if isinstance(each, dict) else each)
def test_no_error_and_no_log_line_repeats_what_was_sent(path, body, shop, keys):
    seen = shop.asked(a_request(path, body, keys.tokens["me"]))

    assert 400 <= seen.status < 500
    assert b"251.625" not in seen.body + seen.log
    assert "251.625" not in repr(seen.figures) + repr(seen.headers)


def test_an_odd_value_in_a_profile_counts_as_none(shop, world, keys):
    asked = a_request("/v1/advice", {"questionnaire": "bike", "answers": {"height": 170}}, keys.tokens["me"])

    seen = shop.asked(asked)

    assert seen.status == 200
    assert SEAT.encode() not in seen.body


def test_no_reply_about_somebody_may_be_kept_on_the_way(shop, keys):
    seen = shop.asked(a_request("/v1/advice", {"questionnaire": "bike", "answers": {}}, keys.tokens["me"]))

    assert str(HEIGHT).encode() in seen.body
    assert dict(seen.headers)["Cache-Control"] == "no-store"


def test_no_error_about_somebody_may_be_kept_on_the_way(shop, keys):
    for path, body, status in (("/v1/advice", {}, 422), ("/v1/advice", {"questionnaire": "boat"}, 404)):
        seen = shop.asked(a_request(path, body, keys.tokens["me"]))

        assert (seen.status, dict(seen.headers)["Cache-Control"]) == (status, "no-store")


def test_a_failing_database_is_told_by_its_kind_alone(shop, keys, monkeypatch):
    def fail(*_):
        raise RuntimeError(f"{SEAT} {HEIGHT}")

    gate = shop.client.application.extensions["begleiter"].shopfront().gate
    monkeypatch.setattr(gate, "_values", type("Broken", (), {"read": staticmethod(fail)}))

    seen = shop.asked(a_request("/v1/advice", {"questionnaire": "bike", "answers": {}}, keys.tokens["me"]))

    assert seen.status == 200
    assert b"RuntimeError" in seen.log
    assert SEAT.encode() not in seen.log + seen.body
    assert str(HEIGHT).encode() not in seen.log + seen.body


def test_a_pseudonym_hangs_on_the_secret_and_holds_nothing_of_the_reference():
    one, other = (pseudonym(Secret(letter * 40), "customer-1") for letter in (b"a", b"b"))

    assert one != other
    assert "customer" not in one + other


def a_request(path, body, token):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return Request("POST", path, headers, json.dumps(body).encode())
