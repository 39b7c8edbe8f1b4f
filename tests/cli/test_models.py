"""`begleiter models`: list, show, activate, prune and report."""

import json

import pytest

from service.cli import model_report
from service.cross_sell.drift import STRENGTHS, Met, Reference
from service.cross_sell.pointer import current, publish
from service.cross_sell.request import OCCASIONS
from service.cross_sell.writing import write_artefact
from tests.cross_sell.artefacts import a_description, an_artefact, some_arrays

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
    assert "4 baskets with products; 25.0% hold one that the model never saw bought" in told
    assert "5 (25.0%)" in told
    assert "75.0%" in told


def a_report(begleiter, monkeypatch, models, *, unknown):
    """The report of a service that met a thousand baskets, some of them unknown, and strengths up to 1 alone."""
    met = Met(baskets=1000, unknown=20, strengths=(0, 0, 0, 0, 500, 500, 0, 0, 0, 0))
    reference = Reference("2026-01-01", "2026-02-28", dict.fromkeys(OCCASIONS, met))
    folder = write_artefact(models, some_arrays(), a_description(reference=reference.as_json()))
    publish(models, folder)
    figures = [
        "# TYPE begleiter_cross_sell_baskets counter",
        *(
            f'begleiter_cross_sell_baskets_total{{known="{known}",model="{model}",occasion="basket"}} {count}'
            for model, known, count in (
                (folder.name, "all", 1000 - unknown),
                (folder.name, "some", unknown),
                (folder.name, "empty", 77),
                ("another", "none", 10_000),
            )
        ),
        "# TYPE begleiter_cross_sell_strength histogram",
        *(
            f'begleiter_cross_sell_strength_bucket{{le="{edge}",model="{model}",occasion="basket"}} {count}'
            for model, few in ((folder.name, 1000), ("another", 0))
            for edge, count in [*((edge, 0 if edge < 1 else few) for edge in STRENGTHS), ("+Inf", few or 9000)]
        ),
    ]
    monkeypatch.setattr(model_report, "_fetched", lambda _url: "\n".join(figures) + "\n")
    return begleiter("models", "report").stdout


def test_the_report_says_how_far_the_service_is_from_the_orders_that_the_model_was_judged_by(
    begleiter, models, monkeypatch
):
    told = a_report(begleiter, monkeypatch, models, unknown=100)

    assert "(2026-01-01 to 2026-02-28)" in told
    assert "basket: scores have shifted (PSI 3." in told
    assert (
        "10.0% hold a product that nobody had bought, 2.0% did in its orders; more than 5 points ahead: retrain" in told
    )
    assert "product: scores: too few to compare (0 now, 1000 in its orders" in told


def test_what_was_met_with_another_model_is_not_held_against_the_one_in_service(begleiter, models, monkeypatch):
    told = a_report(begleiter, monkeypatch, models, unknown=20)

    assert "2.0% hold a product that nobody had bought, 2.0% did in its orders; no drift" in told


def test_a_model_without_a_reference_is_said_to_have_none(begleiter, models, monkeypatch):
    publish(models, an_artefact(models))
    monkeypatch.setattr(model_report, "_fetched", lambda _url: FIGURES)

    assert "no orders to compare with" in begleiter("models", "report").stdout


@pytest.mark.parametrize("occasions", [{}, dict.fromkeys(OCCASIONS, Met(strengths=(1,)).as_json())])
def test_a_reference_that_cannot_be_read_is_said_and_the_rest_is_reported(begleiter, models, monkeypatch, occasions):
    reference = Reference("2026-01-01", "2026-02-28", {}).as_json() | {"occasions": occasions}
    publish(models, write_artefact(models, some_arrays(), a_description(reference=reference)))
    monkeypatch.setattr(model_report, "_fetched", lambda _url: FIGURES)

    told = begleiter("models", "report")

    assert told.exit_code == 0
    assert "cannot be read" in told.stdout
    assert "bought_together" in told.stdout


def test_a_report_of_a_service_that_has_answered_nothing_yet_is_no_error(begleiter, monkeypatch):
    monkeypatch.setattr(model_report, "_fetched", lambda _url: "")

    assert begleiter("models", "report").exit_code == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "file:///etc"])
def test_where_no_service_answers_the_report_says_so(begleiter, url):
    told = begleiter("models", "report", "--url", url)

    assert told.exit_code == 1
    assert "--url" in told.stderr
