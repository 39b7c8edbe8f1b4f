"""The Dockerfile's own lines, taken through a fresh environment: no compiler, no trainer, and the service stands."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PREFIX = "/opt/begleiter"


def instructions():
    """The Dockerfile as (instruction, argument) pairs, continuation lines joined."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest.strip()) for word, rest in (line.strip().split(" ", 1) for line in lines)]


def stages():
    found = []
    for word, rest in instructions():
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest))
    return found


def arguments(stage, word):
    return [rest for name, rest in stage if name == word]


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """What the image would hold: the build stage's COPY and RUN lines, carried out below a temporary folder."""
    root = tmp_path_factory.mktemp("image")
    source, prefix, tools = root / "src", root / "begleiter", root / "tools"
    source.mkdir()
    tools.mkdir()
    (tools / "python").symlink_to(sys.executable)
    build, _ = stages()
    for copied in arguments(build, "COPY"):
        *names, target = copied.split()
        for name in names:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, source / target)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COVERAGE", "COV_"))}
    environment |= {"PATH": str(tools), "CC": "/nonexistent/cc", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    for command in arguments(build, "RUN"):
        line = [
            sys.executable if word == "python" else word.replace(PREFIX, str(prefix)) for word in shlex.split(command)
        ]
        subprocess.run(line, cwd=source, env=environment, check=True, capture_output=True)
    return prefix


def run(image, *line):
    return subprocess.run([image / "bin" / line[0], *line[1:]], check=False, capture_output=True, text=True)


def settings_of(final, folder):
    """The final stage's ENV lines, with its folders moved below `folder`."""
    pairs = [pair.split("=", 1) for line in arguments(final, "ENV") for pair in shlex.split(line)]
    moved = {name: value.replace("/srv/begleiter", str(folder)) for name, value in pairs if name != "PATH"}
    return moved | {"BEGLEITER_HOST": "127.0.0.1"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as reply:
        return reply.status, json.loads(reply.read() or b"null")


def wait_until_alive(base, process):
    for _ in range(300):
        assert process.poll() is None, "the service stopped while starting"
        try:
            return fetch(f"{base}/alive")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError("the service did not come up within 30 s")


def test_the_image_holds_neither_trainer_nor_compiler(image):
    for module in ("lightfm", "scipy"):
        assert "ModuleNotFoundError" in run(image, "python", "-c", f"import {module}").stderr


def test_retraining_in_the_serving_image_says_what_to_install(image):
    outcome = run(image, "begleiter", "retrain")

    assert outcome.returncode != 0
    assert "training" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_the_image_runs_as_somebody_without_rights_and_keeps_its_data_in_volumes():
    _, final = stages()

    assert arguments(final, "USER") == ["begleiter"]
    volumes = json.loads(arguments(final, "VOLUME")[0])
    environment = settings_of(final, "/srv/begleiter")
    assert {environment[f"BEGLEITER_{name}"] for name in ("SHOP", "QUESTIONNAIRES", "DATA")} == set(volumes)


def test_the_service_starts_from_the_image_and_advises(image, tmp_path):
    _, final = stages()
    shutil.copytree(ROOT / "shop", tmp_path / "shop")
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    (tmp_path / "var").mkdir()
    port = free_port()
    environment = {"PATH": f"{image}/bin:/usr/bin:/bin", "PORT": str(port), "WEB_CONCURRENCY": "1"}
    environment |= settings_of(final, tmp_path)
    entry = json.loads(arguments(final, "ENTRYPOINT")[0])
    start = json.loads(arguments(final, "CMD")[0])
    subprocess.run([image / "bin" / entry[0], "db", "upgrade"], cwd=tmp_path, env=environment, check=True)

    process = subprocess.Popen([image / "bin" / entry[0], *entry[1:], *start], cwd=tmp_path, env=environment)
    try:
        base = f"http://127.0.0.1:{port}"
        wait_until_alive(base, process)
        ready, state_of_service = fetch(f"{base}/ready")
        advised, state = fetch(f"{base}/v1/advice", {"questionnaire": "road-bike", "answers": {}, "locale": "de"})
        check = json.loads(next(rest for word, rest in final if word == "HEALTHCHECK").split("CMD ", 1)[1])
        health = subprocess.run([image / "bin" / check[0], *check[1:]], env=environment, check=False)
    finally:
        process.send_signal(signal.SIGTERM)
        stopped = process.wait(timeout=30)

    assert (ready, advised, health.returncode, stopped) == (200, 200, 0, 0)
    assert state_of_service["model"]["version"] is None
    assert 0 < len(state["shortlist"]) <= 3
