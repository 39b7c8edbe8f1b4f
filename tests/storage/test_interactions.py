"""Interactions on each engine: kept beside the grant that allows it, once per key, and no longer than it holds."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from service.privacy.consent import record_event
from service.privacy.idempotency import KeyReused
from service.privacy.interactions import Interaction
from service.storage.consents import SqlConsents
from service.storage.database import open_database
from service.storage.interactions import SqlInteractions
from service.storage.purging import SqlPurge
from service.storage.shoppers import SqlShoppers
from service.storage.tables import consent_grant, interaction
from tests.builders import (
    DAY,
    LEDGER,
    NOW,
    a_decision,
    a_notice_ref,
    a_purpose,
    a_register,
    a_registered_attribute,
    a_shopper_id,
)

ME, OTHER = a_shopper_id(1), a_shopper_id(2)
INSTANT = timedelta(microseconds=1)
PURPOSES = ("behaviour_capture", "model_training")
REGISTER = a_register(
    attributes=[
        a_registered_attribute(name, kind="behaviour", purposes=PURPOSES, sources=("shop",), retention_days=30)
        for name in ("orders", "searches")
    ],
    purposes=[a_purpose("behaviour_capture", valid_for_days=60), a_purpose("model_training")],
)


@pytest.fixture
def interactions(database):
    for shopper in (ME, OTHER):
        SqlShoppers(database).ensure(shopper, at=NOW)
    return SqlInteractions(database)


@pytest.fixture
def allow(database):
    def allow(purpose="behaviour_capture", attribute="orders", *, subject=ME, given=True, at=NOW):
        decisions = [a_decision(attribute, purpose, given=given)]
        record_event(SqlConsents(database, LEDGER), REGISTER, subject, a_notice_ref(), decisions, at=at)

    return allow


def a_view(sku="RB-1", at=NOW, kind="view"):
    return Interaction(kind, sku, at)


def kept(database):
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(interaction)).scalar()


def test_what_is_done_is_kept_under_the_grant_for_it_and_under_no_other(interactions, allow, database):
    without = interactions.keep(ME, a_view(), None)
    allow("model_training")
    allow(attribute="searches")
    allow(subject=OTHER)
    under_others = interactions.keep(ME, a_view(), None)
    before = kept(database)
    allow()

    assert (without, under_others, before) == (False, False, 0)
    assert interactions.keep(ME, a_view(), None)
    assert kept(database) == 1


def test_nothing_is_kept_from_the_moment_on_when_the_consent_ends(interactions, allow):
    allow()

    assert interactions.keep(ME, a_view(at=NOW + 60 * DAY - INSTANT), None)
    assert not interactions.keep(ME, a_view(at=NOW + 60 * DAY), None)


def test_nothing_is_kept_of_somebody_unknown(database):
    assert not SqlInteractions(database).keep(a_shopper_id(9), a_view(), None)


def test_the_same_key_keeps_one_and_another_deed_under_it_is_refused(interactions, allow, database):
    allow()
    allow(subject=OTHER)

    twice = [interactions.keep(ME, a_view(at=NOW + turn * INSTANT), "key") for turn in range(2)]
    others = interactions.keep(OTHER, a_view("RB-2"), "key")

    assert (twice, others, kept(database)) == ([True, True], True, 2)
    for changed in (a_view("RB-2"), a_view(kind="basket")):
        with pytest.raises(KeyReused):
            interactions.keep(ME, changed, "key")
    assert kept(database) == 2


def test_of_many_workers_with_one_key_one_is_kept(interactions, allow, database, database_url):
    allow()
    workers = [SqlInteractions(open_database(database_url)) for _ in range(2)]
    together = threading.Barrier(6)

    def keep(number):
        together.wait()
        return workers[number % 2].keep(ME, a_view(at=NOW + number * INSTANT), "key")

    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(keep, range(6)))
    assert kept(database) == 1
    for worker in workers:
        worker._database.close()


@pytest.mark.parametrize("left", ["model_training", None])
def test_a_withdrawal_deletes_whatever_else_is_allowed_and_others_keep_theirs(interactions, allow, database, left):
    for subject in (ME, OTHER):
        allow(subject=subject)
        interactions.keep(subject, a_view(), "key")
    if left:
        allow(left)

    allow(given=False)

    with database.reading() as connection:
        assert connection.execute(select(interaction.c.shopper_id)).scalars().all() == [OTHER]


def test_models_learn_from_what_may_be_captured_and_learnt_from_now_and_then(interactions, allow):
    allow()
    interactions.keep(ME, a_view("too early", at=NOW + DAY), None)
    nothing = list(interactions.learnable(at=NOW + DAY, since=None))
    allow("model_training", at=NOW + 2 * DAY)
    for days in (2, 3, 9):
        interactions.keep(ME, a_view(f"day {days}", at=NOW + days * DAY), None)

    def skus(day, since=None):
        found = interactions.learnable(at=NOW + day * DAY, since=since and NOW + since * DAY)
        return [done.sku for who, done in found if who == ME]

    assert nothing == []
    assert skus(5) == ["day 2", "day 3"]
    assert skus(9, since=2) == ["day 3", "day 9"]
    assert skus(60) == []
    allow("model_training", given=False, at=NOW + 10 * DAY)
    assert skus(10) == []


def test_a_renewed_consent_to_training_does_not_forget_what_was_done_before_it(interactions, allow):
    allow()
    allow("model_training")
    interactions.keep(ME, a_view("under the first", at=NOW + DAY), None)
    allow("model_training", given=False, at=NOW + 2 * DAY)
    interactions.keep(ME, a_view("between", at=NOW + 3 * DAY), None)
    allow("model_training", at=NOW + 4 * DAY)
    interactions.keep(ME, a_view("under the second", at=NOW + 5 * DAY), None)

    found = [done.sku for _, done in interactions.learnable(at=NOW + 9 * DAY, since=None)]

    assert found == ["under the first", "under the second"]


def test_what_others_consent_to_lets_nothing_captured_be_learnt_from(interactions, allow):
    for subject, purpose in ((ME, "behaviour_capture"), (OTHER, "behaviour_capture"), (OTHER, "model_training")):
        allow(purpose, subject=subject)
    interactions.keep(ME, a_view(), None)

    assert list(interactions.learnable(at=NOW, since=None)) == []


def test_a_consent_to_training_alone_lets_nothing_captured_be_learnt_from(interactions, allow, database):
    allow()
    allow("model_training")
    interactions.keep(ME, a_view(), None)
    with database.writing() as connection:
        connection.execute(delete(consent_grant).where(consent_grant.c.purpose == "behaviour_capture"))

    assert list(interactions.learnable(at=NOW, since=None)) == []


def test_purging_deletes_what_is_past_its_retention_not_foreseen_or_not_allowed_any_more(interactions, allow, database):
    allow()
    for days in (0, 1, 45):
        interactions.keep(ME, a_view(at=NOW + days * DAY), None)
    purging = SqlPurge(database, LEDGER)

    assert purging.purge(REGISTER, at=NOW + 30 * DAY - INSTANT)["interactions"] == 0
    assert purging.purge(REGISTER, at=NOW + 30 * DAY)["interactions"] == 1
    purging.purge(REGISTER, at=NOW + 60 * DAY)
    assert kept(database) == 0


def test_purging_deletes_what_the_register_foresees_no_longer(interactions, allow, database):
    allow()
    interactions.keep(ME, a_view(), None)

    assert SqlPurge(database, LEDGER).purge(a_register(), at=NOW)["interactions"] == 1
