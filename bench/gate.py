"""What the gate costs of POST /v1/advice, for a shopper with a profile of twelve attributes: the share of the CPU.

    python bench/gate.py          1,000 and 10,000 products, on SQLite

The same request of the same shopper in turns, in process: once as it is, once with a gate that hands out the view which
it read before, and a token looked up without its subject's mark. The difference is what the gate costs: the mark,
finding the remembered view, noting its use; or, where nothing is remembered, reading consent and values anew.
"""

import gc
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).parents[1]))

from flask import Flask
from sqlalchemy import bindparam, select

from bench.http_shop import write_shop
from bench.over_http import BODY, cpu, environment
from service.api.log import open_log
from service.api.rooms import Rooms, Shopfront
from service.app import create_app
from service.privacy.consent import Decision, NoticeRef, record_event
from service.privacy.credentials import issue
from service.privacy.gate import Gate
from service.privacy.profile import IncomingValue, accept
from service.privacy.subject import ShopperId
from service.settings import Settings
from service.storage.credentials import _COLUMNS, SqlCredentials
from service.storage.database import Database, open_database
from service.storage.schema import upgrade
from service.storage.tables import credential

ATTRIBUTES, ROUNDS, WANTED = 12, 61, 0.10
ME = ShopperId("5" * 32)
REGISTER = """languages: [de, en]
purposes:
  advice_profile: {text: a, example: a, legal_basis: consent}
attributes:
"""
ATTRIBUTE = "  p{n}: {{label: a, why: a, kind: number, purposes: [advice_profile], sources: [shopper, crm]}}\n"
NOTICE = "notices:\n  - {id: profile, version: 1, text: a}\n"


class Remembered:
    """A gate that hands out what was read before."""

    def __init__(self, gate: Gate, at: datetime) -> None:
        self._view = gate.view(ME, "advice_profile", at)

    def view(self, *_: object) -> object:
        """The view."""
        return self._view


class Unmarked(SqlCredentials):
    """Looks tokens up without the mark."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        rows = database.prepare(select(*_COLUMNS).where(credential.c.token_hash == bindparam("token_hash")))
        self._find = lambda given: [(*row, None) for row in rows(given)]


@contextmanager
def two_services(products: int, *, remembered: bool) -> Iterator[tuple[Flask, Flask, str]]:
    """The service, the same with a gate that reads nothing, and a shopper's token for both."""
    with tempfile.TemporaryDirectory() as name, Path("/dev/null").open("wb") as sink:
        folder = Path(name)
        write_shop(folder, products)
        lines = "".join(ATTRIBUTE.format(n=n) for n in range(ATTRIBUTES))
        (folder / "shop" / "privacy.yaml").write_text(REGISTER + lines + NOTICE)
        url = f"sqlite:///{folder}/bench.sqlite3"
        settings = Settings(folder / "shop", folder / "questionnaires", folder, database_url=url)
        upgrade(url)
        ours, theirs = (create_app(settings, log=open_log(stream=sink)) for _ in range(2))
        token = _enrol(cast("Rooms", ours.extensions["begleiter"]))
        rooms = cast("Rooms", theirs.extensions["begleiter"])
        front = rooms.shopfront()
        without = replace(front, gate=cast("Gate", Remembered(front.gate, datetime.now(UTC))))
        plain = replace(rooms.stores, credentials=Unmarked(open_database(url)))
        theirs.extensions["begleiter"] = replace(rooms, shopfront=_always(without), stores=plain)
        if not remembered:
            vars(cast("Rooms", ours.extensions["begleiter"]).shopfront().gate)["_remembered"] = None
        yield ours, theirs, token


def _always(front: Shopfront) -> Callable[[], Shopfront]:
    return lambda: front


def _enrol(rooms: Rooms) -> str:
    register, now = rooms.shopfront().register, datetime.now(UTC)
    rooms.stores.shoppers.ensure(ME, at=now)
    decisions = [Decision(f"p{n}", "advice_profile", given=True) for n in range(ATTRIBUTES)]
    record_event(rooms.stores.consents, register, ME, NoticeRef("profile", "1", "de"), decisions, at=now)
    values = [IncomingValue(f"p{n}", 100 + n, "crm", "bench", now) for n in range(ATTRIBUTES)]
    accept(rooms.stores.profiles, register, ME, values, at=now)
    return issue(rooms.stores.credentials, "shopper", at=now, lifetime=timedelta(hours=1), subject=ME).token


def request(app: Flask, token: str) -> Callable[[], bytes]:
    """One request by a bare WSGI call."""
    prepared = environment() | {"HTTP_AUTHORIZATION": f"Bearer {token}"}

    def call() -> bytes:
        environ: dict[str, Any] = prepared | {"wsgi.input": BytesIO(BODY)}
        return b"".join(app(environ, cast("Any", lambda *_: None)))

    return call


def main() -> None:
    """Print the share."""
    for products, remembered in product((1_000, 10_000), (True, False)):
        with two_services(products, remembered=remembered) as (ours, theirs, token):
            with_gate, without = request(ours, token), request(theirs, token)
            assert with_gate() == without(), "both must reply the same"
            gc.collect()
            gc.freeze()
            pairs = [(cpu(with_gate) * 1e6, cpu(without) * 1e6) for _ in range(ROUNDS)]
            gc.unfreeze()
        mine, bar = (statistics.median(each) for each in zip(*pairs, strict=True))
        fastest, bare = (min(each) for each in zip(*pairs, strict=True))
        print(
            f"{products:>6} products, {'remembered' if remembered else 'read anew'}:"
            f"  advice {mine:5.0f} µs  without gate {bar:5.0f} µs  share {1 - bar / mine:5.1%}"
            f"   (fastest {fastest:5.0f} / {bare:4.0f} = {1 - bare / fastest:6.1%}; wanted: at most {WANTED:.0%})"
        )


if __name__ == "__main__":
    main()
