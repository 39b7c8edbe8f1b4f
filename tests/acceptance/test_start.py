"""Starting with files that are broken: what can be served is served, and everything refused is named with its place."""

import re
import shutil

import pytest
from click.testing import CliRunner

from service.app import create_app
from service.cli import main
from service.documents.problem import Refused
from service.settings import Settings
from tests.acceptance.running import begleiter, environment_of, is_free, serving

PLACE = re.compile(r"^(?P<file>[^:\s]+):(?P<line>\d+):(?P<column>\d+) (error|warning|note) BG-[A-Z]\d{3} \S.*$")
BROKEN = {
    "left-open.yaml": 'questionnaire: left-open\nlanguages: [de, en\ntitle: {de: "Rad", en: "Bike"}\n',
    "tabbed.yaml": "questionnaire: tabbed\nlanguages:\n\t- de\n",
    "twice.yaml": "questionnaire: twice\nlanguages: [de]\nquestionnaire: twice\n",
    "no-text.yaml": b"questionnaire: \xff\xfe\n",
}


@pytest.fixture(scope="module")
def environment(data, shop, questionnaires):
    """City bikes are broken off in the middle, and other files are broken in their own ways; road bikes are whole."""
    for name, content in BROKEN.items():
        (questionnaires / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    whole = (questionnaires / "city-bike.yaml").read_text("utf-8")
    (questionnaires / "city-bike.yaml").write_text(whole[: len(whole) // 2] + "\n  - id: [", "utf-8")
    return environment_of(data, BEGLEITER_SHOP=shop, BEGLEITER_QUESTIONNAIRES=questionnaires)


@pytest.fixture(scope="module")
def service(environment):
    with serving(environment) as running:
        yield running


def places(lines):
    found = [PLACE.match(line) for line in lines]
    assert all(found), lines
    return {match["file"].rpartition("/")[2] for match in found}


def test_ready_names_each_broken_questionnaire_with_file_line_and_column(service):
    reply = service.get("/ready")

    assert (reply.status, reply.json["status"]) == (200, "ready")
    assert places(reply.json["questionnaires"]["refused"]) == {"city-bike.yaml", *BROKEN}


def test_the_log_names_each_broken_questionnaire_too(service):
    for name in ("city-bike.yaml", *BROKEN):
        assert re.search(rf"{name}:\d+:\d+ error BG-", service.said)


def test_the_whole_questionnaire_is_served_and_the_broken_one_is_not(service):
    served = service.post("/v1/advice", {"questionnaire": "road-bike", "answers": {"experience": "beginner"}})
    refused = service.post("/v1/advice", {"questionnaire": "city-bike", "answers": {}})

    assert (served.status, len(served.json["shortlist"])) == (200, 3)
    assert (refused.status, refused.is_a_problem) == (404, True)
    assert [each["id"] for each in service.get("/v1/questionnaires").json["questionnaires"]] == ["road-bike"]


def test_check_says_the_same_and_exits_with_1(environment):
    outcome = begleiter("check", environment=environment)

    assert outcome.returncode == 1
    assert places(outcome.stdout.splitlines()) == {"city-bike.yaml", *BROKEN}
    assert re.match(r"\d+ errors", outcome.stderr)


def test_check_of_whole_files_exits_with_0(environment, questionnaires):
    outcome = begleiter("check", str(questionnaires / "road-bike.yaml"), environment=environment)

    assert (outcome.returncode, outcome.stdout) == (0, "")


@pytest.fixture
def refused_start(data, shop):
    """What starting says with a products file that is spoilt by the given change, and how it ends."""
    whole = (shop / "products.csv").read_bytes()

    def start(change):
        (shop / "products.csv").write_bytes(change(whole))
        environment = environment_of(data, BEGLEITER_SHOP=shop)
        outcome = begleiter("serve", environment=environment)
        assert is_free(int(environment["PORT"]))
        return outcome

    yield start
    (shop / "products.csv").write_bytes(whole)


def without_the_last_columns(content):
    """Cut in the middle of a line, as an interrupted copy leaves it."""
    lines = content.splitlines(keepends=True)
    half = b"".join(lines[: len(lines) // 2])
    return half + lines[len(lines) // 2][:9]


def test_a_truncated_products_file_stops_the_start_and_says_where_it_broke_off(refused_start, shop):
    broken_at = len((shop / "products.csv").read_bytes().splitlines()) // 2 + 1

    outcome = refused_start(without_the_last_columns)

    assert outcome.returncode == 1
    complaints = [line for line in outcome.stderr.splitlines() if " error BG-" in line]
    assert complaints
    assert places(complaints) == {"products.csv"}
    assert {int(PLACE.match(line)["line"]) for line in complaints} == {broken_at}
    assert "Traceback" not in outcome.stderr


def test_everything_wrong_with_the_products_is_said_at_once(refused_start):
    def spoil(content):
        lines = content.decode().splitlines()
        price = lines[0].split(",").index("price")
        for number in (5, 50, 150):
            cells = lines[number].split(",")
            cells[price] = "cheap"
            lines[number] = ",".join(cells)
        return "\n".join([*lines, lines[1]]).encode()

    outcome = refused_start(spoil)

    told = [PLACE.match(line) for line in outcome.stderr.splitlines() if " error BG-" in line]
    assert outcome.returncode == 1
    assert {6, 51, 151} < {int(match["line"]) for match in told}
    assert len(told) == 4


@pytest.mark.parametrize("content", [b"", b"sku", bytes(100), b"\xff\xfe"], ids=["empty", "cut", "zeros", "no text"])
def test_products_that_hold_nothing_are_refused_where_they_begin(shop, tmp_path, content):
    shutil.copy(shop / "shop.yaml", tmp_path)
    (tmp_path / "products.csv").write_bytes(content)

    with pytest.raises(Refused) as refusal:
        create_app(Settings(shop=tmp_path, data=tmp_path, database_url=f"sqlite:///{tmp_path}/none.sqlite3"))

    found = [problem.at for problem in refusal.value.problems]
    assert {(at.file.rpartition("/")[2], at.line, at.column) for at in found} == {("products.csv", 1, 1)}


def test_a_folder_of_questionnaires_that_is_not_there_is_named_by_ready_and_by_check(data, monkeypatch):
    nowhere = data / "questionaires"
    settings = Settings(questionnaires=nowhere, data=data, database_url=f"sqlite:///{data}/begleiter.sqlite3")
    monkeypatch.setenv("BEGLEITER_QUESTIONNAIRES", str(nowhere))

    ready = create_app(settings).test_client().get("/ready")
    checked = CliRunner().invoke(main, ["check"])

    assert ready.json["questionnaires"]["published"] == []
    assert [line.partition(" error ")[0] for line in ready.json["questionnaires"]["refused"]] == [f"{nowhere.name}:1:1"]
    assert (checked.exit_code, f"{nowhere}:1:1 error BG-Q009" in checked.output) == (1, True)


def test_check_complains_of_a_questionnaire_with_another_ending(tmp_path):
    (tmp_path / "tandem.yml").write_text("questionnaire: tandem\n")

    outcome = CliRunner().invoke(main, ["check", str(tmp_path)])

    assert outcome.exit_code == 1
    assert "tandem.yml:1:1 error BG-Q009" in outcome.output


def test_a_data_folder_that_cannot_be_one_stops_the_start_in_words(tmp_path):
    (tmp_path / "taken").write_text("a file, not a folder")

    outcome = begleiter("serve", environment=environment_of(tmp_path / "taken"))

    assert outcome.returncode == 1
    assert "Traceback" not in outcome.stderr
    assert str(tmp_path / "taken") in outcome.stderr
