"""The API as its own document tells it, played with every kind of token: no failure, nothing that is not documented.

EXAMPLES says how many scenarios are played (10 by default), each of calls that follow from one another, and how many
requests are drawn for each call by itself: with the tokens of a shopper, of the shop and the operator, of sessions, of
nobody, and with one that opens nothing.
"""

import json
import os
import shutil
import sqlite3
from itertools import count
from zlib import crc32

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy.engine import make_url

from service.api.log import open_log
from service.app import create_app
from service.privacy.credentials import issue
from service.storage.credentials import SqlCredentials
from service.storage.database import open_database
from tests.builders import NOW
from tests.theorem.world import Maker

EXAMPLES = int(os.environ.get("EXAMPLES", "10"))
STEPS = 12
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
PLAYED = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CANARIES = ("canary-of-another-shopper", "171.625")
NOTICE = {"id": "profile", "version": "2", "language": "de"}
THERE = {"ref": "customer-1", "questionnaire": "bike", "notice": NOTICE}


@pytest.fixture(scope="module")
def app(theorem_settings, sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stateful")
    shutil.copy(sqlite_template, folder / "begleiter.sqlite3")
    given = {name: getattr(theorem_settings, name) for name in theorem_settings.__slots__}
    with (folder / "log").open("wb") as log:
        url = f"sqlite:///{folder}/begleiter.sqlite3"
        yield create_app(type(theorem_settings)(**(given | {"database_url": url})), log=open_log("error", log))


@pytest.fixture(scope="module")
def tokens(app, theorem_folder):
    """A token of each kind. The other shopper holds values that nobody else may ever see."""
    database = open_database(str(app.extensions["begleiter"].stores.credentials._database.engine.url))
    keys = {scope: issue(SqlCredentials(database), scope, at=NOW).token for scope in ("shop", "operator")}
    database.close()
    make = Maker(app.test_client(), keys["shop"])
    shopper, other = make.token("customer-1"), make.token("customer-2")
    decisions = [{"attribute": each, "purpose": "advice_profile", "given": True} for each in ("height_cm", "seat")]
    make("POST", "/v1/me/consent-events", other, {"notice": NOTICE, "decisions": decisions})
    values = [a_value("height_cm", float(CANARIES[1])), a_value("seat", CANARIES[0])]
    make("PUT", "/v1/shoppers/customer-2/attributes", keys["shop"], {"values": values})
    session = make("POST", "/v1/sessions", other, {"questionnaire": "bike"})
    return keys | {"shopper": shopper, "other": other, "session": session["token"], "session_id": session["id"]}


def a_value(attribute, value):
    when = NOW.isoformat()
    return {"attribute": attribute, "value": value, "source": "crm", "source_ref": "1", "collected_at": when}


def name_what_is_there(case, turn):
    """What is drawn at random names nothing: let it be the shop's questionnaire, notice and shopper, but for some."""
    if turn % 5 == 0:
        return
    if str(case.operation.path).startswith("/v1/questionnaires/"):
        case.path_parameters["id"] = "bike"
    for named in (case.path_parameters, case.body):
        if isinstance(named, dict):
            named |= {name: known for name, known in THERE.items() if name in named}


def any_other(tokens, turn):
    return (None, tokens["shopper"], tokens["shop"], tokens["operator"], "bgt_" + "x" * 43)[turn // 3 % 5]


def as_it_is(app):
    """Puts the database back to what it holds now: a scenario that is played again must go the same way."""
    path = make_url(str(app.extensions["begleiter"].stores.credentials._database.engine.url)).database
    now = sqlite3.connect(":memory:")
    with sqlite3.connect(path) as held:
        held.backup(now)

    def start():
        with sqlite3.connect(path) as held:
            now.backup(held)
        held.close()

    return start


def test_no_call_fails_surprises_or_reaches_another_shopper_whoever_makes_it(app, tokens):
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    operations = {each.ok().definition.raw["operationId"]: each.ok() for each in schema.get_all_operations()}
    start = as_it_is(app)

    answered = set()
    for name, operation in operations.items():
        start()
        statuses = statuses_of(operation, tokens | an_own_session(app, tokens))
        assert statuses, name
        answered |= {name} if min(statuses) < 300 else set()

    assert len(answered) > len(operations) / 2


def an_own_session(app, tokens):
    make = Maker(app.test_client(), tokens["shop"])
    own = make("POST", "/v1/sessions", tokens["shopper"], {"questionnaire": "bike"})
    return {"session": own["token"], "own_id": own["id"], "nobody's": "bgt_" + "x" * 43}


def statuses_of(operation, known):
    """What one call answers to requests drawn from its description, made by everybody, most by whom it is for."""
    meant_for = [name for each in operation.definition.raw.get("security", []) for name in each]
    callers = (None, "shopper", "shop", "operator", "session", "nobody's", *meant_for * 2)
    statuses, turns = [], count()

    @PLAYED
    @given(operation.as_strategy(), st.sampled_from(callers))
    def play(case, caller):
        turn = next(turns)
        case.headers = {name: value for name, value in (case.headers or {}).items() if name != "Authorization"}
        if caller:
            case.headers["Authorization"] = f"Bearer {known[caller]}"
        if operation.path.startswith("/v1/sessions/{id}"):
            case.path_parameters["id"] = known["session_id" if turn % 4 == 1 else "own_id"]
        name_what_is_there(case, turn)
        reply = case.call()
        validated(reply, case)
        statuses.append(reply.status_code)

    play()
    return statuses


def validated(response, case):
    case.validate_response(response, checks=CHECKS)
    told = response.content.decode("utf-8", "replace")
    assert not [canary for canary in CANARIES if canary in told]


def test_no_sequence_of_calls_fails_surprises_or_reaches_another_shopper(app, tokens):
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    played, start = count(), as_it_is(app)

    class Player(schema.as_state_machine()):
        def setup(self):
            start()
            self.turns, self.sessions = None, {}

        def before_call(self, case):
            self.turns = self.turns or count(crc32(case.operation.label.encode()) % 15)
            turn = next(self.turns)
            next(played)
            case.headers = {**(case.headers or {})}
            case.headers.pop("Authorization", None)
            token = self.fitting(case) if turn % 3 else any_other(tokens, turn)
            if token:
                case.headers["Authorization"] = f"Bearer {token}"
            if turn % 7 == 0 and "session" in str(case.operation.path):
                case.path_parameters["id"] = tokens["session_id"]
            name_what_is_there(case, turn)

        def fitting(self, case):
            opened_by = [name for each in case.operation.definition.raw.get("security", []) for name in each]
            if "id" in (case.path_parameters or {}) and "session" in opened_by:
                return self.sessions.get(case.path_parameters["id"])
            return tokens[opened_by[0]] if opened_by else None

        def after_call(self, response, case):
            name = case.operation.definition.raw.get("operationId")
            if name in {"startSession", "takeOver"} and response.status_code == 201:
                begun = json.loads(response.content)
                self.sessions[begun["id"]] = begun["token"]

        def validate_response(self, response, case, **_):
            validated(response, case)

    Player.TestCase.settings = PLAYED

    Player.TestCase().runTest()

    assert next(played) > EXAMPLES
