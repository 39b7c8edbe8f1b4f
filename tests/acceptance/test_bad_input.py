"""Bad input over HTTP to a started service: a problem that names the field, and nothing stored is changed."""

import json
import re
import socket
import sqlite3
from contextlib import ExitStack, closing
from dataclasses import dataclass

import pytest

from service.cross_sell.pointer import publish
from service.server.run import THREADS
from tests.acceptance.calls import calls_of, misfits
from tests.acceptance.running import begleiter, environment_of, serving
from tests.cross_sell.artefacts import an_artefact

BIKE, PEDALS = "RB-110-54", "PD-05"
SCOPES = ("session", "shopper", "shop", "operator")
SHOPPER = "customer-4711"
CONSENT = {
    "notice": {"id": "profile", "version": "1", "language": "de"},
    "decisions": [{"attribute": "height_cm", "purpose": "advice_profile", "given": True}],
}


@dataclass(frozen=True)
class World:
    """A service, a token of each scope, the session that its token opens, and somebody else's with another token."""

    service: object
    tokens: dict
    session: str
    others_session: str
    calls: list

    def address(self, path):
        return (
            path.replace("/sessions/{id}", f"/sessions/{self.session}")
            .replace("{question}", "experience")
            .replace("{ref}", SHOPPER)
            .replace("/notices/{id}/{version}", "/notices/profile/1")
            .replace("{id}", "road-bike")
        )

    def send(self, call, body, **rest):
        raw = json.dumps(body).encode() if isinstance(body, (dict, list, str, int, float, type(None))) else body
        rest.setdefault("token", self.tokens.get(call.scope))
        return self.service.call(call.method, self.address(call.path), raw, **rest)

    def stored(self):
        """Everything in the database but anonymous counts, which are written when it is quiet, as text."""
        path = f"file:{self.service.environment['BEGLEITER_DATA']}/begleiter.sqlite3?mode=ro"
        with closing(sqlite3.connect(path, uri=True)) as connection:
            return [line for line in connection.iterdump() if not line.startswith('INSERT INTO "insight"')]


@pytest.fixture(scope="module")
def world(data):
    """A shopper with a consent and a session with an answer, so that there is something to lose."""
    publish(data / "models", an_artefact(data / "models", BIKE, PEDALS))
    environment = environment_of(data)
    keys = {
        scope: begleiter("keys", "create", "--scope", scope, environment=environment).stdout.split()[-1]
        for scope in ("shop", "operator")
    }
    with serving(environment) as service:
        shopper = service.post(f"/v1/shoppers/{SHOPPER}/tokens", None, token=keys["shop"]).json["token"]
        assert service.post("/v1/me/consent-events", CONSENT, token=shopper).status == 201
        begun = service.post("/v1/sessions", {"questionnaire": "road-bike"}).json
        tokens = keys | {"shopper": shopper, "session": begun["token"]}
        other = service.post("/v1/sessions", {"questionnaire": "road-bike"}).json
        address = f"/v1/sessions/{begun['id']}/answers/budget"
        assert service.call("PUT", address, {"value": {"to": 2000}}, token=begun["token"]).status == 200
        yield World(service, tokens, begun["id"], other["id"], calls_of(service.get("/openapi.json").json))


@pytest.fixture(autouse=True)
def _nothing_stored_changes_and_nothing_fails(world):
    before = world.stored()
    yield
    assert world.stored() == before
    assert world.service.is_running
    assert '"level":"error"' not in world.service.said


def bodies(world):
    found = [call for call in world.calls if call.schema]
    assert len(found) >= 6
    return found


def test_every_field_of_every_body_refuses_what_its_schema_forbids(world):
    tried = 0
    for call in bodies(world):
        for pointer, body in misfits(call):
            reply = world.send(call, body)
            told = f"{call} {pointer} {json.dumps(body)[:200]} -> {reply.status} {reply.body[:300]}"
            assert (reply.status, reply.is_a_problem) == (422, True), told
            named = [error["pointer"] for error in reply.json["errors"]]
            assert any(pointer.startswith(each) or each.startswith(pointer) for each in named), told
            tried += 1
    assert tried > 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"questionnaire": "road-bike"} trailing',
        b'{"questionnaire": "road-bike", "questionnaire": "city-bike"}',
        b'{"questionnaire": NaN}',
        b'{"questionnaire": "\xff"}',
        b'{"questionnaire": "\\ud800"}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        "﻿{}".encode(),
        b"\x00",
    ],
    ids=["empty", "cut", "quotes", "trailing", "twice", "nan", "not utf-8", "surrogate", "deep", "deep2", "bom", "nul"],
)
def test_malformed_json_is_told_from_a_wrong_field(world, body):
    for call in bodies(world):
        if not (body or call.needs_a_body):
            continue  # nothing at all is what this call may be sent
        reply = world.send(call, body)

        assert (reply.status, reply.is_a_problem) == (400, True), (str(call), reply)
        assert reply.json["type"] == "/problems/malformed-json"


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_another_media_type_is_refused(world, media_type):
    for call in bodies(world):
        reply = world.send(call, call.example, Content_Type=media_type)

        assert (reply.status, reply.is_a_problem) == (415, True), str(call)


def largest_body(call):
    """A merchandiser's whole file may be previewed; everything else is short."""
    return (256 if call.path.startswith("/v1/preview") else 64) * 1024


@pytest.mark.parametrize("beyond", [1, 1024 * 1024])
@pytest.mark.parametrize("chunked", [False, True], ids=["with Content-Length", "chunked"])
def test_a_large_body_is_refused_however_it_is_announced(world, beyond, chunked):
    for call in bodies(world):
        body = json.dumps({"questionnaire": "x" * (largest_body(call) + beyond)}).encode()
        reply = world.send(call, (body[at : at + 4096] for at in range(0, len(body), 4096)) if chunked else body)

        assert (reply.status, reply.is_a_problem) == (413, True), str(call)
    assert world.service.post("/v1/advice", {"questionnaire": "road-bike"}).status == 200


def test_a_body_of_broken_chunks_is_refused(world):
    head = "POST /v1/advice HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"

    with a_caller(world) as caller:
        caller.sendall(f"{head}Connection: close\r\n\r\nZZ\r\n{{}}\r\n0\r\n\r\n".encode())
        said = b"".join(iter(lambda: caller.recv(65_536), b""))

    assert said.startswith(b"HTTP/1.1 400 ")
    assert b"/problems/malformed-json" in said


def test_who_connects_and_says_nothing_holds_nobody_up(world):
    with ExitStack() as callers:
        silent = [callers.enter_context(a_caller(world)) for _ in range(4 * THREADS)]

        assert world.service.post("/v1/advice", {"questionnaire": "road-bike"}).status == 200

        for each in silent:  # none of them was sent away to answer the other
            each.settimeout(0)
            with pytest.raises(BlockingIOError):
                each.recv(1)


def test_who_falls_silent_in_the_middle_holds_nobody_up_for_long(world):
    begun = "POST /v1/advice HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    with ExitStack() as callers:
        for _ in range(THREADS):
            callers.enter_context(a_caller(world)).sendall(begun.encode())

        assert world.service.post("/v1/advice", {"questionnaire": "road-bike"}).status == 200


def a_caller(world):
    return socket.create_connection(("127.0.0.1", world.service.port), timeout=60)


def test_a_body_that_just_fits_is_read(world):
    answers = {"questionnaire": "road-bike", "answers": {"budget": {"to": 2000}}}
    body = json.dumps(answers).encode().ljust(64 * 1024)

    assert world.service.post("/v1/advice", body).status == 200


def test_an_unknown_sku_in_a_basket_is_named_and_the_rest_is_answered(world):
    known = world.service.post("/v1/cross-sell", {"basket": [BIKE]}).json

    reply = world.service.post("/v1/cross-sell", {"basket": ["NO-SUCH", BIKE, "'; DROP TABLE shopper; --"]})

    assert (reply.status, reply.json["unknown_skus"]) == (200, ["NO-SUCH", "'; DROP TABLE shopper; --"])
    assert reply.json["suggestions"] == known["suggestions"]


def test_a_basket_of_nothing_known_is_answered(world):
    reply = world.service.post("/v1/cross-sell", {"basket": ["NO-SUCH"] * 100})

    assert (reply.status, set(reply.json["unknown_skus"])) == (200, {"NO-SUCH"})


def test_an_unknown_question_or_option_is_named_and_no_session_takes_it(world):
    session = f"/v1/sessions/{world.session}"
    token = world.tokens["session"]

    in_advice = world.service.post("/v1/advice", {"questionnaire": "road-bike", "answers": {"wings": "two"}})
    no_option = world.service.post("/v1/advice", {"questionnaire": "road-bike", "answers": {"experience": "god"}})
    answered = world.service.call("PUT", f"{session}/answers/wings", {"value": "two"}, token=token)
    taken_back = world.service.call("DELETE", f"{session}/answers/wings", token=token)
    no_questionnaire = world.service.post("/v1/advice", {"questionnaire": "space-ship"})

    assert (in_advice.status, in_advice.json["errors"][0]["pointer"]) == (422, "/answers/wings")
    assert (no_option.status, no_option.json["errors"][0]["pointer"]) == (422, "/answers/experience")
    assert "god" not in no_option.body.decode()
    assert (answered.status, taken_back.status, no_questionnaire.status) == (404, 404, 404)
    assert all(each.is_a_problem for each in (in_advice, no_option, answered, taken_back, no_questionnaire))


WRONG_ANSWERS = {
    "budget": ["beginner", 5, [], {"from": "a lot"}, {"from": None}, {"from": 3000, "to": 10}, {"till": 3}],
    "experience": ["god", 3, {}, ["beginner", "ambitious"], True, [["beginner"]], ""],
    "height": ["178", -5, 1e308, [178], {"from": 170}, True],
    "use": [["daily", "flying"], {"daily": True}, 3, ["not_sure", "daily"], [], [None], False],
}


@pytest.mark.parametrize("question", WRONG_ANSWERS)
def test_an_answer_of_another_kind_is_refused_and_the_session_stays(world, question):
    address = f"/v1/sessions/{world.session}/answers/{question}"
    for value in WRONG_ANSWERS[question]:
        reply = world.service.call("PUT", address, {"value": value}, token=world.tokens["session"])
        stateless = world.service.post("/v1/advice", {"questionnaire": "road-bike", "answers": {question: value}})

        assert (reply.status, reply.json["errors"][0]["pointer"]) == (422, "/value"), (value, reply)
        assert (stateless.status, stateless.json["errors"][0]["pointer"]) == (422, f"/answers/{question}"), (
            value,
            stateless,
        )


def calls_on_a_session(world):
    return [call for call in world.calls if "/sessions/{id}" in call.path]


def test_a_session_does_not_open_for_the_token_of_another_and_does_not_tell_that_it_is_there(world):
    for call in calls_on_a_session(world):
        address = world.address(call.path)
        replies = [
            world.service.call(call.method, address.replace(world.session, session), call.example, token=token)
            for session in (world.others_session, "A" * 22, "%00")
            for token in (world.tokens["session"], "bgs_" + "A" * 43)
        ]
        replies.append(world.service.call(call.method, address, call.example, token="bgs_" + "A" * 43))

        assert {(reply.status, reply.is_a_problem) for reply in replies} == {(404, True)}, str(call)
        assert len({reply.body for reply in replies}) == 1, str(call)
    assert len(calls_on_a_session(world)) == 4


def test_no_token_opens_what_another_scope_opens(world):
    tried = 0
    for call in (call for call in world.calls if call.scope):
        for scope in set(SCOPES).difference(call.scopes):
            reply = world.send(call, call.example, token=world.tokens[scope])

            assert (reply.status, reply.is_a_problem) == (401, True), (str(call), scope, reply)
            assert reply.headers["www-authenticate"].startswith("Bearer")
            assert world.tokens[scope] not in reply.body.decode()
            tried += 1
    assert tried >= 3 * 12


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer bgt_",
        "Bearer bgt_" + "A" * 43,
        "bgt_x",
        "Bearer bgt_" + "A" * 5000,
        "Bearer \xe4",
    ],
)
def test_what_is_no_token_opens_nothing_and_is_not_taken_for_a_guest(world, header):
    for call in (call for call in world.calls if call.scope):
        reply = world.send(call, call.example, token=None, Authorization=header)

        assert (reply.status, reply.is_a_problem) == (401, True), (str(call), reply)


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v1/nothing", "/v1/advice/", "/%00", "/..%2f..%2fetc"])
def test_an_unknown_address_is_a_problem(world, path):
    reply = world.service.get(path)

    assert (reply.status, reply.is_a_problem) == (404, True)


def leads_to(template, path):
    """Whether an address of this path is one of the template's, too: /models/prune is one of /models/{version}."""
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)


def test_a_method_that_is_not_answered_is_a_problem_which_names_those_that_are(world):
    known = {(call.method, call.path) for call in world.calls}
    for path in {call.path for call in world.calls}:
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
            if not any(verb == method and leads_to(other, path) for verb, other in known):
                reply = world.service.call(method, world.address(path), {})

                assert (reply.status, reply.is_a_problem) == (405, True), (method, path)
                assert reply.headers["allow"]


@pytest.mark.parametrize("locale", ["", "d" * 9, "de_DE_", "../etc", "de%00", "1"])
def test_a_locale_that_is_none_is_refused_by_its_parameter(world, locale):
    for path in ("/v1/questionnaires", "/v1/questionnaires/road-bike", "/v1/purposes", "/v1/attributes", "/v1/notices"):
        reply = world.service.get(f"{path}?locale={locale}")

        assert (reply.status, reply.json["errors"][0]["parameter"]) == (422, "locale"), (path, reply)
