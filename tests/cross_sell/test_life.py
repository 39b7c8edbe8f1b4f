"""Models on the disk: what is told of them, which goes into service, and when one has served too long."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from service.cross_sell.life import Overdue, UnknownModel, activate, listed, shown, trained_at
from service.cross_sell.pointer import current, publish
from service.cross_sell.refusal import ArtefactRefused
from service.cross_sell.writing import write_artefact
from tests.builders import DAY, NOW
from tests.cross_sell.artefacts import a_description, an_artefact, some_arrays


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


def trained(folder, at):
    for path in (folder, folder / "manifest.json"):
        os.utime(path, (at.timestamp(), at.timestamp()))
    return folder.name


def test_models_are_listed_newest_first_with_the_one_pointed_at(models):
    old, new = an_artefact(models), an_artefact(models, "other")
    trained(old, NOW - DAY)
    trained(new, NOW)
    publish(models, old)

    told = [(each.version, each.pointed_at, each.trained_at, each.manifest.orders) for each in listed(models)]

    assert told == [(new.name, False, NOW, 100), (old.name, True, NOW - DAY, 100)]


def test_a_model_that_cannot_be_read_is_listed_with_the_reason(models):
    folder = an_artefact(models)
    (folder / "manifest.json").write_text("{}")

    (told,) = listed(models)

    assert told.manifest is None
    assert told.refused


def test_where_nothing_was_published_nothing_is_listed(models):
    assert listed(models) == ()


def test_an_older_model_goes_into_service_again(models):
    old, new = an_artefact(models), an_artefact(models, "other")
    publish(models, new)

    activate(models, old.name)

    assert current(models) == old.name


@pytest.mark.parametrize("version", ["2020-01-01-0123456789abcdef", "../models", "", "CURRENT"])
def test_what_is_no_model_cannot_be_shown_or_activated(models, version):
    publish(models, an_artefact(models))

    with pytest.raises(UnknownModel):
        shown(models, version)
    with pytest.raises(UnknownModel):
        activate(models, version)


def test_a_damaged_model_is_not_put_into_service(models):
    good, bad = an_artefact(models), an_artefact(models, "other")
    publish(models, good)
    content = bytearray((bad / "popularity.npy").read_bytes())
    content[-1] ^= 1
    (bad / "popularity.npy").write_bytes(content)

    with pytest.raises(ArtefactRefused):
        activate(models, bad.name)

    assert current(models) == good.name


def test_a_model_in_a_folder_of_another_version_is_not_put_into_service(models):
    folder = an_artefact(models)
    renamed = folder.rename(models / "2020-01-01-0123456789abcdef")

    with pytest.raises(ArtefactRefused):
        activate(models, renamed.name)


class Ledger:
    """Stands for the ledger: ten entries, one of which, or the next, is a withdrawal on this day.

    It may be one of the consent to capture, which counts for those models alone that learnt from what was captured.
    """

    def __init__(self, at, *, position=11, capture=False):
        self.at = at
        self.position = position
        self.capture = capture

    def has_entry(self, position, entry_hash):
        return 1 <= position <= 10 and entry_hash == "ours"

    def first_beyond(self, position, *, captured):
        return self.at if self.position > position and captured >= self.capture else None

    def first_after(self, moment, *, captured):
        return self.at if self.at is not None and self.at > moment and captured >= self.capture else None


@pytest.mark.parametrize(
    ("withdrawn", "today", "must_go"),
    [(None, 90, False), (-1, 90, False), (1, 31, False), (1, 32, True), (40, 60, False), (40, 71, True)],
)
def test_a_model_must_go_when_a_withdrawal_has_waited_too_long(models, withdrawn, today, must_go):
    version = trained(an_artefact(models), NOW)
    ledger = Ledger(None if withdrawn is None else NOW + withdrawn * DAY)

    reason = Overdue(models, ledger, 30 * DAY, lambda: NOW + today * DAY + timedelta(seconds=1 if must_go else 0))(
        version
    )

    assert (reason is not None) == must_go
    assert reason is None or (version in reason and "30 days" in reason)


@pytest.mark.parametrize(
    ("read", "entered", "must_go"),
    [
        ((7, "ours"), 7, False),
        ((7, "ours"), 8, True),
        ((0, "of nothing"), 1, True),
        ((7, "another ledger's"), 8, False),
        ((11, "ours"), 12, False),
    ],
)
def test_a_withdrawal_waits_if_it_was_entered_after_the_ledger_was_read_however_young_the_files_look(
    models, read, entered, must_go
):
    position, entry = read
    ledger_end = {"position": position, "hash": entry}
    folder = write_artefact(models, some_arrays(), a_description(consent_ledger=ledger_end))
    version = trained(folder, NOW + 60 * DAY)

    reason = Overdue(models, Ledger(NOW, position=entered), 30 * DAY, lambda: NOW + 61 * DAY)(version)

    assert (reason is not None) == must_go


@pytest.mark.parametrize("ledger_end", [None, {"position": 7, "hash": "ours"}])
@pytest.mark.parametrize(
    ("rows", "must_go"),
    [
        ({"used": 9, "captured": {"used": 1, "left_out": {}}}, True),
        ({"used": 9, "captured": {"used": 0, "left_out": {"not_a_purchase": 3}}}, False),
        ({"used": 9}, False),
        ({"used": 9, "captured": "nobody knows"}, True),
    ],
)
def test_who_lets_nothing_be_captured_any_more_waits_for_a_model_that_learnt_from_it(models, ledger_end, rows, must_go):
    folder = write_artefact(models, some_arrays(), a_description(consent_ledger=ledger_end, rows=rows))
    version = trained(folder, NOW)

    reason = Overdue(models, Ledger(NOW + DAY, capture=True), 30 * DAY, lambda: NOW + 60 * DAY)(version)

    assert (reason is not None) == must_go


def test_when_a_model_was_trained_is_told_in_utc(models):
    folder = an_artefact(models)

    assert abs(trained_at(folder) - datetime.now(UTC)) < timedelta(minutes=5)
