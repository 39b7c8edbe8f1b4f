"""What POST /v1/cross-sell costs beside a bare view when both are really served: CPU time of gunicorn's worker.

    python bench/cross_sell_served.py

One worker, one kept connection, one request after the other: baskets never asked before, then again. Both answer the
same requests; the bare view answers each with the bytes of one reply.
"""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as `begleiter serve` does, before numpy

import http.client
import multiprocessing
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

from flask import Flask

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

import bench.cross_sell as in_process
from bench.over_http import free_port, quietly_serve, wait_for
from service.settings import Settings

ROUNDS, BATCH, AT_FIRST = 21, 200, 300


def main() -> None:
    """Print the ratio, for baskets never asked before and for pages asked again."""
    fresh, known = in_process.fresh_baskets(ROUNDS * BATCH + AT_FIRST, seed=4), in_process.pages()
    with tempfile.TemporaryDirectory() as folder, in_process.service(Path(folder), in_process.SERVED) as app:
        sample = app.test_client().post("/v1/cross-sell", data=fresh[0], content_type=in_process.JSON).get_data()
        settings = Settings(Path(folder), Path(folder), Path(folder), workers=1)
        with served(app, settings) as ours, served(in_process.bare_view(sample), settings) as theirs:
            for asker in (ours, theirs):
                asker.cpu(fresh[:AT_FIRST])
                asker.cpu(known)
            for what, bodies in ((in_process.FRESH, fresh[AT_FIRST:]), (in_process.PAGES, known)):
                each = [[asker.cpu(part(bodies, number)) for asker in (ours, theirs)] for number in range(ROUNDS)]
                in_process.tell(what, "gunicorn", *np.median(np.array(each), axis=0))


def part(bodies: list[bytes], number: int) -> list[bytes]:
    """The requests of one round."""
    return [bodies[(number * BATCH + place) % len(bodies)] for place in range(BATCH)]


class Asker:
    """Sends requests over one connection, and reads what CPU time the processes that answer took for them."""

    def __init__(self, port: int, pid: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        self._tasks = [Path(f"/proc/{each}/task") for each in (str(pid), *children)]

    def cpu(self, bodies: Iterable[bytes]) -> float:
        """Microseconds of CPU time for each of these requests."""
        several, before = list(bodies), self._spent()
        for body in several:
            self._connection.request("POST", "/v1/cross-sell", body, {"Content-Type": "application/json"})
            reply = self._connection.getresponse()
            assert reply.status == HTTPStatus.OK, reply.status
            reply.read()
        return (self._spent() - before) / len(several) * 1e6

    def _spent(self) -> float:
        threads = (thread for tasks in self._tasks for thread in tasks.iterdir())
        return sum(int((each / "schedstat").read_text(encoding="ascii").split()[0]) for each in threads) / 1e9


@contextmanager
def served(app: Flask, settings: Settings) -> Iterator[Asker]:
    """The app under gunicorn in a process of its own."""
    port = free_port()
    process = multiprocessing.get_context("fork").Process(
        target=quietly_serve, args=(app, replace(settings, port=port))
    )
    process.start()
    wait_for(port)
    try:
        yield Asker(port, process.pid or os.getpid())
    finally:
        process.terminate()
        process.join()


if __name__ == "__main__":
    main()
