"""`make serve` as it is typed: sets the demo shop up, says what to open, and stops everything that it started.

Installing is left out: VENV is a folder whose `bin` is the environment that runs the tests.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.running import (
    BIN,
    PATIENCE,
    ROOT,
    Service,
    environment_of,
    free_port,
    is_free,
    kill_group,
    members_of_session,
    serving,
    wait_until,
)
from tests.conftest import needed

WORKERS = 2
IGNORED = re.compile(
    r"Exception ignored in[^\n]*\nTraceback"
)  # where a signal meets a destructor, Python says so itself


@pytest.fixture(scope="module")
def venv(tmp_path_factory):
    """What make takes for an environment that it has installed already."""
    if shutil.which("make") is None:
        needed("make")
    folder = tmp_path_factory.mktemp("venv")
    (folder / "bin").symlink_to(BIN)
    (folder / "serve.stamp").touch()
    return folder


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    """Where workers leave what is temporary."""
    return tmp_path_factory.mktemp("tmp")


@pytest.fixture(scope="module")
def environment(tmp_path_factory, figures):
    return environment_of(tmp_path_factory.mktemp("var"), WEB_CONCURRENCY=WORKERS, TMPDIR=figures)


@pytest.fixture(scope="module")
def setting_up(venv, environment):
    """Two starts that are stopped halfway, then one to the end: what each said, and what was left running."""
    simulating, left_by_term = stopped(venv, environment, stop, lambda said, running: "simulate.py" in running)
    training, left_by_ctrl_c = stopped(venv, environment, interrupt, lambda said, running: "Training" in said)
    with serve(venv, environment) as service:
        ready = service.get("/ready").json
        stop(service)
        return SettingUp((simulating, training, service.said), (left_by_term, left_by_ctrl_c), ready)


@dataclass(frozen=True)
class SettingUp:
    said: tuple[str, ...]
    left: tuple[list, ...]
    ready: dict


def stopped(venv, environment, how, when):
    """Start, stop as soon as `when` holds of what was said and what runs; gives what was said and what is left."""
    said_to = Path(environment["BEGLEITER_DATA"]) / "said.txt"
    with said_to.open("wb") as said:
        process = subprocess.Popen(
            command(venv), cwd=ROOT, env=environment, stdout=said, stderr=said, start_new_session=True
        )
    service = Service(int(environment["PORT"]), process, said_to, environment)
    wait_until(lambda: when(service.said, running_in(service)) or not service.is_running)
    how(service)
    left = running_in(service)
    kill_group(process)
    return service.said, left


def running_in(service):
    """The command lines of what make started, as one text."""
    lines = []
    for member in members_of_session(service.process.pid):
        with suppress(OSError):
            lines.append((Path("/proc") / str(member) / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return "\n".join(lines)


def command(venv):
    return ["make", "serve", f"VENV={venv}"]


@contextmanager
def serve(venv, environment):
    with serving(environment, command=command(venv)) as service:
        wait_until(lambda: service.said.count("Booting worker") == WORKERS)
        time.sleep(0.5)  # gunicorn loses a signal that reaches a worker before it listens to signals
        yield service


def stop(service):
    """SIGTERM to make alone."""
    service.process.send_signal(signal.SIGTERM)
    service.process.wait(timeout=PATIENCE)


def interrupt(service):
    """Ctrl-C: the terminal tells the whole group."""
    os.killpg(service.process.pid, signal.SIGINT)
    service.process.wait(timeout=PATIENCE)


def models_of(environment):
    folder = Path(environment["BEGLEITER_DATA"]) / "models"
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def is_gone(service, figures):
    wait_until(lambda: not members_of_session(service.process.pid))
    return is_free(service.port) and not list(figures.iterdir())


def test_stopped_while_it_sets_up_nothing_of_it_goes_on(setting_up):
    assert setting_up.left == ("", "")
    assert "Begleiter listens" not in setting_up.said[0] + setting_up.said[1]
    assert not [said for said in setting_up.said if "Traceback" in IGNORED.sub("", said)]


def test_the_next_start_does_what_is_missing_and_shows_progress(setting_up):
    simulating, training, last = setting_up.said
    ready = setting_up.ready

    assert "are stored" not in simulating
    assert re.search(r"[\d,]+ simulated shoppers and [\d,]+ order lines are stored", training)
    assert "are stored" not in last
    assert (training + last).count("published") == 1  # by the second, if it was stopped too late on a busy machine
    assert ready["status"] == "ready"
    assert (ready["model"]["version"] is None, ready["model"]["refused"]) == (False, None)
    assert ready["questionnaires"] == {"published": ["city-bike", "road-bike"], "refused": []}


def test_the_second_start_makes_nothing_again_and_its_three_curl_lines_work(setting_up, venv, environment, figures):
    made = models_of(environment)

    with serve(venv, environment | {"PORT": str(free_port())}) as service:
        lines = [line for line in service.said.splitlines() if line.startswith("curl ")]
        replies = [run(line) for line in lines]
        page = service.get("/docs")
        stop(service)
        gone = is_gone(service, figures)

    assert gone
    assert models_of(environment) == made
    assert "simulated shoppers and" not in service.said
    assert f"http://127.0.0.1:{service.port}/docs" in service.said
    assert (page.status, page.media_type) == (200, "text/html")
    assert [next(iter(reply)) for reply in replies] == ["questionnaires", "questionnaire", "suggestions"]
    assert replies[1]["shortlist"]
    assert replies[2]["suggestions"]
    assert replies[2]["degraded"] is None


def run(line):
    """A line of the output, typed into a shell."""
    outcome = subprocess.run(
        ["bash", "-c", f"{line} -sS --fail-with-body"], check=True, capture_output=True, timeout=30
    )
    return json.loads(outcome.stdout)


def test_ctrl_c_stops_everything_that_make_started(setting_up, venv, environment, figures):
    with serve(venv, environment | {"PORT": str(free_port())}) as service:
        assert len(members_of_session(service.process.pid)) >= 3

        interrupt(service)

        assert is_gone(service, figures)
        assert "Traceback" not in service.said


def test_a_request_that_runs_while_make_is_told_to_stop_is_answered(setting_up, venv, environment, figures):
    with serve(venv, environment | {"PORT": str(free_port())}) as service:
        body = json.dumps({"questionnaire": "road-bike"}).encode()

        def slowly():
            yield body[:10]
            service.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            yield body[10:]

        reply = service.post("/v1/advice", slowly())
        service.process.wait(timeout=PATIENCE)

        assert reply.status == 200
        assert is_gone(service, figures)
