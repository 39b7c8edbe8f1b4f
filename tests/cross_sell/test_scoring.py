"""Scores rank deterministically, whatever the order of the basket, and with numpy alone."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cross_sell.artefact import open_artefact
from service.cross_sell.blend import Blend, Popularity, Weighted
from service.cross_sell.factors import NONE, BlockWeights, Context, ContextFactors
from service.cross_sell.neighbours import Neighbours
from service.cross_sell.scoring import attributes_in, best_first, context_of, rank
from service.cross_sell.traits import Equals, Within
from service.cross_sell.writing import write_artefact
from tests.cross_sell.artefacts import a_cross_sell_view, a_description, a_scorer, an_artefact, some_arrays

NOBODY = a_cross_sell_view()


@given(size=st.integers(0, 2000), values=st.integers(1, 500), masked=st.floats(0, 1), seed=st.integers(0, 99))
def test_best_first_is_a_full_sort_with_ties_by_position_and_nothing_masked(size, values, masked, seed):
    rng = np.random.default_rng(seed)
    scores = np.where(rng.random(size) < masked, -np.inf, rng.integers(values, size=size)).astype(np.float32)
    wanted = sorted((-score, position) for position, score in enumerate(scores) if score != -np.inf)

    assert list(best_first(scores)) == [position for _, position in wanted]


def test_the_basket_is_not_ranked_and_what_it_speaks_for_comes_first(tmp_path):
    artefact = open_artefact(an_artefact(tmp_path, "A", "B", "C", "D", goes={"B": {"D": 2.0}}))

    ranked = [artefact.skus[row] for row in rank(artefact, context_of(artefact, ["B"], NOBODY))]

    assert ranked == ["D", "A", "C"]


@pytest.fixture(scope="module")
def fractions(tmp_path_factory):
    goes = {"A": {"D": 0.1}, "B": {"D": 0.2}, "C": {"D": 0.3}}
    return open_artefact(an_artefact(tmp_path_factory.mktemp("models"), "A", "B", "C", "D", goes=goes))


@given(basket=st.permutations(["A", "B", "C", "C", "unheard of"]))
def test_the_order_of_the_basket_and_repetitions_change_no_bit(fractions, basket):
    artefact = fractions

    scores = artefact.scores(context_of(artefact, basket, NOBODY))

    assert scores.tobytes() == artefact.scores(context_of(artefact, ["A", "B", "C"], NOBODY)).tobytes()


def test_several_scorers_are_blended_by_their_weights(tmp_path):
    arrays = some_arrays("A", "B", goes={"A": {"B": 1.0}})
    twice = arrays | {name.replace("lightfm", "other"): array for name, array in arrays.items()}
    scorers = [a_scorer("lightfm", 0.5), a_scorer("other", 0.25)]
    artefact = open_artefact(write_artefact(tmp_path, twice, a_description(scorers=scorers)))

    context = context_of(artefact, ["A"], NOBODY)

    assert artefact.scores(context).tolist() == [0.0, 0.75]
    assert artefact.blend.shares(context, np.array([1])).tolist() == [[0.75]]


@given(size=st.integers(1, 9), seed=st.integers(0, 99))
def test_what_the_products_of_a_basket_add_is_what_the_blend_scores_beside_an_empty_one(size, seed):
    blend, empty = a_blend(seed), Context(NONE, NONE)
    context = Context(np.sort(np.random.default_rng(seed).choice(12, size, replace=False)), NONE)

    shares = blend.shares(context, np.arange(12))

    assert shares.shape == (size, 12)
    assert shares.sum(axis=0) == pytest.approx(blend.scores(context) - blend.scores(empty), abs=1e-5)


def a_blend(seed, products=12, width=4):
    """Factors, neighbours of three products each, and popularity, all drawn."""
    random = np.random.default_rng(seed)
    drawn = [random.normal(size=(products, width)).astype("f4") for _ in range(3)]
    others = np.sort(random.permuted(np.tile(np.arange(products), (products, 1)), axis=1)[:, :3], axis=1)
    return Blend.of(
        (1,),
        (
            Weighted(
                ContextFactors(drawn[0], drawn[1][:, 0], drawn[1], drawn[2][:0], drawn[2], BlockWeights(0.2, 0.5)),
                (0.7,),
                1.0,
            ),
            Weighted(
                Neighbours(np.arange(0, 37, 3), others.ravel().astype("i4"), random.normal(size=36).astype("f4")),
                (1.5,),
                1.0,
            ),
            Weighted(Popularity(np.arange(products, dtype="f4")), (0.1,), 1.0),
        ),
    )


def test_a_consented_value_counts_with_its_weight_and_is_told(tmp_path):
    traits = (Equals("has_garage", "yes"), Equals("style", "sporty"), Within("height_cm", 150.0, 180.0))
    artefact = open_artefact(an_artefact(tmp_path, "A", "B", "C", traits=np.eye(3), trait_names=traits))
    view = a_cross_sell_view(style="sporty", height_cm=180.0, has_garage=True, unknown_to_the_model=3)

    context = context_of(artefact, ["A"], view)

    assert artefact.scores(context).tolist() == [0.5, 0.5, 0.0]
    assert attributes_in(artefact, context) == ("has_garage", "style")


def test_a_value_that_the_model_has_no_factors_for_changes_nothing(tmp_path):
    artefact = open_artefact(an_artefact(tmp_path, traits=np.ones((1, 3)), trait_names=[Within("height_cm", 1.0, 2.0)]))

    for value in ("1.5", True, 2.0, float("nan")):
        context = context_of(artefact, ["RB-1"], a_cross_sell_view(height_cm=value))
        assert attributes_in(artefact, context) == ()


def test_scoring_and_suggesting_import_neither_lightfm_nor_scipy():
    program = (
        "import sys, service.cross_sell.suggest, service.cross_sell.shelf, service.cross_sell.pointer\n"
        "sys.exit(', '.join({name.split('.')[0] for name in sys.modules} & {'lightfm', 'scipy', 'models'}) or None)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
