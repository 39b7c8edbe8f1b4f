"""The secret is rotated while services run: whichever of them is asked, consents are given, withdrawn and erased."""

import pytest

from tests.acceptance.running import begleiter, environment_of, serving

HEIGHT = {"attribute": "height_cm", "purpose": "advice_profile"}
CONSENT = {"notice": {"id": "profile", "version": "1", "language": "de"}, "decisions": [HEIGHT | {"given": True}]}


@pytest.fixture
def environment(data):
    return environment_of(data)


def a_shopper(service, ref, key):
    return service.post(f"/v1/shoppers/{ref}/tokens", None, token=key).json["token"]


def given(service, token):
    return [each["attribute"] for each in service.get("/v1/me/consents", token=token).json["grants"]]


def test_a_service_not_yet_restarted_withdraws_and_erases_what_a_restarted_one_signed(data, environment):
    key = begleiter("keys", "create", "--scope", "shop", environment=environment).stdout.split()[-1]
    with serving(environment) as left:
        anna, bert = (a_shopper(left, ref, key) for ref in ("anna", "bert"))
        assert left.post("/v1/me/consent-events", CONSENT, token=anna).status == 201
        assert begleiter("keys", "rotate", environment=environment).returncode == 0
        with serving(environment_of(data)) as restarted:
            assert restarted.post("/v1/me/consent-events", CONSENT, token=bert).status == 201

            withdrawn = left.call("DELETE", "/v1/me/consents", token=anna)
            erased = left.call("DELETE", "/v1/me", token=bert)

            assert (withdrawn.status, erased.status) == (200, 202)
            assert given(restarted, anna) == []
            assert restarted.get("/v1/me/consents", token=bert).status == 401
            assert [each.get("/ready").status for each in (left, restarted)] == [200, 200]
    verified = begleiter("audit", "verify", environment=environment)
    assert (verified.returncode, verified.stdout.split()[0]) == (0, "4")
