"""`begleiter check`: how complaints are told, against which shop, and which texts are missing."""

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from service.cli import main

FILES = Path(__file__).parents[1] / "questionnaires"
GAP = FILES / "invalid" / "gap-between-bands.yaml"
CUT = FILES / "invalid" / "text-cut-short.yaml"
WRONG = FILES / "invalid" / "unknown-key.yaml"


@pytest.fixture
def check(tmp_path):
    """Runs the command against the small shop beside the files."""

    def run(*arguments, against=FILES / "shop"):
        known = ["--against", str(against)] if against else []
        return CliRunner().invoke(main, ["check", *known, *map(str, arguments)], env={"BEGLEITER_SHOP": str(tmp_path)})

    return run


def test_warnings_of_a_file_that_loads_are_told_and_do_not_fail(check):
    told = check(GAP, CUT)

    assert told.exit_code == 0
    assert [line.split(" ")[1:3] for line in told.stdout.splitlines()] == [
        ["warning", "BG-Q023"],
        ["warning", "BG-Y029"],
    ]
    assert told.stderr == "0 errors, 2 warnings.\n"


def test_an_error_fails_and_is_told_beside_the_warnings(check):
    told = check(GAP, WRONG)

    assert told.exit_code == 1
    assert told.stderr == "1 error, 1 warning.\n"


def test_json_holds_every_complaint_with_its_place(check):
    (complaint,) = orjson.loads(check("--format", "json", WRONG).stdout)

    assert complaint == {
        "file": str(WRONG),
        "line": 8,
        "column": 5,
        "severity": "error",
        "code": "BG-Y020",
        "message": "question 'use': unknown key 'chose'; did you mean 'choose'?",
    }


def test_github_shows_complaints_beside_the_change(check):
    told = check("--format", "github", WRONG, GAP).stdout.splitlines()

    assert told[0].startswith(f"::error file={WRONG},line=8,col=5,title=BG-Y020::question 'use': unknown key")
    assert told[1].startswith(f"::warning file={GAP},line=11,col=9,title=BG-Q023::")


def test_a_message_cannot_break_out_of_its_annotation(check, tmp_path):
    path = tmp_path / "a,b.yaml"
    path.write_text("questionnaire: 100%\n", encoding="utf-8")

    told = check("--format", "github", path).stdout

    assert "a%2Cb.yaml" in told
    assert "'100%25'" in told


def test_nothing_wrong_is_an_empty_list_for_machines(check):
    assert orjson.loads(check("--format", "json", FILES / "valid" / "smallest.yaml").stdout) == []


def test_another_shop_is_checked_against_where_it_is_named(check):
    known, unknown = check(FILES / "valid" / "smallest.yaml"), check(FILES / "valid" / "smallest.yaml", against=None)

    assert known.exit_code == 0
    assert unknown.exit_code == 1
    assert "shop.yaml:1:1 error BG-Y001" in unknown.stdout


def test_missing_texts_are_listed_by_language_even_where_a_file_is_refused(check):
    told = check(
        "--texts", FILES / "invalid" / "missing-translation.yaml", FILES / "valid" / "plain-language-falls-back.yaml"
    )

    lines = told.stdout.splitlines()
    assert told.exit_code == 0
    assert lines[0] == "de-simple: 3 missing"
    assert lines[1].endswith("plain-language-falls-back.yaml:7:10 'Wofür?' (de is shown instead)")
    assert lines[4] == "en: 1 missing"
    assert lines[5].endswith("missing-translation.yaml:10:27 'Alltag' (de is shown instead)")


def test_no_missing_text_is_said_to_be_missing(check):
    assert check("--texts", FILES / "valid" / "smallest.yaml").stdout == "No text is missing in any language.\n"


def test_missing_texts_for_machines(check):
    told = orjson.loads(check("--texts", "--format", "json", FILES / "invalid" / "missing-translation.yaml").stdout)

    assert told["en"] == [
        {
            "file": str(FILES / "invalid" / "missing-translation.yaml"),
            "line": 10,
            "column": 27,
            "text": "Alltag",
            "shown_instead": "de",
        }
    ]


def test_a_text_cut_short_in_the_shops_own_files_is_told_too(check, tmp_path):
    for name in ("shop.yaml", "privacy.yaml", "products.csv"):
        text = (FILES / "shop" / name).read_text(encoding="utf-8")
        text = text.replace("label: {de: Klingel, en: Bell}", "label: Bell #1")
        (tmp_path / name).write_text(text.replace("{de: Ein Hinweis, en: A notice}", "Hinweis #2"), encoding="utf-8")
    text = (tmp_path / "shop.yaml").read_text(encoding="utf-8")
    (tmp_path / "shop.yaml").write_text(
        text.replace("{type: text, label: Bell #1}", "\n    type: text\n    label: Bell #1")
    )

    told = check(tmp_path / "shop.yaml", tmp_path / "privacy.yaml")

    assert told.exit_code == 0
    assert [line.split(" ")[2] for line in told.stdout.splitlines()] == ["BG-Y029", "BG-Y029"]
