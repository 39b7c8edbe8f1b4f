"""What four workers with one model of 50,000 products share, by the kernel's account of each process."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.cross_sell_model import sku, write_model, write_shop
from bench.over_http import free_port
from service.cross_sell.pointer import publish
from service.storage.schema import upgrade

PRODUCTS, WORKERS = 50_000, 4
HEADERS = {"Content-Type": "application/json"}
REQUESTS = 200
MEGABYTE = 1024


def tell_memory() -> None:
    """Start four workers, publish a second model under them, and print PSS and RSS of each, arrays apart."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_shop(folder, PRODUCTS)
        models = folder / "models"
        publish(models, write_model(models, PRODUCTS))
        newer = write_model(models, PRODUCTS, seed=8, until="2026-03-31")
        size = sum(path.stat().st_size for path in newer.glob("*.npy")) / 1024 / MEGABYTE
        with serving(folder, WORKERS) as (process, port):
            publish(models, newer)
            served = ask(port, REQUESTS)
            print(
                f"\n{WORKERS} workers, {PRODUCTS:,} products, arrays of {size:.0f} MB taken up while running: {served}"
            )
            workers = children(process.pid)
            for worker in workers:
                whole, arrays = rollup(worker), mapped(worker, newer)
                print(
                    f"worker {worker}: PSS {whole['Pss'] / MEGABYTE:6.1f} MB of RSS {whole['Rss'] / MEGABYTE:6.1f} MB; "
                    f"of the arrays PSS {arrays['Pss'] / MEGABYTE:5.1f} MB of RSS {arrays['Rss'] / MEGABYTE:5.1f} MB"
                )
            together = sum(mapped(worker, newer)["Pss"] for worker in workers) / MEGABYTE
            print(f"the arrays in all workers together: {together:.1f} MB, {together / size:.2f} copies")


@contextmanager
def serving(folder: Path, workers: int) -> "Iterator[tuple[subprocess.Popen[bytes], int]]":
    """`begleiter serve` over a folder with shop/, questionnaires/ and models/."""
    port, url = free_port(), f"sqlite:///{folder}/bench.sqlite3"
    upgrade(url)
    environment = os.environ | {
        "BEGLEITER_SHOP": str(folder / "shop"),
        "BEGLEITER_QUESTIONNAIRES": str(folder / "questionnaires"),
        "BEGLEITER_DATA": str(folder),
        "BEGLEITER_DATABASE_URL": url,
        "BEGLEITER_LOG_LEVEL": "warning",
        "PORT": str(port),
        "WEB_CONCURRENCY": str(workers),
    }
    command = [sys.executable, "-m", "service.cli", "serve"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[1], stdout=quiet, stderr=quiet)
    try:
        wait_for(port, process)
        yield process, port
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until the service is ready."""
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError("the server stopped")
        try:
            if fetch(port, "GET", "/ready")[0] == 200:  # noqa: PLR2004 - ready
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the server did not come up")


def fetch(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    """One request over its own connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, HEADERS)
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


def ask(port: int, requests: int) -> str:
    """Enough requests, each over its own connection, that every worker has had some."""
    seen: dict[str, int] = {}
    for number in range(requests):
        body = json.dumps({"basket": [sku(number), sku(number * 7)]}).encode()
        version = json.loads(fetch(port, "POST", "/v1/cross-sell", body)[1])["model"]["version"]
        seen[version] = seen.get(version, 0) + 1
    return ", ".join(f"{count} replies by {version}" for version, count in seen.items())


def children(parent: int) -> list[int]:
    """The processes that a process has forked."""
    return [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def rollup(process: int) -> dict[str, int]:
    """The kernel's sums over a process, in kB."""
    return kilobytes(Path(f"/proc/{process}/smaps_rollup").read_text().splitlines())


def mapped(process: int, folder: Path) -> dict[str, int]:
    """The kernel's sums over the files of one folder that a process has mapped, in kB."""
    ours, found = False, {"Pss": 0, "Rss": 0}
    for line in Path(f"/proc/{process}/smaps").read_text().splitlines():
        if "-" in line.split(" ", 1)[0]:
            ours = line.endswith(".npy") and str(folder) in line
        elif ours:
            for name, value in kilobytes([line]).items():
                found[name] += value
    return found


def kilobytes(lines: list[str]) -> dict[str, int]:
    """The lines `Pss:` and `Rss:`."""
    fields = (line.split() for line in lines)
    return {each[0][:-1]: int(each[1]) for each in fields if each[0] in {"Pss:", "Rss:"}}
