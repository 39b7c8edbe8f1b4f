"""`begleiter models`: list, show, activate, prune and report."""

import json

import pytest

from service.cli import model_report
from service.cross_sell.pointer import current, publish
from tests.cross_sell.artefacts import an_artefact

FIGURES = """\
# TYPE begleiter_cross_sell_replies counter
begleiter_cross_sell_replies_total{degraded="nothing",occasion="basket"} 6.0
begleiter_cross_sell_replies_total{degraded="popular_only",occasion="product"} 2.0
# TYPE begleiter_cross_sell_baskets counter
begleiter_cross_sell_baskets_total{known="all"} 3.0
begleiter_cross_sell_baskets_total{known="some"} 1.0
begleiter_cross_sell_baskets_total{known="empty"} 4.0
# TYPE begleiter_cross_sell_strength histogram
begleiter_cross_sell_strength_bucket{le="1.0"} 1.0
begleiter_cross_sell_strength_bucket{le="+Inf"} 4.0
begleiter_cross_sell_strength_count 4.0
begleiter_cross_sell_strength_sum 9.0
# TYPE begleiter_suggestions counter
begleiter_suggestions_total{kind="bought_together",outcome="shown"} 20.0
begleiter_suggestions_total{kind="bought_together",outcome="clicked"} 5.0
"""


@pytest.fixture
def models(folder):
    return folder / "var" / "models"


def test_without_models_the_list_is_empty(begleiter):
    assert begleiter("models", "list").exit_code == 0


def test_models_are_listed_and_the_one_in_service_is_marked(begleiter, models):
    one, other = an_artefact(models), an_artefact(models, "other")
    publish(models, one)

    told = begleiter("models", "list")

    lines = {name: next(line for line in told.stdout.splitlines() if name in line) for name in (one.name, other.name)}
    assert "yes" in lines[one.name]
    assert "yes" not in lines[other.name]


def test_a_model_shows_what_its_manifest_says(begleiter, models):
    version = an_artefact(models).name

    told = json.loads(begleiter("models", "show", version).stdout)

    assert (told["version"], told["orders"]) == (version, 100)
    assert "files" not in told


def test_an_older_model_is_activated(begleiter, models):
    one, other = an_artefact(models), an_artefact(models, "other")
    publish(models, other)

    assert begleiter("models", "activate", one.name).exit_code == 0

    assert current(models) == one.name


@pytest.mark.parametrize("command", ["show", "activate"])
def test_a_model_that_does_not_exist_is_said_plainly(begleiter, command):
    told = begleiter("models", command, "2020-01-01-0123456789abcdef")

    assert told.exit_code == 1
    assert "begleiter models list" in told.stderr


def test_a_damaged_model_is_not_activated(begleiter, models):
    folder = an_artefact(models)
    (folder / "products.npy").unlink()

    told = begleiter("models", "activate", folder.name)

    assert told.exit_code == 1
    assert "nothing was changed: products.npy is missing" in told.stderr
    assert current(models) is None


def test_pruning_keeps_the_newest_and_the_one_in_service(begleiter, models):
    folders = [an_artefact(models, f"P-{number}") for number in range(4)]
    publish(models, folders[0])

    told = begleiter("models", "prune", "--keep", "1")

    assert "2 removed" in told.stdout
    assert {each.name for each in models.iterdir() if each.is_dir()} == {folders[0].name, folders[3].name}


def test_the_report_tells_shares_strengths_and_what_came_of_suggestions(begleiter, models, monkeypatch):
    folder = an_artefact(models)
    publish(models, folder)
    monkeypatch.setattr(model_report, "_fetched", lambda _url: FIGURES)

    told = begleiter("models", "report").stdout

    assert folder.name in told
    assert "8 replies; 25.0% of them degraded" in told
    assert "popular_only: 25.0%" in told
    assert "4 baskets with products; 25.0% hold one that the model does not know" in told
    assert "5 (25.0%)" in told
    assert "75.0%" in told


def test_a_report_of_a_service_that_has_answered_nothing_yet_is_no_error(begleiter, monkeypatch):
    monkeypatch.setattr(model_report, "_fetched", lambda _url: "")

    assert begleiter("models", "report").exit_code == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "file:///etc"])
def test_where_no_service_answers_the_report_says_so(begleiter, url):
    told = begleiter("models", "report", "--url", url)

    assert told.exit_code == 1
    assert "--url" in told.stderr
