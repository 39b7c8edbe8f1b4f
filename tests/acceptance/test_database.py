"""The database goes away while the service runs, or cannot be written: what needs none goes on, the rest says 503."""

import json
import os
import re
import shutil
import subprocess

import pytest
from sqlalchemy import text

from tests.acceptance.running import BEGLEITER, ROOT, a_data_folder, begleiter, environment_of, serving
from tests.conftest import administration, needed, new_postgresql_database

SHOPPER = "customer-4711"
HEIGHT = {"attribute": "height_cm", "purpose": "advice_profile"}
CONSENT = {"notice": {"id": "profile", "version": "1", "language": "de"}, "decisions": [HEIGHT | {"given": True}]}
ROAD_BIKE = {"questionnaire": "road-bike", "locale": "de"}


class SqliteFile:
    """A file with its log, which can be carried off and back."""

    def __init__(self, data):
        self.data, self.away = data, data / "away"
        self.url = f"sqlite:///{data}/begleiter.sqlite3"

    def take_away(self):
        self._carry(self.data, self.away)

    def bring_back(self):
        self._carry(self.away, self.data)

    @staticmethod
    def _carry(whence, where):
        where.mkdir(exist_ok=True)
        for old in where.glob("begleiter.sqlite3*"):
            old.unlink()
        for file in whence.glob("begleiter.sqlite3*"):
            shutil.move(file, where / file.name)


class PostgresqlDatabase:
    """A database to which connections can be forbidden, those that stand included."""

    name = "begleiter_gone"

    def __init__(self, server):
        self.server, self.url = server, new_postgresql_database(server, self.name)

    def take_away(self):
        self._tell(f"ALTER DATABASE {self.name} WITH ALLOW_CONNECTIONS false")
        self._tell(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.name}'")

    def bring_back(self):
        self._tell(f"ALTER DATABASE {self.name} WITH ALLOW_CONNECTIONS true")

    def _tell(self, statement):
        with administration(self.server) as connection:
            connection.execute(text(statement))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(request, tmp_path_factory):
    """A started service with a consenting shopper, and the database that can be taken away from it."""
    data = tmp_path_factory.mktemp("var")
    is_file = request.param == "sqlite"
    database = SqliteFile(data) if is_file else PostgresqlDatabase(request.getfixturevalue("postgresql_server"))
    environment = environment_of(data, BEGLEITER_DATABASE_URL=database.url)
    assert begleiter("db", "upgrade", environment=environment).returncode == 0
    key = begleiter("keys", "create", "--scope", "shop", environment=environment).stdout.split()[-1]
    with serving(environment) as service:
        shopper = service.post(f"/v1/shoppers/{SHOPPER}/tokens", None, token=key).json["token"]
        assert service.post("/v1/me/consent-events", CONSENT, token=shopper).status == 201
        yield service, database, shopper, key


def test_without_its_database_the_service_says_503_and_takes_up_where_it_was(world):
    service, database, shopper, key = world
    begun = service.post("/v1/sessions", ROAD_BIKE).json
    session = f"/v1/sessions/{begun['id']}"
    needing = [
        ("POST", "/v1/sessions", ROAD_BIKE, None),
        ("GET", session, None, begun["token"]),
        ("PUT", f"{session}/answers/experience", {"value": "beginner"}, begun["token"]),
        ("POST", "/v1/advice", ROAD_BIKE, shopper),
        ("POST", "/v1/me/consent-events", CONSENT, shopper),
        ("DELETE", "/v1/me/consents", None, shopper),
        ("POST", f"/v1/shoppers/{SHOPPER}/tokens", None, key),
    ]

    database.take_away()
    for _ in range(2):
        for method, path, body, token in needing:
            reply = service.call(method, path, body, token=token)
            assert (reply.status, reply.is_a_problem) == (503, True), (method, path, reply)
            assert int(reply.headers["retry-after"]) > 0
        assert service.get("/alive").status == 200
        assert (service.get("/ready").status, service.get("/ready").json["database"]) == (503, "not_ready")
        assert service.post("/v1/advice", ROAD_BIKE).status == 200
        assert service.post("/v1/cross-sell", {"basket": ["RB-110-54"]}).status == 200
    database.bring_back()

    assert (service.get("/ready").status, service.get("/ready").json["status"]) == (200, "ready")
    assert service.get(session, token=begun["token"]).json == begun["state"]
    grants = service.get("/v1/me/consents", token=shopper).json["grants"]
    assert [{name: grant[name] for name in HEIGHT} for grant in grants] == [HEIGHT]
    assert service.call("DELETE", "/v1/me/consents", token=shopper).json["grants"] == []
    assert service.is_running


def test_nothing_of_a_shopper_is_in_the_log_of_what_failed(world):
    service, _, shopper, key = world

    assert "Traceback" not in service.said
    assert not [each for each in (shopper, key, SHOPPER, "beginner") if each in service.said]


@pytest.fixture(scope="module")
def unprivileged():
    """What a command must be begun with so that file modes count for it."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        needed("setpriv, since file modes mean nothing to root")
    return ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")


@pytest.fixture
def sealed(tmp_path, sqlite_template):
    """A data folder whose database, log and all, may only be read."""
    folder = a_data_folder(tmp_path / "var", sqlite_template)
    (folder / "secret.key").write_text("0" * 64)
    (folder / "begleiter.sqlite3").chmod(0o444)
    yield folder
    folder.chmod(0o755)


def test_a_database_that_may_only_be_read_stops_the_start_with_the_reason(sealed, unprivileged):
    before = (sealed / "begleiter.sqlite3").read_bytes()

    outcome = subprocess.run(
        [*unprivileged, BEGLEITER, "serve"],
        cwd=ROOT, env=environment_of(sealed), check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert outcome.returncode == 1
    assert "readonly database" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert (sealed / "begleiter.sqlite3").read_bytes() == before


def test_a_data_folder_that_may_only_be_read_leaves_what_needs_no_database(sealed, unprivileged):
    (sealed / "said.txt").touch()
    sealed.chmod(0o555)

    with serving(environment_of(sealed), within=unprivileged) as service:
        session = service.post("/v1/sessions", ROAD_BIKE)
        assert (session.status, session.is_a_problem) == (503, True)
        assert service.get("/ready").json["database"] == "not_ready"
        assert service.post("/v1/advice", ROAD_BIKE).status == 200


FULL_AT = 3_000  # blocks of 512 or 1,024 bytes, as the shell counts them


def test_on_a_full_disk_the_log_names_the_drivers_error_and_what_only_reads_goes_on(data):
    a_small_disk = ("sh", "-c", f'ulimit -f {FULL_AT}; exec "$@"', "sh")
    with serving(environment_of(data), within=a_small_disk) as service:
        begun = service.post("/v1/sessions", ROAD_BIKE).json
        replies = (service.post("/v1/sessions", ROAD_BIKE) for _ in range(5_000))

        refused = next(reply for reply in replies if reply.status != 201)

        assert (refused.status, refused.json["type"]) == (503, "/problems/unavailable")
        assert service.get(f"/v1/sessions/{begun['id']}", token=begun["token"]).json == begun["state"]
        assert (service.get("/ready").status, service.post("/v1/advice", ROAD_BIKE).status) == (200, 200)
        lines = [json.loads(line) for line in service.said.splitlines() if line.startswith("{")]
        told = next(line for line in lines if line["event"] == "failed")
        assert told["error"] == "StorageFailed"
        assert re.fullmatch(r"OperationalError SQLITE_(FULL|IOERR\w*)", told["driver"])
        assert not [each for each in (begun["id"], begun["token"]) if each in service.said]
