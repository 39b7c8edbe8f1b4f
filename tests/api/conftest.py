"""A small shop behind the real application: every reply is held against the API's own document."""

import io
import json
import re
import shutil
from datetime import timedelta

import jsonschema
import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import Client

from service.api.log import open_log
from service.app import create_app
from service.privacy.credentials import issue
from service.settings import Settings
from service.storage.credentials import SqlCredentials
from service.storage.database import open_database
from tests.builders import NOW, a_shop_folder

SHOP_YAML = """\
currency: EUR
country: DE
locales: [de, en]
categories:
  road_bike: {label: {de: Rennräder, en: Road bikes}}
  pedal: {label: {de: Pedale, en: Pedals}}
attributes:
  model: {type: text}
  use: {type: many}
  rider_min_cm: {type: number, unit: cm}
  rider_max_cm: {type: number, unit: cm}
  ships_with_pedals: {type: boolean}
"""
PRODUCTS_CSV = """\
sku,name:de,name:en,category,price,model,use,rider_min_cm,rider_max_cm,ships_with_pedals
RB-1-54,Rennrad Eins 54,Road bike one 54,road_bike,900.00,one,daily,165,180,no
RB-1-58,Rennrad Eins 58,Road bike one 58,road_bike,900.00,one,daily,178,195,no
RB-2-54,Rennrad Zwei 54,Road bike two 54,road_bike,1900.00,two,racing,165,180,no
RB-3-54,Rennrad Drei 54,Road bike three 54,road_bike,3900.00,three,racing|daily,165,180,yes
PD-1,Pedale,Pedals,pedal,40.00,,,,,
"""
PRIVACY_YAML = """\
languages: [de, en]
purposes:
  advice_session:
    text: {de: Beraten, en: Advise}
    example: {de: Antworten entscheiden., en: Answers decide.}
    legal_basis: contract
  advice_profile:
    text: {de: Mit dem Profil beraten, en: Advise with the profile}
    example: {de: Wir fragen nicht nach der Größe., en: We do not ask for your height.}
    legal_basis: consent
  cross_sell:
    text: {de: Vorschlagen, en: Suggest}
    example: {de: Was dazu passt., en: What goes with it.}
    legal_basis: consent
attributes:
  height_cm:
    label: {de: Körpergröße, en: Height}
    why: {de: Damit der Rahmen passt., en: So that the frame fits.}
    kind: number
    purposes: [advice_profile]
    sources: [shopper, crm]
  riding_style:
    label: {de: Fahrstil, en: Riding style}
    why: {de: Damit es passt., en: So that it fits.}
    kind: text
    purposes: [cross_sell]
    sources: [crm]
notices:
  - id: profile
    version: 1
    text: {de: Alter Hinweis., en: Old notice.}
  - id: profile
    version: 2
    text: {de: Hinweis., en: Notice.}
"""
QUESTIONNAIRE = """\
questionnaire: road-bike
languages: [de, en]
title: {de: Rennrad finden, en: Find a road bike}
candidates: {category: [road_bike]}
same_product: model
questions:
  - id: budget
    ask: {de: Wie viel?, en: How much?}
    choose: range
    attribute: price
  - id: use
    ask: {de: Wofür?, en: What for?}
    choose: many
    answers:
      - id: daily
        text: {de: Alltag, en: Every day}
        fits: {use: [daily]}
      - id: racing
        text: {de: Rennen, en: Racing}
        fits: {use: [racing]}
  - id: height
    ask: {de: Wie groß?, en: How tall?}
    choose: number
    min: 120
    max: 220
    effect: require
    fits_between: [rider_min_cm, rider_max_cm]
    from_profile: {attribute: height_cm, purpose: advice_profile}
    remember_as: height_cm
goes_with:
  - id: pedals
    when: {ships_with_pedals: no}
    products: {category: [pedal]}
    kind: must_have
    because: {de: Kommt ohne Pedale, en: Comes without pedals}
"""


def a_service_folder(folder):
    """Everything that the service reads, in one folder."""
    a_shop_folder(folder / "shop", shop=SHOP_YAML, csv=PRODUCTS_CSV)
    (folder / "shop" / "privacy.yaml").write_text(PRIVACY_YAML)
    (folder / "questionnaires").mkdir(exist_ok=True)
    (folder / "questionnaires" / "road-bike.yaml").write_text(QUESTIONNAIRE)
    return folder


def settings_for(folder, **changed):
    given = {
        "shop": folder / "shop",
        "questionnaires": folder / "questionnaires",
        "data": folder / "var",
        "database_url": f"sqlite:///{folder}/begleiter.sqlite3",
        "secret": "s" * 40,
    }
    return Settings(**(given | changed))


class Clock:
    """Tells the time that a test sets."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def goes_on(self, **by):
        self.now += timedelta(**by)


class Api:
    """A client that holds every reply against the document which the service gives about itself."""

    def __init__(self, app, document):
        self.client = Client(app)
        self.document = document
        self.seen = set()
        self.validators = {}

    def __call__(self, method, path, body=None, *, token=None, headers=(), **raw):
        given = Headers(headers)
        if token is not None:
            given["Authorization"] = f"Bearer {token}"
        if body is not None:
            raw = {"data": json.dumps(body), "content_type": "application/json"} | raw
        reply = self.client.open(path, method=method, headers=given, **raw)
        self._hold(method, path, reply)
        return reply

    def looks_at_the_files(self):
        """As the worker's thread does about every second: what has not moved since the last look is taken."""
        for _ in range(2):
            self.client.application.extensions["begleiter"].chores[0].do()

    def get(self, path, **given):
        return self("GET", path, **given)

    def post(self, path, body=None, **given):
        return self("POST", path, body, **given)

    def put(self, path, body=None, **given):
        return self("PUT", path, body, **given)

    def delete(self, path, **given):
        return self("DELETE", path, **given)

    def _hold(self, method, path, reply):
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["X-Request-Id"]
        operation = self._operation(method, path.partition("?")[0])
        if operation is None:
            return
        status = str(reply.status_code)
        assert status in operation["responses"], f"{method} {path}: {status} is not documented"
        content = operation["responses"][status]["content"]
        assert reply.mimetype in content, f"{reply.mimetype} is not documented for {status}"
        if reply.mimetype.endswith("json"):
            self._validator(content[reply.mimetype]["schema"]["$ref"]).validate(json.loads(reply.data))
        if reply.mimetype == "application/problem+json":
            assert json.loads(reply.data)["status"] == reply.status_code
            slug = json.loads(reply.data)["type"].removeprefix("/problems/")
            assert slug in content[reply.mimetype]["examples"], f"{method} {path}: {slug} is not documented"
        self.seen.add((operation["operationId"], status))

    def _validator(self, reference):
        if reference not in self.validators:
            schema = {"$ref": reference, "components": self.document["components"]}
            self.validators[reference] = jsonschema.Draft202012Validator(schema)
        return self.validators[reference]

    def _operation(self, method, path):
        for template, operations in self.document["paths"].items():
            pattern = re.sub(r"\\\{\w+\\\}", ".+" if "{ref}" in template else "[^/]+", re.escape(template))
            if re.fullmatch(pattern, path) and method.lower() in operations:
                return operations[method.lower()]
        return None


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def log_stream():
    return io.BytesIO()


@pytest.fixture
def folder(tmp_path, sqlite_template):
    shutil.copy(sqlite_template, tmp_path / "begleiter.sqlite3")
    return a_service_folder(tmp_path)


@pytest.fixture
def serve(folder, clock, log_stream):
    """Builds the application over the folder as it stands then."""

    def build(**changed):
        app = create_app(settings_for(folder, **changed), log=open_log("debug", log_stream), clock=clock)
        document = json.loads(Client(app).get("/openapi.json").data)
        return Api(app, document)

    return build


@pytest.fixture
def api(serve):
    return serve()


@pytest.fixture
def keys(folder, clock):
    """A key of each scope that the command line makes."""
    database = open_database(f"sqlite:///{folder}/begleiter.sqlite3")
    credentials = SqlCredentials(database)
    made = {scope: issue(credentials, scope, at=clock.now).token for scope in ("shop", "operator")}
    database.close()
    return made


@pytest.fixture
def shopper(api, keys):
    """The token of a shopper whom the shop knows as customer-1."""
    return json.loads(api.post("/v1/shoppers/customer-1/tokens", token=keys["shop"]).data)["token"]
