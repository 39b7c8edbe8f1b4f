"""Whoever can write into the models folder can have a model refused, and nothing else."""

import copy
import json
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.cross_sell.artefact import open_artefact
from service.cross_sell.factors import Context
from service.cross_sell.life import listed
from service.cross_sell.manifest import LARGEST_MANIFEST, MANIFEST, sealed
from service.cross_sell.pointer import publish
from service.cross_sell.refusal import ArtefactRefused
from service.cross_sell.shelf import ModelShelf
from service.cross_sell.traits import Equals
from service.cross_sell.writing import write_artefact
from tests.cross_sell.artefacts import a_description, a_scorer, an_artefact, redeclare, some_arrays

ODD = [10**400, -(10**400), 2**63, -1, 1e308, -0.5, "", "\0", None, True, [], {}, [[]], "x" * 300]
TRAITS = {"trait_names": [Equals("style", "sporty")], "traits": [[1.0, 0.0, 0.0]]}
PAIRS = {"pairs": [("PD-1", "RB-1", 2)], "popularity": [3, 4, 5]}


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return an_artefact(tmp_path_factory.mktemp("models"), **TRAITS, **PAIRS)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_a_well_sealed_manifest_says_the_model_is_refused_or_serves(published, data):
    honest = (published / MANIFEST).read_bytes()
    body = json.loads(honest)
    place = data.draw(st.sampled_from(list(places(body))))
    changed = put(body, place, data.draw(st.sampled_from(ODD)))

    try:
        (published / MANIFEST).write_bytes(resealed(changed))
        refused = refusal_of(published)
    except ArtefactRefused:
        return  # what cannot be sealed cannot be forged
    finally:
        (published / MANIFEST).write_bytes(honest)

    assert refused is None or refused.reason


def refusal_of(folder):
    try:
        artefact = open_artefact(folder)
    except ArtefactRefused as refusal:
        return refusal
    both = np.array([0, 1])
    scores = artefact.scores(Context(both, np.arange(len(artefact.traits))))
    assert np.isfinite(scores).all()
    assert np.isfinite(artefact.blend.shares(Context(both, both[:0]), both)).all()
    return None


@pytest.mark.parametrize("header", [b"(" * 50, b"{[]: 1}", b"-" * 100, b"{'descr': open('x', 'w')}", b"\xff" * 118])
def test_what_a_file_says_of_itself_is_compared_and_never_evaluated(tmp_path, header):
    folder = an_artefact(tmp_path)
    head(folder, header)

    with pytest.raises(ArtefactRefused, match="header does not agree"):
        open_artefact(folder)


def test_an_array_as_another_program_writes_it_is_opened(tmp_path):
    folder = an_artefact(tmp_path)
    head(folder, b"{'descr':'<f4','fortran_order':False,'shape':(3,3)}")

    assert open_artefact(folder).scores(Context(np.array([0]), np.array([], int))).shape == (3,)


def test_a_number_beyond_all_bounds_leaves_the_model_in_service(tmp_path):
    good = an_artefact(tmp_path)
    publish(tmp_path, good)
    shelf = ModelShelf(tmp_path)
    publish(tmp_path, sealed_with(tmp_path, orders=10**400))

    shelf.refresh()

    assert shelf.artefact.version == good.name
    assert "'orders'" in shelf.refused


def test_one_hostile_manifest_hides_no_other_model_from_the_list(tmp_path):
    good, hostile = an_artefact(tmp_path), sealed_with(tmp_path, orders=10**400)
    huge, pipe, link = (an_artefact(tmp_path, name) for name in ("huge", "pipe", "link"))
    os.truncate(huge / MANIFEST, LARGEST_MANIFEST + 1)
    (pipe / MANIFEST).unlink()
    os.mkfifo(pipe / MANIFEST)
    (link / MANIFEST).rename(tmp_path / "elsewhere.json")
    (link / MANIFEST).symlink_to(tmp_path / "elsewhere.json")

    told = {each.version: each.refused for each in listed(tmp_path)}

    assert told[good.name] is None
    assert "'orders'" in told[hostile.name]
    assert "larger than" in told[huge.name]
    assert told[pipe.name] == told[link.name] == "manifest.json is missing"


@pytest.mark.parametrize("changed", [{"opening": 1e39}, {"trait_weight": -1.0}, {"past_weight": 1e39}])
def test_a_weight_that_scores_cannot_hold_is_refused(tmp_path, changed):
    with pytest.raises(ArtefactRefused, match="weight"):
        write_artefact(tmp_path, some_arrays(), a_description(scorers=[a_scorer("lightfm", **changed)]))


@pytest.mark.parametrize(
    ("name", "array", "reason"),
    [
        ("popularity", [3, -4, 5], "fewer orders than none"),
        ("pair_orders", [-2, -2], "fewer orders than none"),
        ("pair_orders", [4, 4], "more orders of two products than of one"),
        ("pair_orders", [2, 2**31 - 1], "more orders of two products than of one"),
    ],
)
def test_counts_that_no_orders_can_have_given_are_refused(tmp_path, name, array, reason):
    arrays = some_arrays(**PAIRS)
    arrays[name] = np.array(array, arrays[name].dtype)

    with pytest.raises(ArtefactRefused, match=reason):
        write_artefact(tmp_path, arrays, a_description())


def head(folder, header):
    """Have an array's file say this of itself, and the manifest declare it so."""
    path = folder / "lightfm_items.npy"
    content = path.read_bytes()
    path.write_bytes(content[:10] + header.ljust(117) + b"\n" + content[128:])
    redeclare(folder, path.name)


def sealed_with(models, **changed):
    """The folder of a model whose manifest is sealed as it should be and says this."""
    folder = an_artefact(models, "A")
    content = resealed(json.loads((folder / MANIFEST).read_bytes()) | changed)
    (folder / MANIFEST).write_bytes(content)
    return folder.rename(models / json.loads(content)["version"])


def resealed(body):
    return sealed({name: value for name, value in body.items() if name not in {"version", "schema"}})[1]


def places(value, path=()):
    """The way to every value in there."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield (*path, key)
        yield from places(inner, (*path, key))


def put(body, path, odd):
    """The same with something odd in one place."""
    changed = copy.deepcopy(body)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = odd
    return changed
