"""What suggestions cost: ranking in process beside LightFM.predict, POST /v1/cross-sell beside a bare Flask view.

    python bench/cross_sell.py             50,000 products ranked, 10,000 over HTTP in process
    python bench/cross_sell.py --memory    also what four workers share, by /proc/PID/smaps_rollup

One thread. Ranking: the ten best of all products for a basket of three, masked (basket, stock, closed categories). Wall
clock and CPU time; on a machine that does other work at the same time only the latter says what the code needs.
"""

import argparse
import os
import sys

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy is imported

import gc
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import orjson
from flask import Flask, Response
from lightfm import LightFM
from scipy import sparse
from werkzeug.test import EnvironBuilder

from bench.cross_sell_memory import tell_memory
from bench.cross_sell_model import sku, write_model, write_shop
from service.api.log import open_log
from service.app import create_app, utc_now
from service.catalogue.catalogue import load_catalogue
from service.catalogue.companions import Companions
from service.cross_sell.artefact import open_artefact
from service.cross_sell.assortment import Assortment, Lines
from service.cross_sell.counter import Counter
from service.cross_sell.factors import Context
from service.cross_sell.pointer import publish
from service.cross_sell.ranking import ranked
from service.cross_sell.request import Request
from service.cross_sell.suggest import suggest
from service.privacy.view import ConsentedView, CrossSellView
from service.settings import Settings
from service.storage.schema import upgrade

RANKED, SERVED, WIDTH, TOP = 50_000, 10_000, 64, 10
CALLS = 2_000
PREDICTIONS = 200
BATCH, ROUNDS = 20, 61
Ask = Callable[[bytes], object]
NOBODY: CrossSellView = ConsentedView.nothing("cross_sell")


def timed(call: Callable[[int], object], calls: int) -> tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]:
    """Wall clock and CPU time of each call, in µs."""
    wall, cpu = np.empty(calls), np.empty(calls)
    for number in range(calls):
        begin, begin_cpu = time.perf_counter(), time.thread_time()
        call(number)
        wall[number], cpu[number] = time.perf_counter() - begin, time.thread_time() - begin_cpu
    return wall * 1e6, cpu * 1e6


def told(name: str, times: tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]) -> str:
    """Median and 99th percentile of both clocks."""
    each = (
        f"{clock} {np.median(found):6.0f} / {np.percentile(found, 99):6.0f}"
        for clock, found in zip(CLOCKS, times, strict=True)
    )
    return f"{name:<34} {'   '.join(each)} µs (median / p99)"


CLOCKS = ("wall", "CPU")


def baskets(calls: int) -> list[tuple[str, ...]]:
    """Baskets of three products, always the same ones."""
    dice = np.random.default_rng(1)
    return [tuple(sku(int(number)) for number in dice.integers(0, RANKED, 3)) for _ in range(calls)]


def top(lines: Lines, assortment: Assortment, basket: tuple[str, ...]) -> list[int]:
    """The ten best rows beside a basket: folded in, scored, masked, picked."""
    there, _ = assortment.goods.parted(basket)
    heard = ranked(lines, there, NOBODY)
    assert heard is not None
    counter = Counter(lines, there, there, frozenset())
    return list(islice(counter.spread(counter.offered(heard.scores, TOP).tolist(), TOP), TOP))


def in_process(folder: Path) -> None:
    """Print what ranking 50,000 products costs, and what LightFM.predict does on the same factors."""
    write_shop(folder, RANKED)
    artefact = open_artefact(write_model(folder / "models", RANKED, width=WIDTH))
    catalogue = load_catalogue(folder / "shop")
    assortment = Assortment.of(catalogue, Companions.of((), catalogue), artefact)
    assert assortment.lines is not None
    lines, asked = assortment.lines, baskets(CALLS)
    gc.collect()
    gc.freeze()
    now = utc_now()
    for basket in asked[:50]:
        top(lines, assortment, basket)
    print(
        f"{RANKED:,} products, d = {WIDTH}, blend of factors, neighbours and popularity; wanted: p99 at most 1,000 µs"
    )
    mine = timed(lambda number: top(lines, assortment, asked[number]), CALLS)
    print(told(f"top {TOP}, masked", mine))
    whole = timed(lambda number: suggest(Request(asked[number], "basket", TOP), assortment, NOBODY, "de", now), CALLS)
    print(told(f"suggest, {TOP} with reasons", whole))
    scorer = artefact.blend.parts[0].scorer
    rows = [np.array(sorted(artefact.positions[each] for each in set(basket)), np.intp) for basket in asked]
    nothing = np.empty(0, np.intp)
    scored = timed(lambda number: scorer.scores(Context(rows[number], nothing)), CALLS)
    print(told("scores of the factors alone", scored))
    predicted = timed(predicting(artefact_factors(folder), rows), PREDICTIONS)
    print(told("LightFM.predict, same factors", predicted))
    for name, other in (("the factors alone", scored), (f"top {TOP}, masked", mine)):
        ratio = np.median(predicted[1]) / np.median(other[1])
        print(f"LightFM.predict / {name}: {ratio:.1f} times in CPU time (wanted: at least 5)")


def artefact_factors(folder: Path) -> dict[str, "np.ndarray[Any, Any]"]:
    """The arrays of the model below the folder."""
    (model,) = (folder / "models").glob("2026-*")
    return {path.stem: np.load(path) for path in model.glob("lightfm_*.npy")}


def predicting(
    factors: dict[str, "np.ndarray[Any, Any]"], rows: "list[np.ndarray[Any, Any]]"
) -> Callable[[int], object]:
    """LightFM with these factors, asked for the scores of all products for one basket, one thread."""
    model = LightFM(no_components=WIDTH)
    model.item_embeddings, model.item_biases = factors["lightfm_items"], factors["lightfm_biases"]
    model.user_embeddings, model.user_biases = factors["lightfm_context"], np.zeros(RANKED, np.float32)
    for name in ("item_embedding", "item_bias", "user_embedding", "user_bias"):
        for what in ("gradients", "momentum"):  # it only asks whether they are there
            setattr(model, f"{name}_{what}", getattr(model, f"{name}s" if "embedding" in name else f"{name}es"))
    items, every = sparse.identity(RANKED, dtype=np.float32, format="csr"), np.arange(RANKED, dtype=np.int32)
    user = np.zeros(RANKED, np.int32)
    made = [
        sparse.csr_matrix((np.ones(len(row), np.float32), row, [0, len(row)]), shape=(1, RANKED))
        for row in rows[:PREDICTIONS]
    ]
    return lambda number: model.predict(user, every, item_features=items, user_features=made[number], num_threads=1)


@contextmanager
def service(folder: Path, products: int) -> Iterator[Flask]:
    """The service over a made-up shop with a model; its log goes nowhere, but is written."""
    write_shop(folder, products)
    publish(folder / "models", write_model(folder / "models", products))
    url = f"sqlite:///{folder}/bench.sqlite3"
    settings = Settings(folder / "shop", folder / "questionnaires", folder, database_url=url, workers=1)
    upgrade(url)
    with Path(os.devnull).open("wb") as sink:
        yield create_app(settings, log=open_log(stream=sink))


def over_http(folder: Path) -> None:
    """Print the CPU time of POST /v1/cross-sell beside a bare view that returns the same bytes."""
    fresh, page = fresh_baskets(BATCH * ROUNDS * 3, seed=3), pages()
    print(f"\nPOST /v1/cross-sell, {SERVED:,} products, CPU time in process; wanted: at most 4 times")
    with service(folder, SERVED) as app:
        yardstick = bare_view(app.test_client().post("/v1/cross-sell", data=fresh[0], content_type=JSON).get_data())
        gc.collect()
        gc.freeze()
        for what, bodies in ((FRESH, fresh), (PAGES, page)):
            for way, asking in (("test client", by_client), ("bare WSGI", by_wsgi)):
                asked = cycle(bodies)
                ours, theirs = asking(app), asking(yardstick)
                if bodies is page:
                    batch_cpu(ours, islice(asked, 100))
                each = [
                    (batch_cpu(ours, islice(asked, BATCH)), batch_cpu(theirs, fresh[:BATCH])) for _ in range(ROUNDS)
                ]
                tell(what, way, *np.median(np.array(each), axis=0))
                if asking is by_client:
                    turns = in_turns(ours, theirs, islice(asked, BATCH * ROUNDS // 2))
                    tell("  one by one, in turns", way, *turns)


def tell(what: str, way: str, mine: float, bar: float) -> None:
    """Print one ratio."""
    print(f"{what:<28}{way:<12} {mine:5.0f} µs, bare view {bar:4.0f} µs, ratio {mine / bar:5.2f}")


JSON = "application/json"
FRESH, PAGES = "baskets never asked before", "a hundred products' pages"


def body_of(*skus: str) -> bytes:
    """A request about these products."""
    return json.dumps({"basket": skus, "limit": 5, "locale": "de"}).encode()


def fresh_baskets(count: int, *, seed: int) -> list[bytes]:
    """Requests about three products each, drawn from all."""
    drawn = np.random.default_rng(seed).integers(0, SERVED, (count, 3))
    return [body_of(*(sku(int(number)) for number in row)) for row in drawn]


def pages() -> list[bytes]:
    """Requests about one product each, of a hundred."""
    return [body_of(sku(number)) for number in range(100)]


def by_wsgi(app: Flask) -> Ask:
    """A request by a bare WSGI call, with an environment made beforehand."""
    made = EnvironBuilder("/v1/cross-sell", method="POST", data=b"{}", content_type=JSON).get_environ()

    def ask(body: bytes) -> object:
        environ = made | {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return b"".join(app(environ, cast("Any", lambda *_: None)))

    return ask


def by_client(app: Flask) -> Ask:
    """A request by the test client."""
    made = app.test_client()
    return lambda body: made.post("/v1/cross-sell", data=body, content_type=JSON).get_data()


def bare_view(reply: bytes) -> Flask:
    """A view that does nothing but write the same bytes."""
    app, value = Flask("bare"), orjson.loads(reply)

    @app.post("/v1/cross-sell")
    def cross_sell() -> Response:
        return Response(orjson.dumps(value), content_type="application/json")

    return app


def batch_cpu(ask: Ask, bodies: Iterable[bytes]) -> float:
    """CPU time of one call in µs, from a batch."""
    batch = list(bodies)
    begin = time.process_time()
    for body in batch:
        ask(body)
    return (time.process_time() - begin) / len(batch) * 1e6


def in_turns(ours: Ask, theirs: Ask, bodies: Iterable[bytes]) -> tuple[float, float]:
    """Median CPU time of one call in µs, each between two of the other: neither finds the caches as it left them."""
    each = np.array([[cpu(ask, body) for ask in (ours, theirs)] for body in bodies])
    mine, bar = np.median(each, axis=0)
    return float(mine), float(bar)


def cpu(ask: Ask, body: bytes) -> float:
    """CPU time of one call in µs."""
    begin = time.thread_time()
    ask(body)
    return (time.thread_time() - begin) * 1e6


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--memory", action="store_true", help="also start four workers and show what they share")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as ranked_in:
        in_process(Path(ranked_in))
    with tempfile.TemporaryDirectory() as served_in:
        over_http(Path(served_in))
    if wanted.memory:
        tell_memory()


if __name__ == "__main__":
    main()
