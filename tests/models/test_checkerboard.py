"""A world whose right answers are plain to see is learnt, served, and holds nobody."""

import subprocess
import sys
from dataclasses import replace
from itertools import islice

import pytest

from models.judge import NotPublished
from models.train import fit_and_write, train
from service.cross_sell.artefact import open_artefact
from service.cross_sell.scoring import context_of, rank
from tests.builders import a_shopper_id
from tests.cross_sell.artefacts import a_cross_sell_view
from tests.models.worlds import BAG, COLOURS, FACTS, QUICK, a_training, an_order, an_order_line, checkerboard, noise

NOBODY = a_cross_sell_view()


@pytest.fixture(scope="module")
def learnt(tmp_path_factory):
    return train(a_training(checkerboard()), tmp_path_factory.mktemp("models"))


def best(artefact, *basket, view=NOBODY, count=1):
    ranked = rank(artefact, context_of(artefact, basket, view))
    return [artefact.skus[position] for position, _ in zip(ranked, range(count), strict=False)]


@pytest.mark.parametrize("colour", COLOURS)
def test_red_shoes_go_with_red_laces_and_so_for_every_colour(learnt, colour):
    artefact = open_artefact(learnt.folder)

    assert best(artefact, f"shoes-{colour}") == [f"polish-{colour}"]
    assert best(artefact, f"shoes-{colour}", BAG) == [f"laces-{colour}"]
    assert best(artefact, f"laces-{colour}", BAG) == [f"shoes-{colour}"]


def test_on_a_products_page_what_is_not_in_the_basket_yet_tells_nothing(learnt):
    artefact = open_artefact(learnt.folder)

    beside = rank(artefact, context_of(artefact, ["shoes-red"], NOBODY, opening=True))

    assert {artefact.skus[row] for row in islice(beside, 3)} == {"laces-red", BAG, "polish-red"}


def test_the_model_is_judged_on_later_orders_beside_popularity(learnt):
    told = open_artefact(learnt.folder).manifest.everything["metrics"]

    assert learnt.verdict.reason is None
    assert told["model"]["mrr"] > 2 * told["popularity"]["mrr"]
    assert told["model"]["mrr"] > told["conditional"]["mrr"]
    assert told["model"]["cases"] == told["popularity"]["cases"] == 208


def test_the_manifest_says_what_the_model_was_made_from(learnt):
    told = open_artefact(learnt.folder).manifest.everything

    assert told["rows"] == {"used": 1040, "left_out": {}, "captured": {"used": 0, "left_out": {}}}
    assert told["window"] == {"from": "2026-03-01", "until": "2026-03-18"}
    assert told["orders"] == 400
    assert told["seed"] == QUICK.seed
    assert {"python", "numpy", "scipy", "rectools-lightfm"} == set(told["libraries"])
    assert told["forced"] is None


def test_counts_are_those_of_the_orders(learnt):
    artefact = open_artefact(learnt.folder)
    shoes, laces = artefact.positions["shoes-red"], artefact.positions["laces-red"]

    assert artefact.popularity[shoes] == 100
    assert artefact.bought_together(shoes, laces) == 60
    assert artefact.bought_together(shoes, artefact.positions["laces-blue"]) == 0


def test_nobody_buys_two_of_a_kind_here(learnt):
    assert open_artefact(learnt.folder).never_with(["shoes"]) == {"shoes"}


def test_noise_is_not_published_and_nothing_is_left_behind(tmp_path):
    with pytest.raises(NotPublished, match=r"does not clearly beat popularity.*conditional probability"):
        train(a_training(noise()), tmp_path / "models")

    assert not (tmp_path / "models").exists()


def test_what_is_forced_says_so_in_its_manifest(tmp_path):
    written = train(a_training(noise()), tmp_path, force=True)

    assert "does not clearly beat popularity" in open_artefact(written.folder).manifest.everything["forced"]


@pytest.mark.parametrize("lines", [[], [an_order_line("1", "shoes-red"), an_order_line("2", "laces-red")]])
def test_nothing_can_be_learnt_from_orders_of_one_product(tmp_path, lines):
    with pytest.raises(NotPublished, match="nothing to learn from"):
        train(a_training(lines), tmp_path, force=True)


def test_a_consented_value_decides_where_the_basket_does_not(tmp_path):
    shoppers = [a_shopper_id(number) for number in range(40)]
    profiles = {shopper: {"loves": COLOURS[number % 4]} for number, shopper in enumerate(shoppers)}
    lines = [
        line
        for number in range(600)
        for line in an_order(
            number, f"shoes-{COLOURS[number % 3]}", f"laces-{COLOURS[number % 4]}", shopper=shoppers[number % 40]
        )
    ]
    recipe = replace(QUICK, trait_weight=1.0, epochs=30)
    artefact = open_artefact(fit_and_write(a_training(lines, profiles=profiles, recipe=recipe), tmp_path))

    found = [best(artefact, "shoes-blue", view=a_cross_sell_view(loves=colour)) for colour in COLOURS]

    assert found == [[f"laces-{colour}"] for colour in COLOURS]


def test_no_shopper_is_in_the_artefact(tmp_path):
    shoppers = [a_shopper_id(number + 1_000_000) for number in range(400)]
    known = a_training(checkerboard(shopper_of=lambda number: shoppers[number]))
    anonymous = a_training(checkerboard())

    folder = fit_and_write(known, tmp_path / "known")

    assert folder.name == fit_and_write(anonymous, tmp_path / "anonymous").name
    content = b"".join(path.read_bytes() for path in folder.iterdir())
    assert not any(shopper.encode() in content for shopper in shoppers)


def test_a_shopper_who_withdrew_leaves_what_would_be_there_without_them(tmp_path):
    lines = list(checkerboard())
    without = [line for line in lines if line.order_id != "O-00017"]

    assert fit_and_write(a_training(without), tmp_path).name != fit_and_write(a_training(lines), tmp_path).name
    backwards = a_training(reversed(without))
    assert fit_and_write(backwards, tmp_path).name == fit_and_write(a_training(without), tmp_path).name


def test_equal_orders_and_an_equal_seed_give_equal_bytes_in_another_process(learnt, tmp_path):
    program = (
        "import sys, pathlib; from models.train import train\n"
        "from tests.models.worlds import a_training, checkerboard\n"
        "print(train(a_training(checkerboard()), pathlib.Path(sys.argv[1])).folder.name)"
    )
    again = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "4711", "PYTHONPATH": "."},
    )  # fmt: skip

    folder = tmp_path / again.stdout.strip()
    assert folder.name == learnt.folder.name
    for path in learnt.folder.iterdir():
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_another_seed_gives_another_model(learnt, tmp_path):
    other = fit_and_write(a_training(checkerboard(), recipe=replace(QUICK, seed=8)), tmp_path)

    assert other.name != learnt.folder.name


def test_products_keep_their_rows_whatever_the_order_of_the_facts(tmp_path):
    backwards = dict(reversed(FACTS.items()))

    one = fit_and_write(a_training(checkerboard(40)), tmp_path)
    other = fit_and_write(a_training(checkerboard(40), facts=backwards), tmp_path)

    assert one == other
