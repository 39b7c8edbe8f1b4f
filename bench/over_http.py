"""What POST /v1/advice costs, as a ratio to a bare Flask view that returns the same bytes through orjson.

    python bench/over_http.py             in process and under gunicorn, 1,000 and 10,000 products
    python bench/over_http.py --profile   where the time goes, 10,000 products

In process: CPU time of both in turns, medians; by Flask's test client, and by bare WSGI calls with an environment made
beforehand (then the yardstick is little more than Flask's own routing). Under gunicorn: one after the other with the
same settings on loopback, a bounded number of requests from a small client over kept-alive connections.
"""

import argparse
import cProfile
import gc
import http.client
import json
import multiprocessing
import os
import pstats
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).parents[1]))

import orjson
from flask import Flask, Response
from werkzeug.test import EnvironBuilder

from bench.http_shop import ANSWERS, write_shop
from service.api.log import open_log
from service.app import create_app
from service.server.run import serve
from service.settings import Settings
from service.storage.schema import upgrade

BODY = json.dumps({"questionnaire": "bench", "answers": ANSWERS, "locale": "de"}).encode()
ROUNDS, CALLS = 61, 20
LIMITS = {1_000: 4.0, 10_000: 6.0}
CLIENTS, REQUESTS = 4, 1_500


def environment(path: str = "/v1/advice") -> dict[str, Any]:
    """A WSGI environment of one POST, without its body stream."""
    return EnvironBuilder(path, method="POST", data=BODY, content_type="application/json").get_environ()


def call(app: Flask, prepared: dict[str, Any]) -> bytes:
    """One request."""
    environ = prepared | {"wsgi.input": BytesIO(BODY)}
    return b"".join(app(environ, cast("Any", lambda *_: None)))


def bare(reply: bytes) -> Flask:
    """A view that does nothing but write the same bytes."""
    app = Flask("bare")
    value = orjson.loads(reply)

    @app.post("/v1/advice")
    def advice() -> Response:
        return Response(orjson.dumps(value), content_type="application/json")

    return app


def by_client(app: Flask) -> Callable[[], object]:
    """One request by the test client."""
    client = app.test_client()
    return lambda: client.post("/v1/advice", data=BODY, content_type="application/json").get_data()


def by_wsgi(app: Flask) -> Callable[[], object]:
    """One request by a bare WSGI call."""
    prepared = environment()
    return lambda: call(app, prepared)


def cpu(request: Callable[[], object]) -> float:
    """CPU seconds of one request, from a batch."""
    begin = time.process_time()
    for _ in range(CALLS):
        request()
    return (time.process_time() - begin) / CALLS


@contextmanager
def service(products: int, port: int = 8000) -> Iterator[tuple[Flask, Settings]]:
    """The service over a simulated shop; its log goes nowhere, but is written."""
    with tempfile.TemporaryDirectory() as name, Path(os.devnull).open("wb") as sink:
        folder = Path(name)
        write_shop(folder, products)
        url = f"sqlite:///{folder}/bench.sqlite3"
        settings = Settings(folder / "shop", folder / "questionnaires", folder, database_url=url, port=port, workers=1)
        upgrade(url)
        yield create_app(settings, log=open_log(stream=sink)), settings


def in_process(products: int) -> None:
    """Print the ratios in process."""
    with service(products) as (app, _):
        reply = call(app, environment())
        yardstick = bare(reply)
        assert call(yardstick, environment()) == reply, "the yardstick must return the same bytes"
        gc.collect()
        gc.freeze()  # as the server does before it forks
        for name, way in (("test client", by_client), ("bare WSGI", by_wsgi)):
            print(f"in process, {name:<11} {products:>6} products  {in_turns(way(app), way(yardstick))}")
        print(f"            wanted: a ratio of at most {LIMITS[products]:.0f}; a reply has {len(reply)} bytes")


def in_turns(ours: Callable[[], object], theirs: Callable[[], object]) -> str:
    """Both measured in turns: medians, and the fastest batches, which other work on the machine disturbed least."""
    pairs = [(cpu(ours) * 1e6, cpu(theirs) * 1e6) for _ in range(ROUNDS)]
    mine, bar = (statistics.median(each) for each in zip(*pairs, strict=True))
    fastest, fastest_bar = (min(each) for each in zip(*pairs, strict=True))
    return (
        f"advice {mine:5.0f} µs  bare {bar:5.0f} µs  ratio {mine / bar:5.2f}   "
        f"(fastest {fastest:5.0f} / {fastest_bar:4.0f} = {fastest / fastest_bar:5.2f})"
    )


def under_gunicorn(products: int) -> None:
    """Print the ratio of requests a second under gunicorn."""
    port = free_port()
    with service(products, port) as (app, settings):
        reply = call(app, environment())
        rates = {}
        for name, candidate in (("advice", app), ("bare", bare(reply))):
            process = multiprocessing.get_context("fork").Process(target=quietly_serve, args=(candidate, settings))
            process.start()
            wait_for(port)
            rates[name] = requests_per_second(port, reply)
            process.terminate()
            process.join()
        print(
            f"gunicorn    {products:>6} products  advice {rates['advice']:6.0f}/s   bare {rates['bare']:6.0f}/s   "
            f"ratio {rates['bare'] / rates['advice']:4.2f}  1 worker, {CLIENTS} connections, client on the same cores"
        )


def quietly_serve(app: Flask, settings: Settings) -> None:
    """Serve in this process, without gunicorn's messages."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    serve(app, settings, lambda: None)


def requests_per_second(port: int, expected: bytes) -> float:
    """A bounded load; every reply must be the expected one."""
    wrong: list[bytes] = []

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for _ in range(REQUESTS // CLIENTS):
            connection.request("POST", "/v1/advice", BODY, {"Content-Type": "application/json"})
            body = connection.getresponse().read()
            if body != expected:
                wrong.append(body)
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, "a reply differs"
    return REQUESTS / (time.perf_counter() - begin)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return cast("int", probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Until something listens."""
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the server did not come up")


def profile(products: int) -> None:
    """Print where the time goes."""
    with service(products) as (app, _):
        prepared = environment()
        call(app, prepared)
        profiler = cProfile.Profile()
        profiler.enable()
        for _ in range(1000):
            call(app, prepared)
        profiler.disable()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(45)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description="What POST /v1/advice costs beside a bare Flask view.")
    parser.add_argument("--profile", action="store_true", help="print where the time goes instead")
    if parser.parse_args().profile:
        profile(10_000)
        return
    for products in LIMITS:
        in_process(products)
    for products in LIMITS:
        under_gunicorn(products)


if __name__ == "__main__":
    main()
