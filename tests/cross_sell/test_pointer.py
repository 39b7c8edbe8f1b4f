"""One file says which artefact is in service, and it is switched at once."""

import os

import pytest

from service.cross_sell import pointer
from service.cross_sell.pointer import POINTER, current, prune, publish, published
from service.cross_sell.refusal import ArtefactRefused
from tests.cross_sell.artefacts import an_artefact


def test_nothing_is_in_service_before_the_first_publication(tmp_path):
    assert current(tmp_path / "models") is None
    assert published(tmp_path / "models") == []


def test_what_is_published_is_in_service(tmp_path):
    old, new = an_artefact(tmp_path), an_artefact(tmp_path, "other")

    publish(tmp_path, old)
    publish(tmp_path, new)

    assert current(tmp_path) == new.name
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([POINTER, old.name, new.name])


@pytest.mark.parametrize("content", [b"", b"../../etc", b"2026-02-28-0123456789ABCDEF", b"\xff\xfe", b"x" * 10_000])
def test_a_pointer_to_no_version_is_refused(tmp_path, content):
    (tmp_path / POINTER).write_bytes(content)

    with pytest.raises(ArtefactRefused, match="does not hold the version"):
        current(tmp_path)


def test_a_pointer_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / POINTER).mkdir()

    with pytest.raises(ArtefactRefused, match="cannot be read"):
        current(tmp_path)


def test_only_an_artefact_in_the_folder_can_be_published(tmp_path):
    elsewhere = an_artefact(tmp_path / "elsewhere")

    with pytest.raises(ValueError, match="in the models folder"):
        publish(tmp_path, elsewhere)


def test_the_newest_stay_and_so_does_the_one_in_service(tmp_path):
    folders = [an_artefact(tmp_path, f"sku-{number}") for number in range(4)]
    for age, folder in enumerate(folders):
        os.utime(folder, (1_000_000 - age, 1_000_000 - age))
    publish(tmp_path, folders[3])

    removed = prune(tmp_path, keep=2)

    assert removed == [folders[2].name]
    assert published(tmp_path) == [folders[0].name, folders[1].name, folders[3].name]


def test_what_somebody_else_has_removed_already_is_no_error(tmp_path, monkeypatch):
    kept = an_artefact(tmp_path)
    monkeypatch.setattr(pointer, "published", lambda _: [kept.name, "2020-01-01-0123456789abcdef"])

    assert prune(tmp_path, 1) == ["2020-01-01-0123456789abcdef"]
    assert kept.is_dir()
