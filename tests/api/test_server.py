"""The service under gunicorn: started by its command, stopped by a signal, discreet about what it cannot read."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

ADVICE = json.dumps({"questionnaire": "road-bike", "answers": {}}).encode()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(folder, port):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEGLEITER_", "PROMETHEUS_"))}
    return kept | {
        "BEGLEITER_SHOP": str(folder / "shop"),
        "BEGLEITER_QUESTIONNAIRES": str(folder / "questionnaires"),
        "BEGLEITER_DATA": str(folder / "var"),
        "BEGLEITER_DATABASE_URL": f"sqlite:///{folder}/begleiter.sqlite3",
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "TMPDIR": str(folder),
    }


def fetch(url, body=None, headers=()):
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"} | dict(headers))
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.status, reply.read(), reply.headers
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read(), refusal.headers


def raw(port, sent):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


class Server:
    def __init__(self, folder):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.output = folder / "output.txt"
        with self.output.open("wb") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "service.cli", "serve"],
                env=environment(folder, self.port),
                stdout=sink,
                stderr=subprocess.STDOUT,
            )

    def wait(self):
        for _ in range(300):
            assert self.process.poll() is None, self.output.read_text()
            try:
                return fetch(f"{self.base}/alive")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        raise AssertionError("it did not come up")

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(timeout=40)


@pytest.fixture
def server(folder):
    running = Server(folder)
    try:
        running.wait()
        yield running
    finally:
        running.stop(signal.SIGTERM)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_advises_says_what_to_open_and_stops_cleanly(server, folder, how):
    status, body, headers = fetch(f"{server.base}/v1/advice", ADVICE)

    assert (status, json.loads(body)["question"]["id"]) == (200, "budget")
    assert headers["Content-Language"] == "de"
    assert server.stop(how) == 0
    said = server.output.read_text()
    assert f"{server.base}/docs" in said
    assert said.count("\ncurl ") == 3
    assert not list(folder.glob("begleiter-figures-*"))


def test_the_three_calls_that_it_proposes_work(server):
    time.sleep(0.3)
    lines = [line for line in server.output.read_text().splitlines() if line.startswith("curl ")]

    for line in lines:
        outcome = subprocess.run(
            ["/bin/sh", "-c", line.replace("curl ", "curl -sf ", 1)], capture_output=True, check=True
        )
        assert json.loads(outcome.stdout)


def test_the_figures_of_all_workers_are_added_up(server):
    with ThreadPoolExecutor(8) as clients:
        replies = list(clients.map(lambda _: fetch(f"{server.base}/v1/advice", ADVICE), range(40)))

    text = fetch(f"{server.base}/metrics")[1].decode()

    assert {status for status, _, _ in replies} == {200}
    assert len({body for _, body, _ in replies}) == 1
    assert 'begleiter_request_seconds_count{method="POST",route="/v1/advice",status="200"} 40.0' in text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"canary nonsense\r\n\r\n", 400),
        (b"GET /canary HTTP/7.7\r\n\r\n", 400),
        (b"GET /v1/" + b"canary" * 500 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nX: " + b"canary" * 2000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\nCon tent: canary\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: canary\r\n\r\n", 400),
    ],
)
def test_what_is_not_http_gets_a_problem_that_repeats_nothing(server, sent, status):
    received = raw(server.port, sent)

    head, _, body = received.partition(b"\r\n\r\n")
    assert int(head.split()[1]) == status
    assert b"application/problem+json" in head
    assert json.loads(body)["status"] == status
    server.stop()
    assert b"canary" not in received
    assert "canary" not in server.output.read_text()


def test_a_large_body_is_refused_by_length_and_in_chunks(server):
    megabyte = b" " * (1 << 20)
    head = b"POST /v1/advice HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
    chunk = f"{len(megabyte):x}".encode() + b"\r\n" + megabyte + b"\r\n0\r\n\r\n"

    by_length = raw(server.port, head + b"Content-Length: 1048576\r\n\r\n" + megabyte)
    in_chunks = raw(server.port, head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk)

    assert b" 413 " in by_length.splitlines()[0]
    assert b" 413 " in in_chunks.splitlines()[0]


def test_without_a_catalogue_it_prints_every_complaint_and_gives_up(folder):
    products = folder / "shop" / "products.csv"
    products.write_text(products.read_text().replace("900.00", "cheap"))

    outcome = subprocess.run(
        [sys.executable, "-m", "service.cli", "serve"],
        env=environment(folder, free_port()),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert outcome.returncode == 1
    assert outcome.stderr.count("products.csv:") == 4
    assert "Traceback" not in outcome.stderr


def test_bad_settings_are_said_before_anything_starts(folder):
    outcome = subprocess.run(
        [sys.executable, "-m", "service.cli", "serve"],
        env=environment(folder, free_port()) | {"BEGLEITER_ORIGINS": "*"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert outcome.returncode == 1
    assert "BEGLEITER_ORIGINS" in outcome.stderr


FORKED = """
import os
from service.server.environment import prepare_environment
prepare_environment()
from service.api.metrics import Metrics
metrics = Metrics()
metrics.refused({"catalogue": ["BG-1"]})
metrics.model_refused(is_refused=True)
if not (worker := os.fork()):
    metrics.refused({})
    metrics.model_refused(is_refused=False)
    os._exit(0)
os.waitpid(worker, 0)
print(metrics.text().decode())
"""


def test_what_was_refused_before_the_workers_were_forked_is_told_no_more_once_it_is_in_force(tmp_path):
    alone = environment(tmp_path, 0)
    told = subprocess.run([sys.executable, "-c", FORKED], env=alone, capture_output=True, text=True, check=True).stdout

    assert 'begleiter_refused{code="BG-1",part="catalogue"} 0.0' in told
    assert 'begleiter_refused{code="refused",part="model"} 0.0' in told
