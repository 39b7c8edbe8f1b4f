"""`begleiter graph` and `begleiter coverage` over the shipped questionnaires."""

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from service.advice.insights import Insight
from service.advice.reading import read_questionnaire
from service.cli import main
from service.storage.database import open_database
from service.storage.insights import SqlInsights

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


@pytest.fixture
def road_bike(folder):
    return folder / "questionnaires" / "road-bike.yaml"


@pytest.fixture
def dialogues(begleiter, folder, road_bike):
    """The service's database, in which five dialogues of today were counted."""
    begleiter("db", "upgrade")
    today, version = datetime.now(UTC).date(), read_questionnaire(road_bike).version
    happened = [("shown", "budget", ""), ("answered", "budget", ""), ("product_chosen", "", "RB-1-54")]
    database = open_database(f"sqlite:///{folder}/begleiter.sqlite3")
    SqlInsights(database).add({Insight("road-bike", version, today, *each): 5 for each in happened})
    database.close()


@pytest.mark.usefixtures("dialogues")
def test_what_the_database_counted_stands_in_table_json_and_page(begleiter, road_bike, tmp_path):
    table = begleiter("coverage", road_bike)
    told = orjson.loads(begleiter("coverage", road_bike, "--format", "json").stdout)["funnel"]
    begleiter("coverage", road_bike, "--html", tmp_path / "page.html")

    assert "How dialogues went from" in table.stdout
    assert "Products chosen: RB-1-54 5" in table.stdout
    (budget,) = told["questions"]
    assert (budget["id"], budget["shown"], budget["answered"], told["is_current"]) == ("budget", 5, 5, True)
    assert told["products_chosen"] == [{"sku": "RB-1-54", "count": 5}]
    assert "How dialogues go" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_no_funnel_is_shown_where_nothing_was_counted(begleiter, road_bike):
    begleiter("db", "upgrade")

    assert orjson.loads(begleiter("coverage", road_bike, "--format", "json").stdout)["funnel"] is None


def test_without_a_database_none_is_made(begleiter, road_bike, folder):
    told = begleiter("coverage", road_bike, "--format", "json")

    assert (told.exit_code, orjson.loads(told.stdout)["funnel"]) == (0, None)
    assert not (folder / "begleiter.sqlite3").exists()


def test_a_database_of_another_version_is_passed_over(begleiter, road_bike, folder):
    (folder / "begleiter.sqlite3").touch()

    assert orjson.loads(begleiter("coverage", road_bike, "--format", "json").stdout)["funnel"] is None
