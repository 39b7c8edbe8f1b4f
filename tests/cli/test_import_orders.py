"""`begleiter import orders`: what may be kept comes in whole or not at all, from three formats."""

import json
import shutil
import tracemalloc
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import parquet
from sqlalchemy import select

from service.cli import main
from service.cli.order_rows import COLUMNS, order_lines, order_problems
from service.privacy.secret import Secret
from service.privacy.shoppers import pseudonym
from service.storage.database import open_database
from service.storage.orders import SqlOrders
from service.storage.tables import order_line

SHOP = Path(__file__).parents[2] / "shop"
SECRET = "s" * 40
NOTICE = {"id": "profile", "version": "1", "language": "de"}
AT = "2026-02-01T09:30:00Z"


@pytest.fixture
def folder(tmp_path, monkeypatch, sqlite_template):
    """A data folder with an empty database and a copy of the demo shop."""
    shutil.copy(sqlite_template, tmp_path / "begleiter.sqlite3")
    shutil.copytree(SHOP, tmp_path / "shop")
    for name, value in (("DATA", tmp_path), ("SHOP", tmp_path / "shop"), ("SECRET", SECRET)):
        monkeypatch.setenv(f"BEGLEITER_{name}", str(value))
    monkeypatch.delenv("BEGLEITER_DATABASE_URL", raising=False)
    return tmp_path


@pytest.fixture
def stored(folder):
    """What lies in the database: order, line, sku and shopper."""
    database = open_database(f"sqlite:///{folder / 'begleiter.sqlite3'}")

    def stored():
        columns = (order_line.c.order_id, order_line.c.line, order_line.c.sku, order_line.c.shopper_id)
        with database.reading() as connection:
            return [tuple(row) for row in connection.execute(select(*columns))]

    yield stored
    database.close()


def a_row(order="o1", line=1, shopper="anna", sku="RB-110-54", quantity=1, price=900.0, at=AT):  # noqa: PLR0913, PLR0917
    return order, line, shopper, sku, quantity, price, at


def as_csv(path, rows):
    cells = (",".join("" if value is None else str(value) for value in row) for row in rows)
    path.write_text("\n".join((",".join(COLUMNS), *cells)) + "\n", encoding="utf-8")


def as_jsonl(path, rows):
    path.write_text("\n".join(json.dumps(dict(zip(COLUMNS, row, strict=True))) for row in rows), encoding="utf-8")


def as_parquet(path, rows):
    columns = {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}
    columns["ordered_at"] = pa.array([datetime.fromisoformat(at) for at in columns["ordered_at"]])
    parquet.write_table(pa.table(columns), path)


FORMATS = {"csv": as_csv, "jsonl": as_jsonl, "parquet": as_parquet}


def bring_in(folder, *rows, ending="csv", content=None):
    path = folder / f"orders.{ending}"
    if content is None:
        FORMATS[ending](path, rows)
    else:
        path.write_bytes(content)
    return CliRunner().invoke(main, ["import", "orders", str(path)])


def allows(folder, ref, *purposes, at="2026-01-01T00:00:00Z"):
    grants = [{"attribute": "orders", "purpose": name, "given_at": at, "notice": NOTICE} for name in purposes]
    (folder / "shoppers.jsonl").write_text(json.dumps({"ref": ref, "values": [], "grants": grants}))
    outcome = CliRunner().invoke(main, ["import", "shoppers", str(folder / "shoppers.jsonl")])
    assert outcome.exit_code == 0, outcome.output


@pytest.mark.parametrize("ending", FORMATS)
def test_orders_come_in_once_and_under_pseudonyms_whatever_the_format(folder, stored, ending):
    allows(folder, "anna", "model_training")
    rows = [a_row(), a_row(line=2, sku="PD-05", quantity=2, price=None), a_row("o2", shopper=None)]

    first, again = (bring_in(folder, *rows, ending=ending) for _ in range(2))

    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert "3 new order lines" in first.stdout
    assert "0 new order lines" in again.stdout
    anna = pseudonym(Secret(SECRET.encode()), "anna")
    assert stored() == [("o1", 1, "RB-110-54", anna), ("o1", 2, "PD-05", anna), ("o2", 1, "RB-110-54", None)]


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_gives_the_same_lines(tmp_path, ending):
    rows = [a_row(quantity=1.5), a_row("ü", 12, None, price=None, at="2026-02-01T10:30:00+01:00")]
    FORMATS["csv"](tmp_path / "orders.csv", rows)
    FORMATS[ending](tmp_path / f"other.{ending}", rows)

    expected, told = (list(order_lines(tmp_path / name, str)) for name in ("orders.csv", f"other.{ending}"))

    assert told == expected
    assert {line.ordered_at for line in told} == {datetime(2026, 2, 1, 9, 30, tzinfo=UTC)}


def test_decimals_of_a_warehouse_are_the_numbers_that_they_are(tmp_path):
    row = a_row(
        order=Decimal("12345678901234567890.00"), line=Decimal("1.00"), quantity=Decimal("2.0"), price=Decimal("9.90")
    )
    path = tmp_path / "orders.parquet"
    as_parquet(path, [row])

    assert order_problems(path) == ()
    (line,) = order_lines(path, lambda shopper: shopper)

    assert (line.order_id, line.line, line.quantity, line.unit_price) == ("12345678901234567890", 1, 2.0, 9.9)


@pytest.mark.parametrize("quantity", ["1_0", "one", "nan"])
def test_what_only_a_programmer_reads_as_a_number_is_none(tmp_path, quantity):
    path = tmp_path / "orders.csv"
    as_csv(path, [a_row(quantity=quantity)])

    assert [problem.code for problem in order_problems(path)] == ["BG-O002"]


def test_an_open_quote_hides_no_complaint_of_the_lines_before_it(folder, stored):
    rows = ["o1,1,,RB-110-54,-1,,soon", 'o2,1,,"RB-110-54,1,,' + AT, f"o3,1,,RB-110-54,1,,{AT}"]

    told = bring_in(folder, content="\n".join((",".join(COLUMNS), *rows)).encode())

    assert told.exit_code == 1
    for complaint in ("orders.csv:2:1 error BG-O002 quantity", "orders.csv:2:1 error BG-O002 ordered_at"):
        assert complaint in told.output
    assert "is a quote left open?" in told.output
    assert stored() == []


@pytest.mark.parametrize("ending", ["txt", "xlsx", "csv.gz"])
def test_a_file_whose_ending_tells_no_format_is_refused_for_that(folder, stored, ending):
    lines = (",".join(COLUMNS), f"o1,1,,RB-110-54,1,,{AT}")

    told = bring_in(folder, ending=ending, content="\n".join(lines).encode())

    assert told.exit_code == 1
    assert f"orders.{ending}:1:1 error BG-O001" in told.output
    assert ".csv, .jsonl, .ndjson, .parquet" in told.output
    assert stored() == []


def test_what_may_not_be_kept_is_left_out_and_counted_by_reason(folder, stored):
    register = folder / "shop" / "privacy.yaml"
    register.write_text(register.read_text().replace("anonymous_orders: yes", "anonymous_orders: no"))
    allows(folder, "anna", "model_training")

    told = bring_in(
        folder, a_row(), a_row("o2", shopper="bert"), a_row("o3", shopper=None), a_row("o4", sku="GONE"),
        a_row("o5", at="2025-12-31T00:00:00Z"), a_row("o6", sku=a_sensitive_sku()),
        a_row("o7", at="2016-02-01T00:00:00Z"),
    )  # fmt: skip

    assert "1 new order lines" in told.stdout
    assert "2 left out: their shoppers do not allow" in told.stdout
    assert "1 left out: they name nobody" in told.stdout
    assert "1 left out: the catalogue does not know" in told.stdout
    assert "1 left out: the product is sensitive" in told.stdout
    assert "1 left out: the retention of `orders`" in told.stdout
    assert [order for order, *_ in stored()] == ["o1"]


def a_sensitive_sku():
    rows = (SHOP / "products.csv").read_text("utf-8").splitlines()
    return next(row.split(",")[0] for row in rows if ",health_aid," in row)


def test_an_order_is_learnt_from_only_if_that_was_allowed(folder):
    allows(folder, "anna", "cross_sell")
    allows(folder, "bert", "model_training")
    bring_in(folder, a_row(), a_row("o2", shopper="bert"))
    database = open_database(f"sqlite:///{folder / 'begleiter.sqlite3'}")

    learnt = [line.order_id for line in SqlOrders(database).consented_lines(at=datetime.now(UTC))]

    database.close()
    assert learnt == ["o2"]


WRONG = [
    ({"at": "yesterday"}, "ordered_at"),
    ({"at": "2099-01-01T00:00:00Z"}, "ordered_at"),
    ({"at": "2026-02-01T09:30:00"}, "ordered_at"),
    ({"line": 0}, "line"),
    ({"line": "one"}, "line"),
    ({"quantity": 0}, "quantity"),
    ({"quantity": "nan"}, "quantity"),
    ({"price": -1}, "unit_price"),
    ({"order": ""}, "order_id"),
    ({"sku": ""}, "sku"),
    ({"order": "o0"}, "already"),
]


@pytest.mark.parametrize(("changed", "word"), WRONG)
@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_one_bad_line_is_named_and_nothing_is_imported(folder, stored, ending, changed, word):
    allows(folder, "anna", "model_training")

    told = bring_in(folder, a_row("o0"), a_row(**changed), ending=ending)

    assert told.exit_code == 1
    assert f"orders.{ending}:{3 if ending == 'csv' else 2}:" in told.stderr
    assert word in told.stderr
    assert stored() == []


def test_everything_that_is_wrong_is_told_at_once_and_no_more_than_a_hundred_times(folder):
    told = bring_in(folder, a_row(line=0, quantity=-1), a_row("o2", at="never"))
    many = bring_in(folder, *(a_row(f"o{number}", line=0) for number in range(150)))

    assert [line.split(" error ")[0] for line in told.stderr.splitlines() if " error " in line] == [
        "orders.csv:2:1", "orders.csv:2:1", "orders.csv:3:1",
    ]  # fmt: skip
    assert many.stderr.count(" error ") == 100


@pytest.mark.parametrize("value", [True, ["a"], {"a": 1}, 1e400])
def test_a_value_of_another_kind_is_a_complaint(tmp_path, value):
    (tmp_path / "orders.jsonl").write_text(json.dumps(dict(zip(COLUMNS, a_row(quantity=value), strict=True))))

    problems = [str(problem) for problem in order_problems(tmp_path / "orders.jsonl")]

    assert len(problems) == 1
    assert "orders.jsonl:1:1" in problems[0]


HEADER = ",".join(COLUMNS).encode() + b"\n"


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        ("csv", b""),
        ("csv", b"a,b\n1,2\n"),
        ("csv", HEADER + b'"o1,1\n'),
        ("csv", HEADER + b"\xff\xfe,1\n"),
        ("jsonl", b"[1]\n"),
        ("jsonl", b'{"order_id": \n'),
        ("jsonl", b"\xff\xfe\n"),
        ("parquet", b"PAR1 and nothing more"),
    ],
)
def test_a_file_that_is_no_list_of_orders_is_said_plainly(folder, stored, ending, content):
    told = bring_in(folder, ending=ending, content=content)

    assert told.exit_code == 1
    assert f"orders.{ending}:" in told.stderr
    assert "Traceback" not in told.stderr
    assert stored() == []


def test_memory_does_not_grow_with_the_file(tmp_path):
    rows = 20_000
    as_csv(tmp_path / "orders.csv", (a_row(f"o{number}") for number in range(rows)))

    tracemalloc.start()
    assert order_problems(tmp_path / "orders.csv") == ()
    assert sum(1 for _ in order_lines(tmp_path / "orders.csv", str)) == rows
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 3_000_000, "20,000 rows as tuples of texts are 12 MB"
