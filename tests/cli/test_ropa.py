"""`begleiter ropa` and the remark of `begleiter check` about what is collected for nothing, on the demo shop."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shop(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "shop", tmp_path / "shop")
    monkeypatch.setenv("BEGLEITER_SHOP", str(tmp_path / "shop"))
    monkeypatch.setenv("BEGLEITER_QUESTIONNAIRES", str(ROOT / "questionnaires"))
    return tmp_path / "shop"


def run(*words):
    return CliRunner().invoke(main, words)


def test_the_record_is_printed_as_markdown_and_as_json(shop):
    markdown, plain = run("ropa", "--language", "en"), run("ropa", "--json")

    assert (markdown.exit_code, plain.exit_code) == (0, 0)
    assert "| Height |" in markdown.stdout
    assert "dpv:ProvidePersonalisedRecommendations" in markdown.stdout
    assert len(json.loads(plain.stdout)["activities"]) == 6


def test_a_broken_register_gives_no_record(shop):
    (shop / "privacy.yaml").write_text("languages: []")

    assert run("ropa").exit_code == 1


def test_check_remarks_on_what_is_collected_for_nothing(shop):
    path = shop / "privacy.yaml"
    path.write_text(path.read_text().replace("  commute:", "  shoe_size:"))

    done = run("check")

    assert "warning BG-P011 attribute 'shoe_size'" in done.stdout
    assert "error" in done.stdout  # a questionnaire asks for commute, which nobody declares now
    assert done.exit_code == 1
