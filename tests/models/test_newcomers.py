"""A product that enters the catalogue after a model was published is scored at once, by what it states."""

import numpy as np
import pytest

from models.baskets import facts_of
from models.train import fit_and_write
from service.catalogue.companions import Companions
from service.cross_sell.artefact import open_artefact
from service.cross_sell.assortment import Assortment
from service.cross_sell.factors import NONE, Context
from service.cross_sell.refusal import ArtefactRefused
from service.cross_sell.request import Request
from service.cross_sell.suggest import suggest
from service.cross_sell.writing import write_artefact
from tests.builders import a_catalogue, a_product, a_shop
from tests.cross_sell.artefacts import a_cross_sell_view, an_artefact
from tests.models.worlds import BAG, COLOURS, KINDS, a_training, checkerboard

NEWCOMERS = ("z-laces-blue", "z-polish-red", "z-shoes-green")  # their skus come last
SHOP = a_shop(attributes={"colour": "text"}, categories=(BAG, *KINDS), sensitive=("plaster",))
KNOWN = (
    a_product(BAG, category=BAG),
    *(a_product(f"{kind}-{colour}", category=kind, colour=colour) for kind in KINDS for colour in COLOURS),
)
NEW = tuple(a_product(sku, category=sku.split("-")[1], colour=sku.split("-")[2]) for sku in NEWCOMERS)
BY_ROW = ("products", "popularity", "items", "biases", "context", "past")


@pytest.fixture(scope="module")
def trained_with_them(tmp_path_factory):
    """A model that saw the newcomers in the catalogue, and in no order."""
    facts = facts_of(a_catalogue(*KNOWN, *NEW, shop=SHOP))
    return open_artefact(fit_and_write(a_training(checkerboard(), facts=facts), tmp_path_factory.mktemp("with")))


@pytest.fixture(scope="module")
def trained_before(trained_with_them, tmp_path_factory):
    """The same model as it would be had they not been there: without their rows, which are the last."""
    return open_artefact(_without_the_last(trained_with_them, len(NEWCOMERS), tmp_path_factory.mktemp("before")))


def _without_the_last(artefact, count, models):
    arrays, products = {}, len(artefact.skus) - count
    for name, array in artefact._arrays.items():
        part = name.rpartition("_")[2]
        if "feature" in name or part not in {*BY_ROW, "starts"} or name == "pair_products":
            arrays[name] = array
        elif part == "starts":
            assert array[products] == array[-1], "nobody bought them, so they have no neighbours"
            arrays[name] = array[: products + 1]
        elif len(array) == len(artefact.skus):
            arrays[name] = array[:products]
        else:
            arrays[name] = array  # a scorer's neighbours, by pair
    told = artefact.manifest.everything
    description = {name: value for name, value in told.items() if name not in {"schema", "version", "files"}}
    return write_artefact(models, arrays, description)


def _joined(artefact):
    return artefact.joined_by({sku: facts.features for sku, facts in facts_of(a_catalogue(*NEW, shop=SHOP)).items()})


def contexts(artefact):
    row = artefact.positions
    yield Context(np.array([row["shoes-red"]]), NONE)
    yield Context(np.array([row["shoes-red"]]), NONE, opening=True)
    yield Context(np.array([row[BAG], row["shoes-blue"]]), NONE)
    yield Context(np.array([row[BAG], row["z-shoes-green"]]), NONE)
    yield Context(np.array([row["z-laces-blue"]]), NONE, past=np.array([row["shoes-blue"], row["z-polish-red"]]))


def test_newcomers_score_as_if_training_had_seen_them_in_the_catalogue(trained_with_them, trained_before):
    joined = _joined(trained_before)

    assert joined.skus == trained_with_them.skus != trained_before.skus
    assert not np.array_equal(trained_with_them.scores(next(contexts(joined)))[-3:], np.zeros(3))
    for context in contexts(joined):
        assert joined.scores(context) == pytest.approx(trained_with_them.scores(context), abs=1e-5)


def test_so_do_the_shares_by_which_they_are_explained(trained_with_them, trained_before):
    joined, every = _joined(trained_before), np.arange(len(trained_with_them.skus))[::-1]

    for context in contexts(joined):
        wanted = trained_with_them.blend.shares(context, every)
        assert joined.blend.shares(context, every) == pytest.approx(wanted, abs=1e-5)


def test_a_newcomer_is_suggested_where_its_attributes_say_so(trained_before):
    catalogue = a_catalogue(*KNOWN, *NEW, a_product("z-plaster", category="plaster"), shop=SHOP)
    assortment = Assortment.of(catalogue, Companions.of((), catalogue), trained_before)

    def beside(sku):
        suggestions = suggest(Request((sku,), limit=5), assortment, a_cross_sell_view(), "en", None)
        return {each.product.sku: each.kind for each in suggestions.found}

    assert beside("shoes-red")["z-polish-red"] == "similar_baskets"
    assert "z-polish-red" not in beside("shoes-blue")
    assert "z-laces-blue" in beside("shoes-blue")
    assert "z-plaster" not in assortment.lines.artefact.positions


def test_a_newcomer_in_the_basket_says_what_goes_with_it(trained_before):
    catalogue = a_catalogue(*KNOWN, *NEW, shop=SHOP)
    assortment = Assortment.of(catalogue, Companions.of((), catalogue), trained_before)

    found = suggest(Request(("z-shoes-green",), limit=5), assortment, a_cross_sell_view(), "en", None)

    assert found.known == "none", "no order that the model learnt from held it"
    assert {each.product.sku for each in found.found[:2]} == {BAG, "polish-green"}


def test_the_models_own_arrays_stay_those_that_workers_share(trained_before):
    joined = _joined(trained_before)

    for name, array in joined._arrays.items():
        assert array is trained_before._arrays[name] or name == "pair_starts"
    for before, after in zip(trained_before.blend.parts, joined.blend.parts, strict=True):
        if hasattr(after.scorer, "known"):
            assert after.scorer.known is before.scorer


def test_a_model_from_before_features_were_kept_suggests_what_it_knows(tmp_path):
    artefact = open_artefact(an_artefact(tmp_path))

    assert artefact.joined_by({"NEW-1": ("category=pedal",)}) is artefact


@pytest.mark.parametrize(
    ("array", "change", "reason"),
    [
        ("features", lambda array: array[::-1], "do not ascend"),
        ("features", lambda array: array[:-1], "another shape"),
        ("lightfm_feature_items", lambda array: array[:, :-1], "another shape"),
        ("lightfm_feature_bias", lambda array: array + np.float32("nan"), "not finite"),
    ],
)
def test_features_that_do_not_fit_together_are_refused(trained_before, tmp_path, array, change, reason):
    arrays = {**trained_before._arrays, array: change(trained_before._arrays[array])}
    told = trained_before.manifest.everything
    description = {name: value for name, value in told.items() if name not in {"schema", "version", "files"}}

    with pytest.raises(ArtefactRefused, match=reason):
        write_artefact(tmp_path, arrays, description)


def test_features_are_whole_or_not_there_at_all(trained_before, tmp_path):
    arrays = dict(trained_before._arrays)
    del arrays["lightfm_feature_past"]
    told = trained_before.manifest.everything
    description = {name: value for name, value in told.items() if name not in {"schema", "version", "files"}}

    with pytest.raises(ArtefactRefused, match="does not name the arrays"):
        write_artefact(tmp_path, arrays, description)
