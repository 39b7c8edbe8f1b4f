"""The service as a process of its own: started as an operator starts it, spoken to over HTTP, stopped by a signal."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
BEGLEITER = BIN / "begleiter"
PATIENCE = 180  # seconds, for a busy machine


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def media_type(self):
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def is_a_problem(self):
        """Whether it is an error in the one documented form, with its own status in it."""
        if self.media_type != "application/problem+json":
            return False
        return (
            self.json.keys() == {"type", "title", "status", "detail", "errors"} and self.json["status"] == self.status
        )


@dataclass
class Service:
    """A started service; `said` is its standard output and error."""

    port: int
    process: subprocess.Popen
    said_to: Path
    environment: Mapping[str, str]
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self):
        return self.said_to.read_text("utf-8", errors="replace")

    @property
    def is_running(self):
        return self.process.poll() is None

    def call(self, method, path, body=None, *, token=None, **headers) -> Reply:
        """One request on a connection of its own; `body` is JSON unless it is bytes, or an iterator of them: chunks."""
        raw = body if body is None or isinstance(body, (bytes, Iterator)) else json.dumps(body).encode()
        sent = {} if raw is None else {"Content-Type": "application/json"}
        sent |= {} if token is None else {"Authorization": f"Bearer {token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            with suppress(BrokenPipeError):  # whoever refuses a body need not have read it
                connection.request(method, path, raw, sent)
            reply = connection.getresponse()
            return Reply(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
        finally:
            connection.close()

    def get(self, path, **rest) -> Reply:
        return self.call("GET", path, **rest)

    def post(self, path, body, **rest) -> Reply:
        return self.call("POST", path, body, **rest)

    def stop(self, how=signal.SIGTERM) -> int:
        """Send the signal and wait; gives the exit code."""
        if self.is_running:
            self.process.send_signal(how)
        return self.process.wait(timeout=PATIENCE)


def environment_of(data: Path, **settings) -> dict[str, str]:
    """This process's environment, with a data folder and a free port, and nothing of its own BEGLEITER_*."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BEGLEITER_")}
    given = {"BEGLEITER_DATA": data, "WEB_CONCURRENCY": 1, "PORT": free_port()} | settings
    return kept | {name: str(value) for name, value in given.items()}


def begleiter(*arguments, environment: Mapping[str, str]) -> subprocess.CompletedProcess:
    """Run a command to its end."""
    return subprocess.run(
        [BEGLEITER, *arguments], cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=120
    )


@contextmanager
def serving(environment: Mapping[str, str], *, command: Sequence[str] = (), within=()) -> Iterator[Service]:
    """`begleiter serve` under this environment, once it answers; `within` is a command that runs it."""
    said_to = Path(environment["BEGLEITER_DATA"]) / "said.txt"
    said_to.parent.mkdir(parents=True, exist_ok=True)
    line = [*within, *(command or [str(BEGLEITER), "serve"])]
    with said_to.open("wb") as said:
        process = subprocess.Popen(
            line, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
    service = Service(int(environment["PORT"]), process, said_to, environment)
    try:
        wait_until(lambda: answers(service) or not service.is_running)
        assert service.is_running, service.said
        yield service
    finally:
        kill_group(process)


def answers(service: Service) -> bool:
    try:
        return service.get("/alive").status == 200
    except OSError:
        return False


def wait_until(holds) -> None:
    """Wait for a condition as long as patience lasts."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.05)


def kill_group(process: subprocess.Popen) -> None:
    """Leave nothing behind, whatever a test found out."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def members_of_session(leader: int) -> list[int]:
    """The processes of a session that are still there, by its leader's id."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(session) == leader and state != "Z":
            found.append(int(folder.name))
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def a_data_folder(folder: Path, database: Path) -> Path:
    """A data folder whose database has the current schema."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(database, folder / "begleiter.sqlite3")
    return folder
