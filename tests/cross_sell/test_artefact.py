"""An artefact is taken into service only if every byte is as it was published and everything fits together."""

import json
import os
import shutil
import stat

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.cross_sell import arrays
from service.cross_sell.artefact import open_artefact
from service.cross_sell.manifest import LARGEST_MANIFEST, MANIFEST
from service.cross_sell.refusal import ArtefactRefused
from service.cross_sell.traits import Equals, Within
from service.cross_sell.writing import write_artefact
from tests.cross_sell.artefacts import a_description, a_scorer, an_artefact, forge, redeclare, some_arrays

PAIRS = {"pairs": [("PD-1", "RB-1", 12)]}


@pytest.fixture
def folder(tmp_path):
    return an_artefact(tmp_path / "models", **PAIRS)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return an_artefact(tmp_path_factory.mktemp("models"), **PAIRS)


def test_what_was_written_is_what_is_opened(tmp_path):
    traits = (Equals("style", "sporty"), Within("height_cm", 150.0, 180.0))
    folder = an_artefact(
        tmp_path, **PAIRS, goes={"RB-1": {"PD-1": 2.0}}, traits=np.ones((2, 3)), trait_names=traits,
        categories=("pedal", "road_bike"), never=[("road_bike", "road_bike")],
    )  # fmt: skip

    artefact = open_artefact(folder)

    assert artefact.version == folder.name
    assert artefact.skus == ("PD-1", "PD-2", "RB-1")
    assert artefact.traits == traits
    assert artefact.popularity.tolist() == [12, 2, 12]
    assert artefact.bought_together(0, 2) == artefact.bought_together(2, 0) == 12
    assert artefact.bought_together(0, 1) == 0
    assert artefact.never_with(["road_bike"]) == artefact.bought_once == {"road_bike"}
    assert artefact.never_with(["pedal", "unheard of"]) == frozenset()


def test_the_arrays_are_mapped_and_cannot_be_written(published):
    [part] = open_artefact(published).blend.parts

    assert isinstance(part.scorer.items.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        part.scorer.items[0, 0] = 1


def test_equal_content_gives_an_equal_version_and_equal_bytes(tmp_path):
    one, other = an_artefact(tmp_path / "a", **PAIRS), an_artefact(tmp_path / "b", **PAIRS)

    assert one.name == other.name
    assert contents(one) == contents(other)


def test_other_content_gives_another_version(tmp_path):
    assert an_artefact(tmp_path, popularity=[1, 2, 3]).name != an_artefact(tmp_path, popularity=[1, 2, 4]).name


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_a_flipped_bit_anywhere_is_refused(published, data):
    path = published / data.draw(st.sampled_from(sorted(path.name for path in published.iterdir())))
    content = path.read_bytes()
    place, bit = data.draw(st.integers(0, len(content) - 1)), data.draw(st.integers(0, 7))
    path.write_bytes(content[:place] + bytes([content[place] ^ (1 << bit)]) + content[place + 1 :])

    try:
        with pytest.raises(ArtefactRefused):
            open_artefact(published)
    finally:
        path.write_bytes(content)


def test_every_missing_file_is_refused_and_named(published, tmp_path):
    for name in sorted(contents(published)):
        copy = tmp_path / name
        shutil.copytree(published, copy)
        (copy / name).unlink()

        with pytest.raises(ArtefactRefused, match=f"{name} is missing"):
            open_artefact(copy)


def test_a_truncated_array_is_refused_by_its_size(folder):
    path = folder / "lightfm_items.npy"
    path.write_bytes(path.read_bytes()[:-4])

    with pytest.raises(ArtefactRefused, match=r"lightfm_items\.npy has not the size"):
        open_artefact(folder)


def test_an_array_that_is_cut_while_it_is_opened_is_refused(folder, monkeypatch):
    check = arrays._check_content

    def check_and_cut(file, name, *declared):
        check(file, name, *declared)
        if name == "lightfm_items.npy":
            os.truncate(folder / name, 130)

    monkeypatch.setattr(arrays, "_check_content", check_and_cut)

    with pytest.raises(ArtefactRefused, match=r"lightfm_items\.npy was changed while it was opened"):
        open_artefact(folder)


def test_what_is_written_is_for_nobody_to_write_into(tmp_path):
    folder = write_artefact(tmp_path, some_arrays(), a_description())

    assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o444}


def test_an_array_with_something_behind_it_is_refused_even_if_it_is_declared(folder):
    path = folder / "lightfm_items.npy"
    path.write_bytes(path.read_bytes() + b"more")
    redeclare(folder, "lightfm_items.npy")

    with pytest.raises(ArtefactRefused, match="one array in it and nothing else"):
        open_artefact(folder)


@pytest.mark.parametrize("start", [b"nothing of numpy's", b"\x93NUMPY\x02\x00"])
def test_a_file_that_is_no_array_is_refused_even_if_it_is_declared(folder, start):
    path = folder / "lightfm_items.npy"
    path.write_bytes(start + bytes(path.stat().st_size - len(start)))
    redeclare(folder, "lightfm_items.npy")

    with pytest.raises(ArtefactRefused, match=r"it is no \.npy file"):
        open_artefact(folder)


def test_a_huge_manifest_is_not_even_read(folder):
    with (folder / MANIFEST).open("r+b") as file:
        file.truncate(LARGEST_MANIFEST + 1)

    with pytest.raises(ArtefactRefused, match="larger than"):
        open_artefact(folder)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ArtefactRefused, match=r"manifest\.json is missing"):
        open_artefact(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not an object"),
        (b"{}", "schema"),
        (b'{"schema": "begleiter-artefact/1"}', "schema"),
        (b'{"schema": "begleiter-artefact/2"}', "'version' is missing"),
        (b'{"schema": "begleiter-artefact/2", "version": "2026-02-28-0123456789abcdef"}', "'window' is missing"),
        (b'{"schema": "begleiter-artefact/2", "version": 1}', "'version' is not a text"),
        (
            b'{"schema":"begleiter-artefact/2","version":"2026-02-28-0123456789abcdef","window":{"until":"2026-02-28"}}',
            "changed after it was written",
        ),
        (b'{"schema": "begleiter-artefact/2", "version": "x", "window": {"until": "x"}, "a": NaN}', "changed"),
    ],
)
def test_a_foreign_manifest_is_refused(folder, content, reason):
    (folder / MANIFEST).write_bytes(content)

    with pytest.raises(ArtefactRefused, match=reason):
        open_artefact(folder)


def test_a_manifest_that_says_the_same_in_other_bytes_is_refused(folder):
    parsed = json.loads((folder / MANIFEST).read_bytes())
    (folder / MANIFEST).write_text(json.dumps(parsed))

    with pytest.raises(ArtefactRefused, match="changed after it was written"):
        open_artefact(folder)


def stored(**changed):
    return {"sha256": "0" * 64, "bytes": 1, "shape": [1], "dtype": "<f4"} | changed


@pytest.mark.parametrize(
    ("forged", "reason"),
    [
        ({"files": {"../outside.npy": stored()}}, "cannot be an artefact's array"),
        ({"files": {"/etc/passwd": stored()}}, "cannot be an artefact's array"),
        ({"files": {"a/b.npy": stored()}}, "cannot be an artefact's array"),
        ({"files": {"x.pickle": stored()}}, "cannot be an artefact's array"),
        ({"files": {"x.npy": stored(shape=[-1])}}, "one or two sizes"),
        ({"files": {"x.npy": stored(shape=[1, 1, 1])}}, "one or two sizes"),
        ({"files": {"x.npy": stored(shape=[True])}}, "one or two sizes"),
        ({"files": {"x.npy": stored(bytes=-1)}}, "whole number"),
        ({"files": {}}, "does not name the arrays of its scorers"),
        ({"files": []}, "files is not an object"),
        ({"scorers": [a_scorer("x", kind="pickle")]}, "kind of scorer"),
        ({"scorers": [a_scorer("../x")]}, "begin a file"),
        ({"scorers": [a_scorer("lightfm", "much")]}, "'weights' is not a number"),
        ({"scorers": [a_scorer("lightfm", 1.0, 1.0)]}, "a weight for each basket size"),
        ({"basket_sizes": []}, "do not ascend"),
        ({"basket_sizes": [2, 2]}, "do not ascend"),
        ({"basket_sizes": [-1]}, "whole number"),
        ({"scorers": ["lightfm"]}, "scorers is not an object"),
        ({"scorers": []}, "does not name the arrays"),
        ({"traits": [{"attribute": "height_cm", "low": "tall", "high": 1}]}, "'low' is not a number"),
        ({"categories": [1]}, "list of texts"),
        ({"orders": True}, "'orders' is not a whole number"),
        ({"categories": ["one too many"]}, "another shape"),
        ({"traits": [{"attribute": "style", "equals": "sporty"}]}, "another shape"),
    ],
)
def test_a_forged_manifest_is_refused(folder, forged, reason):
    forge(folder, forged)

    with pytest.raises(ArtefactRefused, match=reason):
        open_artefact(folder)


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ({"bytes": 10**15}, "has not the size"),
        ({"shape": [10**9, 3]}, "does not fit into its size"),
        ({"shape": [3, 2]}, "header does not agree"),
        ({"dtype": "<i4"}, "header does not agree"),
        ({"dtype": "|O"}, "dtype that artefacts do not use"),
        ({"dtype": "f4"}, "dtype that artefacts do not use"),
        ({"dtype": "nonsense"}, "no known dtype"),
        ({"sha256": "0" * 64}, "has not the sha256"),
    ],
)
def test_an_array_that_is_not_what_is_declared_is_refused(folder, declared, reason):
    files = json.loads((folder / MANIFEST).read_bytes())["files"]
    forge(folder, {"files": files | {"lightfm_items.npy": files["lightfm_items.npy"] | declared}})

    with pytest.raises(ArtefactRefused, match=reason):
        open_artefact(folder)


def test_a_pickle_is_never_opened(folder, tmp_path):
    witness = tmp_path / "witness"
    np.save(folder / "lightfm_items.npy", np.array([Touches(witness)], dtype=object), allow_pickle=True)
    redeclare(folder, "lightfm_items.npy", shape=[1], dtype="|O")

    with pytest.raises(ArtefactRefused):
        open_artefact(folder)

    assert not witness.exists()


class Touches:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def test_a_link_to_elsewhere_is_refused(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere.npy"
    (folder / "popularity.npy").rename(elsewhere)
    (folder / "popularity.npy").symlink_to(elsewhere)

    with pytest.raises(ArtefactRefused, match=r"popularity\.npy is missing"):
        open_artefact(folder)


@pytest.mark.parametrize(
    ("name", "array", "reason"),
    [
        ("products", np.array(["B", "A", "C"]), "do not ascend"),
        ("products", np.array(["A", "A", "C"]), "do not ascend"),
        ("products", np.array(["", "A", "C"]), "do not ascend"),
        ("products", np.array(["A", "B", "C" * 201]), "another dtype"),
        ("popularity", np.ones(3, "<i4"), "another dtype"),
        ("popularity", np.ones(4, "<i8"), "another shape"),
        ("lightfm_items", np.full((3, 3), np.nan, "<f4"), "not finite"),
        ("lightfm_context", np.ones((3, 2), "<f4"), "another shape"),
        ("lightfm_biases", np.ones(3, "<f8"), "another dtype"),
        ("pair_starts", np.array([0, 2, 1, 0], "<i8"), "does not part the pairs"),
        ("pair_starts", np.array([0, 0, 0, 1], "<i8"), "does not part the pairs"),
    ],
)
def test_arrays_that_do_not_fit_together_are_not_written(tmp_path, name, array, reason):
    arrays = some_arrays() | {name: array}

    with pytest.raises(ArtefactRefused, match=reason):
        write_artefact(tmp_path, arrays, a_description())

    assert list(tmp_path.iterdir()) == []


def test_a_pair_with_a_product_that_is_not_there_is_refused(tmp_path):
    arrays = some_arrays(**PAIRS)
    arrays["pair_products"] = arrays["pair_products"] + np.int32(2)

    with pytest.raises(ArtefactRefused, match="names a product that is not there"):
        write_artefact(tmp_path, arrays, a_description())


@pytest.mark.parametrize("weight", [0.0, -1.0])
def test_a_blend_without_weight_is_refused(tmp_path, weight):
    scorers = [a_scorer("lightfm", weight)]

    with pytest.raises(ArtefactRefused, match="weight"):
        write_artefact(tmp_path, some_arrays(), a_description(scorers=scorers))


def test_writing_over_a_damaged_artefact_of_the_same_version_repairs_it(folder):
    (folder / "popularity.npy").write_bytes(b"")

    again = an_artefact(folder.parent, **PAIRS)

    assert again == folder
    assert open_artefact(folder).version == folder.name


def test_what_somebody_left_who_was_killed_while_writing_is_removed_after_a_day(tmp_path):
    for name, days in ((".writing-old", 2), (".writing-now", 0)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lightfm_items.npy").write_bytes(b"half")
        written = (tmp_path / name).stat().st_mtime - days * 86_400
        os.utime(tmp_path / name, (written, written))

    folder = an_artefact(tmp_path)

    assert {each.name for each in tmp_path.iterdir()} == {folder.name, ".writing-now"}


def test_no_refusal_tells_what_is_in_the_file(folder):
    (folder / "products.npy").write_bytes(b"RB-SECRET" * 100)

    with pytest.raises(ArtefactRefused) as refused:
        open_artefact(folder)

    assert "SECRET" not in str(refused.value)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}
