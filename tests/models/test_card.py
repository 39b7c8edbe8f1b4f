"""The card tells what the manifest holds, in one file that points nowhere else."""

import json
import re

import pytest

from models.card import as_page, as_text
from models.train import fit_and_write, train
from service.cross_sell.artefact import open_artefact
from service.cross_sell.manifest import MANIFEST
from tests.builders import a_shopper_id
from tests.models.worlds import a_training, checkerboard


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    shoppers = [a_shopper_id(number) for number in range(20)]
    profiles = {shopper: {"taste": f"taste-{number % 2}"} for number, shopper in enumerate(shoppers)}
    lines = checkerboard(shopper_of=lambda number: shoppers[number // 5 % 20])
    return train(a_training(lines, profiles=profiles), tmp_path_factory.mktemp("models")).folder


def test_the_card_lies_beside_the_manifest_and_does_not_hinder_the_service(folder):
    assert (folder / "card.md").is_file()
    assert open_artefact(folder).version == folder.name


@pytest.mark.parametrize("heading", ["How good it is", "What consent buys", "What it shows", "How it is blended"])
def test_text_and_page_have_the_same_sections(folder, heading):
    assert f"## {heading}\n" in (folder / "card.md").read_text()
    assert f"<h2>{heading}</h2>" in (folder / "card.html").read_text()


def test_the_page_holds_its_three_plots_and_points_nowhere_else(folder):
    page = (folder / "card.html").read_text()

    assert page.count("<svg") == 3
    assert "The price of consent" in page
    assert not re.search(r"(src|href)=\"(?!#)", page)
    assert "<script" not in page


def test_the_figures_are_those_of_the_manifest(folder):
    told = json.loads((folder / MANIFEST).read_bytes())
    text = (folder / "card.md").read_text()

    for name in ("model", "popularity", "conditional", "consent_none", "consent_full"):
        assert f"{told['metrics'][name]['mrr']:.3f} ± {told['metrics'][name]['mrr_error']:.3f}" in text
    assert f"{told['orders']} orders from {told['window']['from']} to {told['window']['until']}" in text
    assert "taste" in text


def test_equal_manifests_give_equal_cards(folder):
    told = json.loads((folder / MANIFEST).read_bytes())

    assert as_page(told) == as_page(told) == (folder / "card.html").read_text()
    assert as_text(told) == (folder / "card.md").read_text()


def test_a_model_that_nobody_judged_says_so(tmp_path):
    folder = fit_and_write(a_training(checkerboard(60)), tmp_path)

    assert "Nobody judged it." in (folder / "card.md").read_text()
    assert "<svg" not in (folder / "card.html").read_text()
