"""Whatever goes wrong is told as a problem document (RFC 9457) that repeats nothing of what was sent."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.api.body import MalformedJson, read_json
from service.api.problems import STATUS, is_foreseen, pointer_to, problem_of, slug_of

ADVICE = "/v1/advice"
JSON = "application/json"


def send(api, raw, content_type=JSON, **given):
    return api.post(ADVICE, data=raw, content_type=content_type, **given)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"questionnaire": "road-bike", "questionnaire": "city-bike"}',
        b'{"questionnaire": "road-bike", "answers": {"use": "a", "use": "b"}}',
        b'{"questionnaire": NaN}',
        b'{"questionnaire": Infinity}',
        b'{"questionnaire": 1e999}',
        b'{"questionnaire": ' + b"9" * 5000 + b"}",
        b'{"questionnaire": "\\ud800"}',
        b'{"questionnaire": "\xff"}',
        b"\xef\xbb\xbf{}",
        b"[" * 2000 + b"]" * 2000,
        b'{"a":' * 1000 + b"1" + b"}" * 1000 + b":",
        '{"questionnaire": "road-bike"}'.encode("utf-16"),
    ],
)
def test_what_is_not_json_with_one_meaning_is_400(api, raw):
    reply = send(api, raw)

    assert (reply.status_code, reply.json["type"]) == (400, "/problems/malformed-json")


@pytest.mark.parametrize("depth", [200, 900, 1000, 1020])
def test_deep_nesting_is_a_refusal_not_a_failure(api, depth):
    raw = b'{"questionnaire": "road-bike", "answers": {"use": ' + b"[" * depth + b"1:"[:1] + b"]" * depth + b"}}"

    assert send(api, raw).status_code in (400, 422)
    assert send(api, raw.replace(b"1", b'":"')).status_code in (400, 422)


@pytest.mark.parametrize("raw", [b"[]", b"7", b"null", b'"text"', b"true"])
def test_json_that_is_no_object_is_422(api, raw):
    reply = send(api, raw)

    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "")


def test_every_bad_field_is_said_at_once_with_its_pointer(api):
    reply = api.post(ADVICE, {"questionnaire": 7, "answers": [], "locale": "no language", "colour": "red"})

    assert reply.status_code == 422
    assert {error["pointer"] for error in reply.json["errors"]} == {"/questionnaire", "/answers", "/locale", "/colour"}


def test_no_error_repeats_a_value(api):
    canary = "canary-4711"

    replies = [
        api.post(ADVICE, {"questionnaire": canary}),
        api.post(ADVICE, {"questionnaire": "road-bike", "locale": canary * 3}),
        api.post(ADVICE, {"questionnaire": "road-bike", "answers": {"use": canary}}),
        api.post(ADVICE, {"questionnaire": "road-bike", "answers": {"height": canary}}),
        api.get(f"/v1/{canary}"),
        api.get(f"/v1/questionnaires/{canary}"),
        send(api, f'{{"{canary}'.encode()),
        send(api, b"{}", content_type=f"text/{canary}"),
        api.get("/v1/models", token=canary),
    ]

    assert all(reply.status_code >= 400 for reply in replies)
    assert not any(canary.encode() in reply.data for reply in replies)


def test_the_name_of_an_unknown_field_is_cut_where_it_is_too_long_to_repeat(api):
    reply = api.post(ADVICE, {"questionnaire": "road-bike", "x" * 5000: 1})

    assert [error["pointer"] for error in reply.json["errors"]] == [""]
    assert len(reply.data) < 1000


def test_at_most_fifty_errors_are_told(api):
    reply = api.post(ADVICE, {"questionnaire": "road-bike"} | {f"field{n}": n for n in range(500)})

    assert len(reply.json["errors"]) == 50


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/xml"])
def test_another_media_type_is_415(api, content_type):
    assert send(api, b"{}", content_type=content_type).status_code == 415


def test_json_with_a_charset_is_json(api):
    body = b'{"questionnaire": "road-bike"}'

    assert send(api, body, content_type="application/json; charset=utf-8").status_code == 200


def test_a_body_over_64_kib_is_413_by_its_length_and_by_its_bytes(api):
    body = b'{"questionnaire": "road-bike", "answers": {}}'.ljust(64 * 1024 + 1)
    chunked = {"wsgi.input_terminated": True, "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}

    by_length = send(api, body)
    by_bytes = send(api, body, environ_overrides=chunked)
    just_fits = send(api, body[: 64 * 1024])

    assert (by_length.status_code, by_bytes.status_code, just_fits.status_code) == (413, 413, 200)


def test_an_unknown_address_is_404_and_so_are_calls_of_later_versions(api):
    for path in ("/", "/v1", "/v1/", "/v1/advice/", "//v1/advice", "/v1/me/", "/v1/me/wishes", "/v2/advice"):
        reply = api.get(path)

        assert (reply.status_code, reply.mimetype) == (404, "application/problem+json"), path


def test_another_method_is_405_and_names_those_that_are_answered(api):
    for method in ("GET", "DELETE", "PATCH", "TRACE", "BREW"):
        reply = api(method, ADVICE)

        assert reply.status_code == 405
        assert {each.strip() for each in reply.headers["Allow"].split(",")} == {"POST", "OPTIONS"}


def test_head_and_options_are_answered_without_a_body(api):
    head, options = api("HEAD", "/v1/questionnaires"), api("OPTIONS", ADVICE)

    assert (head.status_code, head.data) == (200, b"")
    assert (options.status_code, options.data) == (200, b"")
    assert "POST" in options.headers["Allow"]


@pytest.mark.parametrize("header", ["Basic Zm9vOmJhcg==", "Bearer", "Bearer ", "bearer  x", "nonsense", ""])
def test_an_authorisation_that_opens_nothing_is_401_and_not_a_guest(api, header):
    reply = api.post(ADVICE, {"questionnaire": "road-bike"}, headers={"Authorization": header})

    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"].startswith('Bearer realm="begleiter"')


def test_a_token_is_asked_for_before_anything_else_is_looked_at(api):
    assert api.put("/v1/sessions/x/answers/y", {"nonsense": 1}).status_code == 401
    assert api.put("/v1/shoppers/x/attributes", {"nonsense": 1}).status_code == 401


@pytest.fixture
def failing(api, monkeypatch):
    """The service with a fault in its engine, whose message holds what nobody may read."""
    monkeypatch.setattr("service.api.advice.advise", lambda *_: (_ for _ in ()).throw(ValueError("secret-4711")))
    return api


def test_a_failure_inside_is_500_and_tells_nothing_but_where_to_look(failing, log_stream):
    reply = failing.post(ADVICE, {"questionnaire": "road-bike"})

    lines = [json.loads(line) for line in log_stream.getvalue().splitlines()]
    failed = next(line for line in lines if line["event"] == "failed")
    assert (reply.status_code, reply.json["type"]) == (500, "/problems/internal-error")
    assert failed["error"] == "ValueError"
    assert failed["request"] == reply.headers["X-Request-Id"]
    assert any("advice.py" in place for place in failed["where"])
    assert b"secret-4711" not in reply.data + log_stream.getvalue()


def test_a_database_that_does_not_answer_is_503_and_advice_for_guests_goes_on(serve, folder, log_stream):
    api = serve(database_url=f"sqlite:///{folder}/nothing-there.sqlite3")

    unavailable = api.post("/v1/sessions", {"questionnaire": "road-bike"})

    assert (unavailable.status_code, unavailable.json["type"]) == (503, "/problems/unavailable")
    assert unavailable.headers["Retry-After"] == "5"
    assert api.post(ADVICE, {"questionnaire": "road-bike"}).status_code == 200
    assert api.get("/v1/me/consents", token="bgt_" + "x" * 43).status_code == 503
    lines = [json.loads(line) for line in log_stream.getvalue().splitlines()]
    assert {line["driver"] for line in lines if line["event"] == "failed"} == {"OperationalError SQLITE_ERROR"}


def test_every_kind_of_problem_has_a_page_where_its_type_points(api):
    for kind in STATUS:
        page = api.get(f"/problems/{slug_of(kind)}")

        assert (page.status_code, page.mimetype) == (200, "text/html")
    assert api.get("/problems/nothing").status_code == 404


def test_pointers_are_escaped():
    assert pointer_to("answers", "a/b~c", 0) == "/answers/a~1b~0c/0"


def test_an_unforeseen_exception_is_not_in_the_table():
    assert not is_foreseen(KeyError("x"))
    assert problem_of(MalformedJson("no json")).detail == "No json."


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_strict_reading_gives_what_json_says(value):
    raw = json.dumps(value, ensure_ascii=False, allow_nan=False)
    try:
        raw = raw.encode()
    except UnicodeEncodeError:
        return

    assert read_json(raw) == value


@given(PLAIN, st.text(st.characters(codec="utf-8")), PLAIN)
def test_a_repeated_field_is_refused_wherever_it_stands(around, name, within):
    key = json.dumps(name)
    repeated = f"{{{key}: 1, {key}: {json.dumps(within)}}}"

    for raw in (repeated, f"[{json.dumps(around)}, {repeated}]", f'{{"outer": {repeated}}}'):
        with pytest.raises(MalformedJson):
            read_json(raw.encode())


OPTIONS = st.sampled_from(["daily", "racing", "not_sure", "budget", "road-bike", "de", ""])
ANSWERS = st.dictionaries(
    st.sampled_from(["budget", "use", "height", "colour"]) | st.text(), PLAIN | OPTIONS, max_size=5
)
BODIES = (
    st.fixed_dictionaries(
        {},
        optional={
            "questionnaire": st.just("road-bike") | PLAIN,
            "answers": ANSWERS | PLAIN,
            "locale": OPTIONS | PLAIN,
            "more": PLAIN,
        },
    )
    | PLAIN
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BODIES)
def test_no_body_whatever_makes_advice_fail(api, body):
    try:
        raw = json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raw = json.dumps(body).encode()

    assert send(api, raw).status_code < 500


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from([JSON, "application/json; charset=latin-1", "text/plain"]))
def test_no_bytes_whatever_make_advice_fail(api, raw, content_type):
    assert send(api, raw, content_type=content_type).status_code in (400, 415, 422)
