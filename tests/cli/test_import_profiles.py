"""`begleiter import profiles`: what a consent covers comes in whole or not at all, the rest is refused and counted."""

import csv
import json
import shutil
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import parquet
from sqlalchemy import select

from service.cli import main
from service.cli.profile_rows import COLUMNS, ProfileFile
from service.privacy.portable import as_csv as copy_as_csv
from service.privacy.secret import Secret
from service.privacy.shoppers import pseudonym
from service.storage.database import open_database
from service.storage.tables import profile_value
from tests.builders import a_register

SHOP = Path(__file__).parents[2] / "shop"
SECRET = "s" * 40
NOTICE = {"id": "profile", "version": "1", "language": "de"}
AT = "2026-02-01T09:30:00+00:00"
ANNA = pseudonym(Secret(SECRET.encode()), "anna")


@pytest.fixture
def folder(tmp_path, monkeypatch, sqlite_template):
    """A data folder with an empty database, which the command is told of."""
    shutil.copy(sqlite_template, tmp_path / "begleiter.sqlite3")
    for name, value in (("DATA", tmp_path), ("SHOP", SHOP), ("SECRET", SECRET)):
        monkeypatch.setenv(f"BEGLEITER_{name}", str(value))
    monkeypatch.delenv("BEGLEITER_DATABASE_URL", raising=False)
    return tmp_path


@pytest.fixture
def stored(folder):
    """What lies in the database: shopper, attribute, value, source, its place there and when it was collected."""
    database = open_database(f"sqlite:///{folder / 'begleiter.sqlite3'}")
    names = ("shopper_id", "attribute", "value", "source", "source_ref", "collected_at")
    columns = [profile_value.c[name] for name in names]

    def stored():
        with database.reading() as connection:
            rows = connection.execute(select(*columns).order_by(*columns[:2]))
            return [(*row[:5], row[5].isoformat()) for row in rows]

    yield stored
    database.close()


def a_row(ref="anna", attribute="height_cm", value=178, source=None, source_ref="c1", at=AT):  # noqa: PLR0913, PLR0917
    return ref, attribute, value, source, source_ref, at


def as_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])


def as_jsonl(path, rows):
    path.write_text("\n".join(json.dumps(dict(zip(COLUMNS, row, strict=True))) for row in rows), encoding="utf-8")


def as_parquet(path, rows):
    parquet.write_table(pa.table({name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}), path)


FORMATS = {"csv": as_csv, "jsonl": as_jsonl, "parquet": as_parquet}


def bring_in(folder, *rows, ending="csv", options=("--source", "crm")):
    path = folder / f"profiles.{ending}"
    FORMATS[ending](path, rows)
    return CliRunner().invoke(main, ["import", "profiles", str(path), *options])


def allows(folder, ref, *attributes):
    grants = [
        {"attribute": name, "purpose": "advice_profile", "given_at": "2026-01-01T00:00:00Z", "notice": NOTICE}
        for name in attributes
    ]
    (folder / "shoppers.jsonl").write_text(json.dumps({"ref": ref, "values": [], "grants": grants}))
    outcome = CliRunner().invoke(main, ["import", "shoppers", str(folder / "shoppers.jsonl")])
    assert outcome.exit_code == 0, outcome.output


@pytest.mark.parametrize("ending", FORMATS)
def test_a_covered_value_comes_in_once_with_source_reference_and_time_whatever_the_format(folder, stored, ending):
    allows(folder, "anna", "height_cm")

    first, again = (bring_in(folder, a_row(), ending=ending) for _ in range(2))

    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert "1 values taken, 0 refused" in first.stdout
    assert stored() == [(ANNA, "height_cm", "178", "crm", "c1", AT)]


def test_what_no_consent_covers_or_the_register_does_not_take_is_refused_and_counted_by_reason(folder, stored):
    allows(folder, "anna", "height_cm")

    told = bring_in(
        folder, a_row(), a_row("bert"), a_row(attribute="riding_style", value="sporty"), a_row(attribute="shoe_size"),
        a_row(attribute="orders"), a_row(value="tall"), a_row(source_ref=""), a_row(at=""),
        a_row(at="2199-01-01T00:00:00Z"), a_row(at="2016-01-01T00:00:00Z"), a_row(attribute="commute", value="short"),
    )  # fmt: skip

    assert told.exit_code == 0, told.output
    assert "1 values taken, 10 refused" in told.stdout
    for line in (
        "2 refused: no current consent",
        "2 refused: they do not say where they come from",
        "1 refused: the register has no such attribute",
        "1 refused: what a shopper does is no value",
        "1 refused: they are not of their attribute's kind",
        "1 refused: they were collected in the future",
        "1 refused: their retention in privacy.yaml is over",
        "1 refused: the register does not let them come from this source",
    ):
        assert line in told.stdout
    assert [row[:3] for row in stored()] == [(ANNA, "height_cm", "178")]


def test_each_line_may_name_its_own_source(folder, stored):
    allows(folder, "anna", "height_cm")

    told = bring_in(folder, a_row(source="workshop"), a_row(source="crm"), a_row(), options=())

    assert "2 values taken, 1 refused" in told.stdout
    assert "conflict" not in told.stdout
    assert [row[3] for row in stored()] == ["crm", "workshop"]


def test_conflicts_with_what_other_sources_say_are_counted_and_no_value_is_told(folder, stored):
    allows(folder, "anna", "height_cm")
    bring_in(folder, a_row(value="181"))

    told = bring_in(folder, a_row(value="179", source="workshop"), options=())

    assert "1 conflicts: several sources say different things" in told.stdout
    assert not [text for text in ("181", "179", "anna", ANNA, "height_cm") if text in told.output]
    assert len(stored()) == 2


def test_an_older_value_does_not_replace_a_newer_one(folder, stored):
    allows(folder, "anna", "height_cm")

    bring_in(folder, a_row(value=178), a_row(value=150, at="2025-02-01T09:30:00Z"))

    assert [row[2] for row in stored()] == ["178"]


@pytest.mark.parametrize(("written", "kept"), [("178", "178"), ("178.5", "178.5"), ("1.78e2", "178")])
def test_a_number_in_csv_is_a_number(folder, stored, written, kept):
    allows(folder, "anna", "height_cm")

    bring_in(folder, a_row(value=written))

    assert [row[2] for row in stored()] == [kept]


@pytest.mark.parametrize("written", ["178,5", "1_78", "nan", "inf", "١٧٨"])
def test_what_is_no_number_in_csv_is_refused_as_of_another_kind(folder, stored, written):
    allows(folder, "anna", "height_cm")

    told = bring_in(folder, a_row(value=written))

    assert "1 refused: they are not of their attribute's kind" in told.stdout
    assert stored() == []


def test_a_number_written_as_text_in_json_is_a_text(folder, stored):
    allows(folder, "anna", "height_cm")

    told = bring_in(folder, a_row(value="178"), ending="jsonl")

    assert "1 refused: they are not of their attribute's kind" in told.stdout
    assert stored() == []


WRONG = [
    (a_row(ref=""), "shopper_ref"),
    (a_row(ref="a" * 201), "shopper_ref"),
    (a_row(ref="M\N{REPLACEMENT CHARACTER}ller"), "shopper_ref"),
    (a_row(attribute=""), "attribute"),
    (a_row(value=""), "value"),
    (a_row(source="workshop"), "source"),
    (a_row(at="yesterday"), "collected_at"),
    (a_row(at="2026-02-01T09:30:00"), "collected_at"),
]


@pytest.mark.parametrize(("wrong", "word"), WRONG)
@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_one_bad_line_is_named_and_nothing_of_the_file_comes_in(folder, stored, ending, wrong, word):
    allows(folder, "anna", "height_cm")

    told = bring_in(folder, a_row(), wrong, ending=ending)

    assert told.exit_code == 1
    assert f"profiles.{ending}:{3 if ending == 'csv' else 2}:1 error BG-V002 {word}: " in told.stderr
    assert stored() == []


def test_everything_that_is_wrong_is_told_at_once_and_no_more_than_a_hundred_times(folder):
    told = bring_in(folder, a_row(ref="", at="never"), a_row(), a_row(attribute=""))
    many = bring_in(folder, *(a_row(value="") for _ in range(150)))

    assert [line.split(" error ")[0] for line in told.stderr.splitlines() if " error " in line] == [
        "profiles.csv:2:1", "profiles.csv:2:1", "profiles.csv:4:1",
    ]  # fmt: skip
    assert many.stderr.count(" error ") == 100


def test_no_complaint_repeats_what_is_known_of_a_shopper(folder):
    told = bring_in(folder, a_row("anna-secret", "height_cm", "secret", "secret", "secret", "secret"))

    assert told.exit_code == 1
    assert "secret" not in told.output


HEADER = ",".join(COLUMNS).encode() + b"\n"


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        ("csv", b""),
        ("csv", b"a,b\n1,2\n"),
        ("csv", HEADER + b'"anna,1\n'),
        ("csv", HEADER + b"\xff\xfe,1\n"),
        ("csv", HEADER.replace(b"attribute", b"value") + b"a,b,c,d,e,f\n"),
        ("csv", HEADER.replace(b"source_ref", b"value,source_ref") + b"a,b,c,d,e,f,g\n"),
        ("jsonl", b"[1]\n"),
        ("jsonl", b'{"shopper_ref": \n'),
        ("parquet", b"PAR1 and nothing more"),
    ],
)
def test_a_file_that_holds_no_profiles_is_said_plainly(folder, stored, ending, content):
    (folder / f"profiles.{ending}").write_bytes(content)

    told = CliRunner().invoke(main, ["import", "profiles", str(folder / f"profiles.{ending}"), "--source", "crm"])

    assert told.exit_code == 1
    assert f"profiles.{ending}:" in told.stderr
    assert "Traceback" not in told.stderr
    assert stored() == []


def test_an_open_quote_hides_no_complaint_of_the_lines_before_it(folder, stored):
    rows = ["anna,height_cm,178,crm,c1,soon", f'anna,height_cm,"178,crm,c1,{AT}']
    (folder / "profiles.csv").write_text("\n".join((",".join(COLUMNS), *rows)))

    told = CliRunner().invoke(main, ["import", "profiles", str(folder / "profiles.csv"), "--source", "crm"])

    assert told.exit_code == 1
    assert "profiles.csv:2:1 error BG-V002 collected_at" in told.stderr
    assert "is a quote left open?" in told.stderr
    assert stored() == []


@pytest.mark.parametrize(
    ("ending", "wrong"),
    [
        ("csv", b"anna,height_cm,178,crm,c,2026-01-01T00:00:00Z,more"),
        ("csv", "M\N{LATIN SMALL LETTER U WITH DIAERESIS}ller,height_cm,178,crm,c,".encode("latin-1")),
        ("csv", b'anna,"height_cm,178,crm,c,2026-01-01T00:00:00Z'),
        ("jsonl", b'{"shopper_ref": "anna", "shopper_ref": "bert", "attribute": "height_cm", "value": 178}'),
    ],
)
def test_what_breaks_a_file_off_is_told_with_its_own_line(folder, stored, ending, wrong):
    record = json.dumps(dict(zip(COLUMNS, a_row(), strict=True)))
    right = {"csv": b"anna,height_cm,178,crm,c,2026-01-01T00:00:00Z", "jsonl": record.encode()}[ending]
    lines = [*([HEADER.strip()] if ending == "csv" else []), *[right] * 5_000, wrong, right]
    (folder / f"profiles.{ending}").write_bytes(b"\n".join(lines))

    told = CliRunner().invoke(main, ["import", "profiles", str(folder / f"profiles.{ending}"), "--source", "crm"])

    assert f"profiles.{ending}:{lines.index(wrong) + 1}:1 error BG-V001" in told.stderr
    assert stored() == []


def test_without_a_source_the_file_must_have_a_column_for_it(folder):
    (folder / "profiles.csv").write_text("shopper_ref,attribute,value,source_ref,collected_at\n")

    without, named = (
        CliRunner().invoke(main, ["import", "profiles", str(folder / "profiles.csv"), *options])
        for options in ((), ("--source", "crm"))
    )

    assert "BG-V001 the columns source are missing" in without.stderr
    assert named.exit_code == 0


def test_a_source_that_nothing_comes_from_is_a_slip_of_the_pen(folder):
    told = bring_in(folder, a_row(), options=("--source", "crn"))

    assert told.exit_code == 2
    assert "did you mean 'crm'" in told.stderr


def a_copy(folder, ending):
    record = dict(zip(COLUMNS[1:], a_row(source="workshop")[1:], strict=True))
    if ending == "json":
        text = json.dumps({"format": "begleiter-export-1", "values": [record], "grants": []})
    else:
        text = copy_as_csv({"shopper": [{"created_at": AT}], "profile_value": [record | {"stored_at": AT}]})
    (folder / f"my-data.{ending}").write_text(text, newline="")
    return folder / f"my-data.{ending}"


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_the_copy_that_a_shopper_took_along_goes_in_again(folder, stored, ending):
    allows(folder, "anna", "height_cm")

    told = CliRunner().invoke(main, ["import", "profiles", str(a_copy(folder, ending)), "--shopper", "anna"])

    assert told.exit_code == 0, told.output
    assert stored() == [(ANNA, "height_cm", "178", "workshop", "c1", AT)]


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"format": "x", "values": []}', "record,number,field,value\na,b\n"]
)
def test_what_is_no_copy_is_said_plainly(folder, content):
    (folder / "my-data.json").write_text(content)

    told = CliRunner().invoke(main, ["import", "profiles", str(folder / "my-data.json"), "--shopper", "anna"])

    assert told.exit_code == 1
    assert "my-data.json:1:1 error BG-V001" in told.stderr


def test_memory_does_not_grow_with_the_file(tmp_path):
    rows = 20_000
    as_csv(tmp_path / "profiles.csv", (a_row(f"shopper {number % 50}") for number in range(rows)))
    file = ProfileFile(tmp_path / "profiles.csv", a_register(), "crm")

    tracemalloc.start()
    assert file.problems() == ()
    assert sum(1 for _ in file.values(str)) == rows
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 1_000_000, "20,000 rows as tuples of texts are 12 MB"
