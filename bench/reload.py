"""Models published under load: every request is answered, and no reply holds two models.

    python bench/reload.py                  20 seconds, two workers, a model every 5 seconds, the second one corrupt
    python bench/reload.py --seconds 60

Every model's counts are its own number, and every reason tells counts: so a reply shows which model it came from, and
must agree with the version that it names. The client is small and bounded: it waits between its requests.
"""

import argparse
import http.client
import json
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from bench.cross_sell_memory import fetch, serving
from bench.cross_sell_model import CATEGORIES, sku, write_shop
from service.cross_sell.pointer import publish
from service.cross_sell.writing import write_artefact

PRODUCTS, NEIGHBOURS = 5_000, 20
EVERY_SECONDS, CORRUPT = 5.0, 2
CLIENTS, PAUSE_SECONDS = 4, 0.01
TOGETHER = re.compile(r"in (\d+) of (\d+) orders")
JSON = {"Content-Type": "application/json"}


def write_numbered(models: Path, number: int) -> Path:
    """A model of neighbours alone: every pair was bought in 1000 + number of 5000 + number orders."""
    dice = np.random.default_rng(number)
    starts = np.arange(0, PRODUCTS * NEIGHBOURS + 1, NEIGHBOURS, dtype="<i8")
    steps = dice.integers(1, PRODUCTS // NEIGHBOURS, (PRODUCTS, NEIGHBOURS))
    partners = np.cumsum(steps, axis=1).ravel().astype("<i4") - 1
    arrays = {
        "products": np.array([sku(each) for each in range(PRODUCTS)]),
        "popularity": np.full(PRODUCTS, 5000 + number, "<i8"),
        "never_together": np.zeros((CATEGORIES, CATEGORIES), np.bool_),
        "pair_starts": starts,
        "pair_products": partners,
        "pair_orders": np.full(len(partners), 1000 + number, "<i4"),
        "ease_starts": starts,
        "ease_products": partners,
        "ease_weights": dice.random(len(partners)).astype("<f4"),
    }
    described = {
        "scorers": [{"name": "ease", "kind": "neighbours", "weights": [1.0], "opening_weight": 1.0}],
        "basket_sizes": [1],
        "traits": [],
        "categories": [f"c{each:02}" for each in range(CATEGORIES)],
        "orders": 100_000 + number,
        "window": {"from": "2025-03-01", "until": "2026-02-28"},
    }
    return write_artefact(models, arrays, described)


@dataclass
class Seen:
    """What the clients saw; `numbers` says which version has which number."""

    numbers: dict[str, int] = field(default_factory=dict)
    by_version: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    slowest: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, status: int, body: bytes, seconds: float) -> None:
        """Judge one reply."""
        with self.lock:
            self.slowest = max(self.slowest, seconds)
            if status != 200:  # noqa: PLR2004 - anything else is a failure
                self.failed.append(f"status {status}")
                return
            reply = json.loads(body)
            version = reply["model"]["version"]
            self.by_version[version] += 1
            number = self.numbers[version]
            told = [TOGETHER.search(each["because"]["text"]) for each in reply["suggestions"]]
            if not told or any(
                each is None or each.groups() != (f"{1000 + number}", f"{5000 + number}") for each in told
            ):
                self.mixed.append(version)


def client(port: int, seen: Seen, until: float, seed: int) -> None:
    """Ask over one kept-alive connection, as quickly as the pauses allow."""
    dice = np.random.default_rng(seed)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.monotonic() < until:
        body = json.dumps({"basket": [sku(int(dice.integers(PRODUCTS)))], "limit": 5, "locale": "en"})
        begin = time.perf_counter()
        try:
            connection.request("POST", "/v1/cross-sell", body, JSON)
            reply = connection.getresponse()
            seen.take(reply.status, reply.read(), time.perf_counter() - begin)
        except (OSError, http.client.HTTPException) as failure:
            with seen.lock:
                seen.failed.append(type(failure).__name__)
            connection.close()
        time.sleep(PAUSE_SECONDS)
    connection.close()


def damage(folder: Path) -> None:
    """Turn one bit over in the middle of an array."""
    path = folder / "ease_weights.npy"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def publish_on(models: Path, seen: Seen, until: float) -> list[str]:
    """A new model every five seconds; says which were published, the corrupt ones marked."""
    published, number = [], 0
    while time.monotonic() + EVERY_SECONDS < until:
        time.sleep(EVERY_SECONDS)
        number += 1
        folder = write_numbered(models, number)
        seen.numbers[folder.name] = number
        if number % 5 == CORRUPT:
            damage(folder)
        publish(models, folder)
        published.append(f"{folder.name}{' (corrupt)' if number % 5 == CORRUPT else ''}")
    return published


def main() -> int:
    """Run, print what was seen, and fail if a request failed, a reply was mixed or a corrupt model answered."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, seen = Path(name), Seen()
        models = folder / "models"
        write_shop(folder, PRODUCTS)
        first = write_numbered(models, 0)
        seen.numbers[first.name] = 0
        publish(models, first)
        with serving(folder, wanted.workers) as (_, port):
            until = time.monotonic() + wanted.seconds
            clients = [threading.Thread(target=client, args=(port, seen, until, each)) for each in range(CLIENTS)]
            for each in clients:
                each.start()
            published = publish_on(models, seen, until)
            for each in clients:
                each.join()
            refused = json.loads(fetch(port, "GET", "/ready")[1])["model"]["refused"]
    return told(seen, published, refused, wanted.seconds)


def told(seen: Seen, published: list[str], refused: str | None, seconds: int) -> int:
    """Print the figures; 1 if something is wrong."""
    corrupt = [each.partition(" ")[0] for each in published if each.endswith("(corrupt)")]
    by_corrupt = sum(seen.by_version[version] for version in corrupt)
    print(f"{seen.by_version.total()} requests in {seconds} s; failed {len(seen.failed)} {Counter(seen.failed)}")
    print(f"published while serving: {', '.join(published)}")
    print(f"answered by {len(seen.by_version)} models: {dict(seen.by_version)}")
    print(f"replies that mix two models: {len(seen.mixed)}; replies of a corrupt model: {by_corrupt}")
    print(f"slowest reply {seen.slowest * 1000:.0f} ms; refused in the end: {refused}")
    return 1 if seen.failed or seen.mixed or by_corrupt or len(seen.by_version) < len(published) - len(corrupt) else 0


if __name__ == "__main__":
    sys.exit(main())
