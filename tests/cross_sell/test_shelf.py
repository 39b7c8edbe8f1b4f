"""The service takes up a published model by itself, and never gives up a good one for a bad one."""

import os
import shutil
import threading

import pytest

from service.cross_sell import shelf as shelf_module
from service.cross_sell.pointer import POINTER, publish
from service.cross_sell.shelf import ModelShelf
from tests.cross_sell.artefacts import an_artefact


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


def test_an_empty_shelf_is_no_error(models):
    shelf = ModelShelf(models)

    assert (shelf.artefact, shelf.refused) == (None, None)


def test_a_model_that_is_published_later_is_taken_up(models):
    shelf = ModelShelf(models)
    folder = an_artefact(models)

    publish(models, folder)
    shelf.refresh()

    assert shelf.artefact.version == folder.name
    assert shelf.refused is None


def test_a_model_that_does_not_verify_is_refused_and_the_old_one_stays(models):
    old, new = an_artefact(models), an_artefact(models, "other")
    publish(models, old)
    shelf = ModelShelf(models)
    damage(new)

    publish(models, new)
    shelf.refresh()

    assert shelf.artefact.version == old.name
    assert new.name in shelf.refused
    assert "popularity.npy" in shelf.refused


def test_a_good_model_after_a_bad_one_is_taken_up(models):
    bad, good = an_artefact(models), an_artefact(models, "other")
    damage(bad)
    publish(models, bad)
    shelf = ModelShelf(models)
    assert shelf.artefact is None
    assert shelf.refused is not None

    publish(models, good)
    shelf.refresh()

    assert shelf.artefact.version == good.name
    assert shelf.refused is None


def test_going_back_to_the_model_in_service_lifts_the_refusal(models):
    old, new = an_artefact(models), an_artefact(models, "other")
    publish(models, old)
    shelf = ModelShelf(models)
    kept = shelf.artefact
    damage(new)
    publish(models, new)
    shelf.refresh()

    publish(models, old)
    shelf.refresh()

    assert shelf.artefact is kept
    assert shelf.refused is None


def test_a_folder_that_was_swapped_for_another_version_is_refused(models):
    one, other = an_artefact(models), an_artefact(models, "other")
    shutil.rmtree(other)
    shutil.copytree(one, other)

    publish(models, other)

    assert "holds another version" in ModelShelf(models).refused


@pytest.mark.parametrize("content", [None, b"nonsense"])
def test_a_lost_or_broken_pointer_leaves_the_model_in_service(models, content):
    folder = an_artefact(models)
    publish(models, folder)
    shelf = ModelShelf(models)
    (models / POINTER).unlink()
    if content is not None:
        (models / POINTER).write_bytes(content)

    shelf.refresh()

    assert shelf.artefact.version == folder.name
    assert shelf.refused is not None


def test_nothing_is_read_while_the_pointer_stays_as_it_is(models, monkeypatch):
    publish(models, an_artefact(models))
    shelf = ModelShelf(models)
    monkeypatch.setattr(shelf_module, "current", lambda _: pytest.fail("the pointer was read again"))

    shelf.refresh()

    assert shelf.artefact is not None


def test_while_one_thread_takes_up_a_model_the_others_go_on_with_the_old_one(models, monkeypatch):
    old, new = an_artefact(models), an_artefact(models, "other")
    publish(models, old)
    shelf = ModelShelf(models)
    opening, go_on = threading.Event(), threading.Event()
    open_artefact = shelf_module.open_artefact

    def slowly(folder):
        opening.set()
        go_on.wait(10)
        return open_artefact(folder)

    monkeypatch.setattr(shelf_module, "open_artefact", slowly)
    publish(models, new)
    loader = threading.Thread(target=shelf.refresh)
    loader.start()
    opening.wait(10)

    shelf.refresh()
    meanwhile = shelf.artefact.version
    go_on.set()
    loader.join()

    assert meanwhile == old.name
    assert shelf.artefact.version == new.name


def damage(folder):
    content = (folder / "popularity.npy").read_bytes()
    (folder / "popularity.npy").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def test_what_is_taken_up_or_refused_is_told_once(models):
    told = []
    good, bad = an_artefact(models), an_artefact(models, "other")
    damage(bad)
    publish(models, good)
    shelf = ModelShelf(models, on_change=lambda *change: told.append(change))

    publish(models, bad)
    shelf.refresh()
    shelf.refresh()

    assert told == [(good.name, None), (good.name, shelf.refused)]
    assert bad.name in shelf.refused


class Minutes:
    """A clock of minutes, and a judge who is asked what he may say."""

    def __init__(self, reason=None):
        self.minute, self.reason, self.asked = 0, reason, []

    def seconds(self):
        return self.minute * 60.0

    def overdue(self, version):
        self.asked.append((self.minute, version))
        return self.reason


def test_a_model_that_withdrawals_wait_for_is_refused_at_the_first_request(models):
    folder, judge = an_artefact(models), Minutes("too old")
    publish(models, folder)

    shelf = ModelShelf(models, overdue=judge.overdue, seconds=judge.seconds)
    assert shelf.artefact.version == folder.name
    assert judge.asked == [], "before a fork no database is opened"
    shelf.refresh()

    assert (shelf.artefact, shelf.refused) == (None, "too old")


def test_a_model_is_reviewed_once_a_minute_and_when_another_is_taken_up(models):
    old, new = an_artefact(models), an_artefact(models, "other")
    publish(models, old)
    judge = Minutes()
    shelf = ModelShelf(models, overdue=judge.overdue, seconds=judge.seconds)

    for minute in (0, 0, 0.9, 1, 1.5):
        judge.minute = minute
        shelf.refresh()
    publish(models, new)
    shelf.refresh()

    assert judge.asked == [(0, old.name), (1, old.name), (1.5, new.name)]


def test_after_a_model_was_refused_a_newer_one_is_taken_up(models):
    old, new, judge = an_artefact(models), an_artefact(models, "other"), Minutes("too old")
    publish(models, old)
    shelf = ModelShelf(models, overdue=judge.overdue, seconds=judge.seconds)
    shelf.refresh()

    judge.reason = None
    publish(models, new)
    shelf.refresh()

    assert (shelf.artefact.version, shelf.refused) == (new.name, None)


def cut(folder, size=100):
    os.truncate(folder / "lightfm_context.npy", size)


def test_a_model_that_was_cut_under_the_service_is_refused_within_a_second_and_before_it_is_read(models):
    folder, now, told = an_artefact(models), [0.0], []
    publish(models, folder)
    shelf = ModelShelf(models, seconds=lambda: now[0], on_change=lambda *change: told.append(change))
    shelf.refresh()
    cut(folder)

    now[0] = 1.0
    shelf.refresh()

    assert shelf.artefact is None
    assert "lightfm_context.npy has not the size" in shelf.refused
    assert told == [(folder.name, None), (None, shelf.refused)]


def test_who_was_forked_with_a_model_that_was_cut_since_refuses_it_at_the_first_request(models):
    folder = an_artefact(models)
    publish(models, folder)
    shelf = ModelShelf(models)
    cut(folder)

    shelf.refresh()

    assert shelf.artefact is None


def test_a_model_that_was_cut_is_taken_up_again_when_it_is_whole_and_published(models, tmp_path):
    folder, now = an_artefact(models), [0.0]
    shutil.copytree(folder, tmp_path / "kept")
    publish(models, folder)
    shelf = ModelShelf(models, seconds=lambda: now[0])
    cut(folder)
    shelf.refresh()

    shutil.copytree(tmp_path / "kept", folder, dirs_exist_ok=True)
    publish(models, folder)
    shelf.refresh()

    assert (shelf.artefact.version, shelf.refused) == (folder.name, None)


def test_a_model_whose_files_were_touched_or_written_over_with_the_same_goes_on(models):
    folder, now = an_artefact(models), [0.0]
    publish(models, folder)
    shelf = ModelShelf(models, seconds=lambda: now[0])
    os.utime(folder / "lightfm_context.npy", (1, 1))

    shelf.refresh()

    assert (shelf.artefact.version, shelf.refused) == (folder.name, None)


def test_numbers_written_over_others_in_place_are_refused(models):
    folder = an_artefact(models)
    publish(models, folder)
    shelf = ModelShelf(models)
    damage(folder)
    os.utime(folder / "popularity.npy", (1, 1))

    shelf.refresh()

    assert shelf.artefact is None
    assert "popularity.npy has not the sha256" in shelf.refused


def test_a_model_whose_folder_was_removed_serves_on_from_memory(models):
    folder = an_artefact(models)
    publish(models, folder)
    shelf = ModelShelf(models)
    shutil.rmtree(folder)

    shelf.refresh()

    assert shelf.artefact.version == folder.name


def test_a_model_is_warm_before_it_is_switched_to(models):
    old, new = an_artefact(models), an_artefact(models, "other")
    shelf, told = ModelShelf(models), []
    publish(models, old)
    shelf.refresh()
    shelf._warm = lambda artefact: told.append((artefact.version, shelf.artefact.version))

    publish(models, new)
    shelf.refresh()

    assert told == [(new.name, old.name)]
    assert shelf.artefact.version == new.name
