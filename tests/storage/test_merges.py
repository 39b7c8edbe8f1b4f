"""Two identities made one on each engine: no more than both allowed, all or nothing, and the other is gone."""

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from service.privacy.consent import record_event
from service.privacy.credentials import authenticate, issue
from service.privacy.erasure_list import ErasureList, read_erasures
from service.privacy.idempotency import KeyReused
from service.privacy.interactions import Interaction
from service.privacy.merging import MergeNotConsented, SameShopper, merge
from service.privacy.orders import OrderLine
from service.privacy.profile import accept
from service.privacy.rights import erase, erase_again
from service.privacy.shoppers import UnknownShopper
from service.privacy.uses import Use
from service.storage import merges as merges_module
from service.storage.blocking import SqlBlockedTopics
from service.storage.columns import micros
from service.storage.consents import SqlConsents
from service.storage.credentials import SqlCredentials
from service.storage.interactions import SqlInteractions
from service.storage.ledger import SqlLedger
from service.storage.merges import SqlMerges
from service.storage.orders import SqlOrders
from service.storage.profiles import SqlProfiles
from service.storage.rights import SqlRights
from service.storage.shoppers import SqlShoppers
from service.storage.tables import METADATA, interaction, order_line
from service.storage.uses import SqlUses
from tests.backups import backup_of
from tests.builders import (
    DAY,
    LEDGER,
    NOW,
    SECRET,
    a_decision,
    a_notice_ref,
    a_purpose,
    a_register,
    a_registered_attribute,
    a_shopper_id,
    an_incoming_value,
)

ME, OTHER, STRANGER = a_shopper_id(1), a_shopper_id(2), a_shopper_id(3)
ALL = ("advice_profile", "cross_sell", "profile_merge")
BEHAVIOUR = ("cross_sell", "model_training", "behaviour_capture", "profile_merge")
REGISTER = a_register(
    attributes=[
        a_registered_attribute("height_cm", purposes=ALL, sources=("shopper", "crm")),
        a_registered_attribute("riding_style", kind="text", purposes=ALL, sources=("crm", "shopper")),
        a_registered_attribute("orders", kind="behaviour", purposes=BEHAVIOUR, sources=("shop",)),
    ],
    purposes=[a_purpose(each, valid_for_days=None) for each in ("advice_profile", *BEHAVIOUR)],
)
HEIGHT = [a_decision("height_cm", each) for each in ALL[::2]]


class Shop:
    """Shoppers who decide, are known and are merged, over a real database."""

    def __init__(self, database, folder):
        self.database = database
        self.listed = folder / "erased.jsonl"
        self.rights = SqlRights(database, LEDGER, ErasureList(self.listed))
        for shopper in (ME, OTHER, STRANGER):
            SqlShoppers(database).ensure(shopper, at=NOW - DAY)

    def decide(self, subject, *decisions, at=NOW - DAY, register=REGISTER):
        record_event(SqlConsents(self.database, LEDGER), register, subject, a_notice_ref(), decisions, at=at)

    def knows(self, subject, *values):
        assert accept(SqlProfiles(self.database), REGISTER, subject, values, at=NOW).refused == ()

    def blocks(self, subject, *topics):
        SqlBlockedTopics(self.database).put(subject, topics, lambda _: False)

    def blocked(self, subject=ME):
        return SqlBlockedTopics(self.database).of(subject)

    def merge(self, survivor=ME, other=OTHER, **options):
        options = {"blocking": lambda topics: topics.__contains__} | options  # a sku is its own category here
        return merge(SqlMerges(self.database, LEDGER), SECRET, survivor, other, at=NOW, **options)

    def grants(self, subject=ME):
        return {
            (each.attribute, each.purpose, source, each.until)
            for each in SqlConsents(self.database, LEDGER).current(subject, at=NOW)
            for source in each.sources
        }

    def values(self, subject=ME):
        return [(each.attribute, each.source, each.value) for each in self.rights.held(subject, at=NOW)]

    def faults(self):
        return list(SqlLedger(self.database, LEDGER).faults(at=micros(NOW)))

    def all_rows(self):
        with self.database.reading() as connection:
            return {each.name: sorted(map(str, connection.execute(select(each)))) for each in METADATA.sorted_tables}


@pytest.fixture
def shop(database, tmp_path):
    return Shop(database, tmp_path)


def test_a_grant_survives_only_if_both_had_it_and_until_the_earlier_end(shop):
    month = a_register(
        attributes=list(REGISTER.attributes.values()), purposes=[a_purpose(each, valid_for_days=30) for each in ALL]
    )
    shop.decide(ME, *HEIGHT, a_decision("height_cm", "cross_sell"))
    shop.decide(OTHER, *HEIGHT, a_decision("riding_style"))
    shop.decide(OTHER, a_decision(source="crm"), register=month)

    receipt = shop.merge()

    assert shop.grants() == {
        ("height_cm", "advice_profile", "crm", NOW + 29 * DAY),
        ("height_cm", "advice_profile", "shopper", None),
        ("height_cm", "profile_merge", "crm", None),
        ("height_cm", "profile_merge", "shopper", None),
    }
    assert shop.grants() == {(g.attribute, g.purpose, s, g.until) for g in receipt.grants for s in g.sources}
    assert {(each.purpose, each.outcome) for each in receipt.event.decisions} == {
        ("cross_sell", "withdrawn"),
        ("advice_profile", "given"),
    }
    assert shop.faults() == []


def test_the_ledger_replays_to_the_grants_that_are_left_and_verifies(shop):
    shop.decide(ME, *HEIGHT, a_decision("riding_style"))
    shop.decide(OTHER, *HEIGHT)

    receipt = shop.merge()

    assert list(SqlLedger(shop.database, LEDGER).faults(at=micros(NOW), anchors=[receipt.head])) == []


def test_values_move_only_where_both_let_them_be_brought_together_and_a_grant_survives(shop):
    shop.decide(ME, *HEIGHT, a_decision("riding_style"))
    shop.decide(OTHER, *HEIGHT, a_decision("riding_style"), a_decision("riding_style", "profile_merge"))
    shop.knows(OTHER, an_incoming_value(), an_incoming_value("riding_style", "sporty"))
    shop.knows(ME, an_incoming_value("riding_style", "calm", source="shopper"))

    shop.merge()

    assert shop.values() == [("height_cm", "crm", 178), ("riding_style", "shopper", "calm")]


def test_a_value_of_the_survivor_without_a_surviving_grant_is_deleted(shop):
    shop.decide(ME, *HEIGHT, a_decision("riding_style"))
    shop.decide(OTHER, *HEIGHT)
    shop.knows(ME, an_incoming_value("riding_style", "sporty"))

    shop.merge()

    assert shop.values() == []


@pytest.mark.parametrize(("days", "kept"), [(1, 181), (3, 179)])
def test_of_two_values_from_one_source_the_later_collected_stays(shop, days, kept):
    for subject in (ME, OTHER):
        shop.decide(subject, *HEIGHT)
    shop.knows(ME, an_incoming_value(value=179, collected_at=NOW - 2 * DAY))
    shop.knows(OTHER, an_incoming_value(value=181, collected_at=NOW - days * DAY), an_incoming_value(source="shopper"))

    shop.merge()

    assert shop.values() == [("height_cm", "crm", kept), ("height_cm", "shopper", 178)]


@pytest.mark.parametrize("withholds", [ME, OTHER])
def test_without_profile_merge_on_both_sides_nothing_happens(shop, withholds):
    for subject in (ME, OTHER):
        shop.decide(subject, *(HEIGHT[:1] if subject == withholds else HEIGHT))
    shop.knows(OTHER, an_incoming_value())
    before = shop.all_rows()

    with pytest.raises(MergeNotConsented):
        shop.merge()

    assert shop.all_rows() == before


def test_profile_merge_for_another_source_is_not_enough(shop):
    shop.decide(ME, a_decision("height_cm", "profile_merge", source="crm"))
    shop.decide(OTHER, a_decision("height_cm", "profile_merge", source="shopper"))

    with pytest.raises(MergeNotConsented):
        shop.merge()


def buys(shop, *orders):
    SqlOrders(shop.database).add(
        OrderLine(name, 1, subject, "RB-1", 1.0, None, NOW - timedelta(days=days)) for name, subject, days in orders
    )


def bought(shop):
    with shop.database.reading() as connection:
        rows = connection.execute(
            select(order_line.c.order_id, order_line.c.shopper_id).order_by(order_line.c.order_id)
        )
        return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("mine", "theirs", "moved"),
    [
        (("cross_sell", "profile_merge"), ("cross_sell", "profile_merge"), ["early", "late"]),
        (("model_training", "profile_merge"), ("model_training", "profile_merge"), ["late"]),
        (("cross_sell", "profile_merge"), ("model_training", "profile_merge"), []),
        (("cross_sell",), ("cross_sell",), []),
    ],
)
def test_orders_move_only_under_grants_that_cover_them_on_both_sides(shop, mine, theirs, moved):
    shop.decide(ME, *HEIGHT, *(a_decision("orders", each) for each in mine), at=NOW - 5 * DAY)
    shop.decide(OTHER, *HEIGHT, *(a_decision("orders", each) for each in theirs), at=NOW - 9 * DAY)
    buys(shop, ("early", OTHER, 7), ("late", OTHER, 1), ("foreign", STRANGER, 1))

    shop.merge()

    assert bought(shop) == sorted([("foreign", STRANGER), *((name, ME) for name in moved)])


@pytest.mark.parametrize(
    "mine_given_back", [False, True], ids=["while mine stands", "though mine was withdrawn and comes again"]
)
def test_no_order_comes_under_a_consent_to_training_that_only_the_survivor_had_given_then(shop, mine_given_back):
    training = a_decision("orders", "model_training")
    for subject in (ME, OTHER):
        shop.decide(
            subject, *(a_decision("orders", each) for each in ("cross_sell", "profile_merge")), at=NOW - 9 * DAY
        )
    shop.decide(ME, training, at=NOW - 9 * DAY)
    if mine_given_back:
        shop.decide(ME, a_decision("orders", "model_training", given=False), at=NOW - 3 * DAY)
    else:
        shop.decide(OTHER, training, at=NOW - 3 * DAY)
    buys(shop, ("kept from models", OTHER, 7), ("free", OTHER, 1))

    shop.merge()
    shop.decide(ME, training, at=NOW)

    learnt = [line.order_id for line in SqlOrders(shop.database).consented_lines(at=NOW + DAY)]
    assert learnt == ([] if mine_given_back else ["free"])
    assert bought(shop) == [("free", ME)]


def test_what_either_blocks_is_blocked_afterwards_without_any_consent(shop):
    for subject in (ME, OTHER):
        shop.decide(subject, *HEIGHT)
    shop.blocks(ME, "pedal", "health")
    shop.blocks(OTHER, "pedal", "pregnancy")
    shop.blocks(STRANGER, "lamp")

    shop.merge()

    assert (shop.blocked(), shop.blocked(STRANGER)) == ({"pedal", "health", "pregnancy"}, {"lamp"})


@pytest.mark.parametrize(("theirs", "left"), [(("PD-1",), ["RB-1"]), ((), ["PD-1", "RB-1"])])
def test_what_was_done_with_anything_that_the_other_blocks_is_forgotten(shop, theirs, left):
    for subject in (ME, OTHER):
        shop.decide(subject, *HEIGHT, a_decision("orders", "behaviour_capture"))
    for sku in ("RB-1", "PD-1"):
        assert SqlInteractions(shop.database).keep(ME, Interaction("view", sku, NOW), None)
    shop.blocks(OTHER, *theirs)

    shop.merge()

    with shop.database.reading() as connection:
        assert sorted(connection.execute(select(interaction.c.sku)).scalars()) == left


@pytest.mark.parametrize("newer", [ME, OTHER])
@pytest.mark.parametrize(
    ("mine", "theirs", "told"),
    [
        ((3, "cross_sell"), (1, "advice_profile"), (1, "advice_profile")),
        ((1, "cross_sell"), (3, "advice_profile"), (1, "cross_sell")),
        ((1, "cross_sell"), (1, "advice_profile"), (1, "cross_sell")),
        (None, (3, "advice_profile"), (3, "advice_profile")),
        ((3, "advice_profile"), None, (3, "advice_profile")),
        (None, None, None),
    ],
)
def test_a_value_bears_the_note_of_the_later_use_of_both(shop, newer, mine, theirs, told):
    for subject, use in ((ME, mine), (OTHER, theirs)):
        shop.decide(subject, *HEIGHT)
        shop.knows(subject, an_incoming_value(collected_at=NOW - (1 if subject == newer else 2) * DAY))
        if use is not None:
            SqlUses(shop.database).write({Use(subject, use[1], NOW - use[0] * DAY, (("height_cm", "crm"),))})

    shop.merge()

    [held] = shop.rights.held(ME, at=NOW)
    assert (held.collected_at, held.used_on, held.used_for) == (
        NOW - DAY,
        told and NOW - told[0] * DAY,
        told and told[1],
    )


def test_the_other_is_gone_with_tokens_and_everything_and_strangers_stay_as_they_were(shop):
    for subject in (ME, OTHER, STRANGER):
        shop.decide(subject, *HEIGHT)
        shop.knows(subject, an_incoming_value())
    issued = issue(SqlCredentials(shop.database), "shopper", at=NOW, lifetime=DAY, subject=OTHER)
    stranger = shop.rights.records(STRANGER)

    shop.merge()

    assert not SqlShoppers(shop.database).is_known(OTHER)
    assert OTHER not in str(shop.all_rows())
    assert shop.rights.records(STRANGER) == stranger
    with pytest.raises(Exception, match="a valid token"):
        authenticate(SqlCredentials(shop.database), issued.token, "shopper", at=NOW)


def test_the_same_key_merges_once_and_another_pair_under_it_is_refused(shop):
    for subject in (ME, OTHER, STRANGER):
        shop.decide(subject, *HEIGHT)

    first, again = (shop.merge(idempotency_key="k") for _ in range(2))

    assert (again.event.id, again.replayed, again.grants) == (first.event.id, True, first.grants)
    with pytest.raises(KeyReused):
        shop.merge(other=STRANGER, idempotency_key="k")
    with pytest.raises(UnknownShopper):
        shop.merge()


def test_whom_nobody_knows_and_who_is_the_same_cannot_be_merged(shop):
    for survivor, other in ((ME, a_shopper_id(9)), (a_shopper_id(9), ME)):
        with pytest.raises(UnknownShopper):
            shop.merge(survivor, other)
    with pytest.raises(SameShopper):
        shop.merge(ME, ME)


@pytest.mark.parametrize(
    "failing", ["_write_grants", "_move_values", "_move_orders", "delete_uncovered", "put_topics", "delete_rows"]
)
def test_if_any_part_of_a_merge_fails_nothing_of_it_stands(shop, monkeypatch, failing):
    for subject in (ME, OTHER):
        shop.decide(subject, *HEIGHT)
    shop.knows(OTHER, an_incoming_value())
    shop.blocks(OTHER, "pedal")
    before = shop.all_rows()

    def fail(*_, **__):
        raise InterruptedError

    monkeypatch.setattr(merges_module, failing, fail)
    with pytest.raises(InterruptedError):
        shop.merge()

    assert shop.all_rows() == before


def test_two_merges_the_other_way_round_do_not_entangle(shop):
    for subject in (ME, OTHER):
        shop.decide(subject, *HEIGHT)
    outcomes = []

    def merge_them(*pair):
        try:
            outcomes.append(shop.merge(*pair).event.subject)
        except UnknownShopper:
            outcomes.append(None)

    threads = [Thread(target=merge_them, args=pair) for pair in ((ME, OTHER), (OTHER, ME))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(bool, outcomes)) == [False, True]
    assert shop.faults() == []


def test_erasing_the_survivor_erases_what_came_from_the_other_and_the_ledger_verifies(shop):
    for subject in (ME, OTHER):
        shop.decide(subject, *HEIGHT)
    shop.knows(OTHER, an_incoming_value(source_ref="canary"))
    shop.merge()

    erase(shop.rights, SECRET, ME, at=NOW)

    left = str(shop.all_rows())
    assert not [word for word in ("canary", ME, OTHER) if word in left]
    assert shop.faults() == []


def test_a_backup_from_before_is_erased_of_both_identities_by_the_list(shop, tmp_path):
    for subject in (ME, OTHER):
        shop.decide(subject, *HEIGHT)
        shop.knows(subject, an_incoming_value(source_ref="canary"))

    with backup_of(shop.database, tmp_path) as restored:
        shop.merge()
        shop.rights.finish(at=NOW)
        only_the_other = list(read_erasures(shop.listed))
        erase(shop.rights, SECRET, ME, at=NOW)
        rights = SqlRights(restored, LEDGER, ErasureList(tmp_path / "again.jsonl"))
        erased = [erase_again(rights, SECRET, each, at=NOW) for each in (only_the_other, read_erasures(shop.listed))]
        known = [who for who, _ in rights.known()]

    assert (erased, known) == ([1, 1], [STRANGER])
