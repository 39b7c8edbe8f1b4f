"""Equal orders give equal bytes, and no bit of a model changes unnoticed."""

import platform
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.train import fit_and_write
from service.catalogue.product import LONGEST_SKU
from service.cross_sell.artefact import open_artefact
from service.cross_sell.refusal import ArtefactRefused
from tests.builders import NOW, a_shopper_id
from tests.models.worlds import FACTS, QUICK, a_training, checkerboard

BRIEF = replace(QUICK, epochs=2, components=4)
SHOPPERS = [a_shopper_id(number) for number in range(8)]
LINES = list(checkerboard(160, shopper_of=lambda number: SHOPPERS[number // 5 % 8]))
BEFORE, AFTER = NOW - timedelta(days=1), NOW + timedelta(days=30)

few = settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@given(st.randoms(use_true_random=False))
@few
def test_the_order_of_lines_changes_no_byte(tmp_path, random):
    turned = random.sample(LINES, len(LINES))

    one = fit_and_write(a_training(LINES, recipe=BRIEF), tmp_path / "one")
    other = fit_and_write(a_training(turned, recipe=BRIEF), tmp_path / "other")

    assert contents(one) == contents(other)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return fit_and_write(a_training(LINES, recipe=BRIEF), tmp_path_factory.mktemp("models"))


def test_the_manifest_names_what_is_presumed_of_the_build_and_not_observed(trained):
    build = open_artefact(trained).manifest.everything["build"]

    assert build == {"threads": 1, "machine": platform.machine(), "presumed": {"LIGHTFM_NO_CFLAGS": True}}


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_flipped_bit_of_a_trained_model_is_refused(trained, data):
    names = sorted(path.name for path in trained.iterdir() if not path.name.startswith("card."))
    path = trained / data.draw(st.sampled_from(names))
    content = path.read_bytes()
    path.chmod(0o644)
    place, bit = data.draw(st.integers(0, len(content) - 1)), data.draw(st.integers(0, 7))
    path.write_bytes(content[:place] + bytes([content[place] ^ (1 << bit)]) + content[place + 1 :])

    try:
        with pytest.raises(ArtefactRefused):
            open_artefact(trained)
    finally:
        path.write_bytes(content)


def test_a_model_holds_skus_as_long_as_the_catalogue_takes_them(tmp_path):
    longest = "ü" * LONGEST_SKU
    lines = [replace(line, sku=longest) if line.sku == "bag" else line for line in LINES]
    facts = {longest: FACTS["bag"]} | {sku: each for sku, each in FACTS.items() if sku != "bag"}

    artefact = open_artefact(fit_and_write(a_training(lines, recipe=BRIEF, facts=facts), tmp_path))

    assert artefact.was_bought(longest)
