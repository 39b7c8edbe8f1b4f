"""`begleiter graph` and `begleiter coverage` over the shipped questionnaires."""

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from service.cli import main

ROOT = Path(__file__).parents[2]
QUESTIONNAIRES = sorted((ROOT / "questionnaires").glob("*.yaml"))


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.mark.parametrize("path", QUESTIONNAIRES, ids=lambda path: path.stem)
def test_a_shipped_questionnaire_is_drawn_both_ways(path, tmp_path):
    told, written = run("graph", path, "--locale", "en"), run("graph", path, "--output", tmp_path / "graph.svg")

    assert (told.exit_code, written.exit_code) == (0, 0)
    assert told.stdout.startswith("flowchart TD\n")
    assert (tmp_path / "graph.svg").read_text(encoding="utf-8").startswith("<svg ")


@pytest.mark.parametrize("path", QUESTIONNAIRES, ids=lambda path: path.stem)
def test_a_shipped_questionnaire_is_covered_as_table_json_and_page(path, tmp_path):
    shop = ("--against", ROOT / "shop")
    table = run("coverage", path, *shop)
    told = orjson.loads(run("coverage", path, *shop, "--format", "json").stdout)
    written = run("coverage", path, *shop, "--html", tmp_path / "page.html")

    assert "evenness" in table.stdout
    assert told["never_shown"]["proven"] == told["never_shown"]["sampled"] == []
    assert told["gaps"]["complete"]
    assert told["models"] >= 14
    assert written.exit_code == 0
    assert (tmp_path / "page.html").read_text(encoding="utf-8").endswith("</html>\n")


def test_a_file_that_cannot_be_written_is_told_plainly(tmp_path):
    told = run("graph", QUESTIONNAIRES[0], "--output", tmp_path / "nowhere" / "graph.svg")

    assert told.exit_code == 1
    assert "No such file" in told.stderr
