from concurrent.futures import ThreadPoolExecutor

import pytest

from service.privacy.consent import Decided, NoticeOutdated, record_event, withdraw_everything
from service.privacy.idempotency import KeyReused
from service.privacy.profile import accept
from service.privacy.register import Register, UnknownAttribute, UnknownNotice
from service.privacy.shoppers import UnknownShopper
from service.storage.consents import SqlConsents
from service.storage.profiles import SqlProfiles
from service.storage.shoppers import SqlShoppers
from tests.builders import (
    DAY,
    LEDGER,
    NOW,
    a_decision,
    a_notice,
    a_notice_ref,
    a_purpose,
    a_register,
    a_shopper_id,
    an_incoming_value,
)

ME = a_shopper_id()


@pytest.fixture
def consents(database):
    SqlShoppers(database).ensure(ME, at=NOW)
    SqlShoppers(database).ensure(a_shopper_id(2), at=NOW)
    return SqlConsents(database, LEDGER)


def decide(consents, *decisions, at=NOW, key=None, register=None, notice=None, subject=ME):  # noqa: PLR0913
    return record_event(
        consents,
        register or a_register(),
        subject,
        notice or a_notice_ref(),
        decisions,
        at=at,
        idempotency_key=key,
    )


def stored(database, subject=ME):
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT shopper_id, attribute, source FROM profile_value ORDER BY 1, 2, 3")
        return [row[1:] for row in rows.fetchall() if row[0] == subject]


def pairs(grants):
    return [(grant.attribute, grant.purpose) for grant in grants]


def test_what_is_given_is_granted_at_once_with_notice_and_sources(consents):
    receipt = decide(consents, a_decision("height_cm"), a_decision("riding_style"))

    (height, style) = receipt.grants
    assert consents.current(ME, at=NOW) == receipt.grants
    assert (height.attribute, height.purpose, height.given_at, height.until) == (
        "height_cm",
        "advice_profile",
        NOW,
        None,
    )
    assert height.notice == a_notice().served("de")
    assert height.sources == style.sources == ("crm", "shopper")


def test_one_purpose_gives_nothing_to_another(consents):
    receipt = decide(consents, a_decision("height_cm", "cross_sell"))

    assert pairs(receipt.grants) == [("height_cm", "cross_sell")]


def test_one_shopper_gives_nothing_for_another(consents):
    decide(consents, a_decision())

    assert consents.current(a_shopper_id(2), at=NOW) == ()


def test_what_is_not_ticked_counts_as_refused_and_grants_nothing(consents):
    receipt = decide(consents, a_decision(given=False))

    assert receipt.event.decisions == (Decided("height_cm", "advice_profile", None, "refused"),)
    assert receipt.grants == ()


def test_what_was_given_and_is_not_ticked_any_more_is_withdrawn(consents):
    decide(consents, a_decision())

    receipt = decide(consents, a_decision(given=False))

    assert [decided.outcome for decided in receipt.event.decisions] == ["withdrawn"]
    assert receipt.grants == consents.current(ME, at=NOW) == ()


def test_what_the_shop_declares_no_longer_is_withdrawn_all_the_same_and_only_once(consents):
    decide(consents, a_decision())
    nothing = Register.empty()

    receipt = decide(consents, a_decision(given=False), register=nothing, key="w")

    assert [decided.outcome for decided in receipt.event.decisions] == ["withdrawn"]
    assert receipt.grants == consents.current(ME, at=NOW) == ()
    assert decide(consents, a_decision(given=False), register=nothing, key="w").replayed
    with pytest.raises(UnknownAttribute):
        decide(consents, a_decision(given=False), register=nothing)
    assert len(consents.events(ME)) == 2


def test_one_source_can_be_withdrawn_alone(consents):
    decide(consents, a_decision())

    receipt = decide(consents, a_decision(given=False, source="crm"))

    assert [grant.sources for grant in receipt.grants] == [("shopper",)]


def test_giving_again_renews_the_grant(consents):
    decide(consents, a_decision())

    receipt = decide(consents, a_decision(), at=NOW + DAY)

    assert [grant.given_at for grant in receipt.grants] == [NOW + DAY]


def test_a_grant_ends_by_itself_when_its_purpose_says_so(consents):
    register = a_register(purposes=(a_purpose(valid_for_days=30),))

    receipt = decide(consents, a_decision(), register=register)

    assert receipt.grants[0].until == NOW + 30 * DAY
    assert consents.current(ME, at=NOW + 29 * DAY)
    assert consents.current(ME, at=NOW + 30 * DAY) == ()


def test_not_ticking_what_has_expired_counts_as_refused(consents):
    decide(consents, a_decision(), register=a_register(purposes=(a_purpose(valid_for_days=30),)))

    receipt = decide(consents, a_decision(given=False), at=NOW + 31 * DAY)

    assert [decided.outcome for decided in receipt.event.decisions] == ["refused"]


def test_withdrawing_deletes_values_that_no_other_grant_covers(consents, database):
    decide(consents, a_decision("height_cm"), a_decision("riding_style"))
    accept(
        SqlProfiles(database),
        a_register(),
        ME,
        [an_incoming_value(), an_incoming_value("riding_style", "sporty")],
        at=NOW,
    )

    decide(consents, a_decision("height_cm", given=False))

    assert stored(database) == [("riding_style", "crm")]


def test_a_value_stays_as_long_as_one_grant_covers_it(consents, database):
    decide(consents, a_decision("height_cm"), a_decision("height_cm", "cross_sell"))
    accept(SqlProfiles(database), a_register(), ME, [an_incoming_value()], at=NOW)

    decide(consents, a_decision("height_cm", given=False))
    kept = stored(database)
    decide(consents, a_decision("height_cm", "cross_sell", given=False))

    assert kept == [("height_cm", "crm")]
    assert stored(database) == []


def test_withdrawing_one_source_deletes_its_value_and_leaves_the_others(consents, database):
    decide(consents, a_decision())
    accept(SqlProfiles(database), a_register(), ME, [an_incoming_value(), an_incoming_value(source="shopper")], at=NOW)

    decide(consents, a_decision(given=False, source="crm"))

    assert stored(database) == [("height_cm", "shopper")]


def test_withdrawing_deletes_nothing_of_somebody_whose_consent_has_expired(consents, database):
    register = a_register(purposes=(a_purpose(valid_for_days=1),))
    decide(consents, a_decision(), subject=a_shopper_id(2), register=register)
    accept(SqlProfiles(database), register, a_shopper_id(2), [an_incoming_value()], at=NOW)

    withdraw_everything(consents, ME, at=NOW + 2 * DAY)

    assert stored(database, a_shopper_id(2)) == [("height_cm", "crm")]


def test_withdrawing_deletes_nothing_of_somebody_else(consents, database):
    for subject in (ME, a_shopper_id(2)):
        decide(consents, a_decision(), subject=subject)
        accept(SqlProfiles(database), a_register(), subject, [an_incoming_value()], at=NOW)

    decide(consents, a_decision(given=False))

    assert stored(database) == []
    assert stored(database, a_shopper_id(2)) == [("height_cm", "crm")]


def test_everything_is_withdrawn_in_one_event_that_names_each_grant(consents, database):
    decide(consents, a_decision("height_cm"), a_decision("orders", "model_training"))
    accept(SqlProfiles(database), a_register(), ME, [an_incoming_value()], at=NOW)

    receipt = withdraw_everything(consents, ME, at=NOW)

    assert [(each.attribute, each.outcome) for each in receipt.event.decisions] == [
        ("height_cm", "withdrawn"),
        ("orders", "withdrawn"),
    ]
    assert receipt.event.notice is None
    assert receipt.grants == ()
    assert stored(database) == []


def test_nothing_to_withdraw_is_an_event_without_decisions(consents):
    assert withdraw_everything(consents, ME, at=NOW).event.decisions == ()


def test_an_outdated_notice_stops_giving_and_never_withdrawing(consents):
    decide(consents, a_decision())
    register = a_register(notices=(a_notice("1"), a_notice("2")))

    with pytest.raises(NoticeOutdated):
        decide(consents, a_decision("riding_style"), register=register)
    receipt = decide(consents, a_decision(given=False), register=register)

    assert receipt.grants == ()
    assert receipt.event.notice == a_notice("1").served("de")


def test_an_unknown_notice_stops_giving_and_never_withdrawing(consents):
    decide(consents, a_decision())

    with pytest.raises(UnknownNotice):
        decide(consents, a_decision(), notice=a_notice_ref("7"))
    receipt = decide(consents, a_decision(given=False), notice=a_notice_ref("7"))

    assert receipt.grants == ()


def test_the_ledger_holds_every_event_in_order(consents):
    first = decide(consents, a_decision()).event
    second = decide(consents, a_decision(given=False), at=NOW - DAY).event

    assert consents.events(ME) == (first, second)


def test_an_event_for_an_unknown_shopper_is_refused(consents):
    with pytest.raises(UnknownShopper):
        decide(consents, a_decision(), subject=a_shopper_id(3))


def test_the_same_key_and_request_act_once(consents):
    first = decide(consents, a_decision(), key="k\0 any string 🔑")
    decide(consents, a_decision(given=False))

    again = decide(consents, a_decision(), key="k\0 any string 🔑", at=NOW + DAY)

    assert again.event == first.event
    assert again.replayed
    assert again.grants == ()
    assert len(consents.events(ME)) == 2


def test_the_same_key_with_another_request_is_refused_and_changes_nothing(consents):
    decide(consents, a_decision(), key="k")

    with pytest.raises(KeyReused):
        decide(consents, a_decision(given=False), key="k")
    with pytest.raises(KeyReused):
        withdraw_everything(consents, ME, at=NOW, idempotency_key="k")

    assert pairs(consents.current(ME, at=NOW)) == [("height_cm", "advice_profile")]


def test_a_key_belongs_to_one_shopper(consents):
    decide(consents, a_decision(), key="k")

    receipt = decide(consents, a_decision("riding_style"), key="k", subject=a_shopper_id(2))

    assert not receipt.replayed


def test_a_key_used_at_the_same_time_acts_once(consents):
    with ThreadPoolExecutor(8) as threads:
        receipts = list(threads.map(lambda _: decide(consents, a_decision(), key="k"), range(8)))

    assert len({receipt.event.id for receipt in receipts}) == 1
    assert sum(not receipt.replayed for receipt in receipts) == 1
    assert len(consents.events(ME)) == 1


@pytest.mark.parametrize("withdraw", ["one", "everything"])
def test_a_withdrawal_under_its_old_key_takes_away_what_was_given_since(consents, withdraw):
    def withdrawn(at):
        if withdraw == "everything":
            return withdraw_everything(consents, ME, at=at, idempotency_key="fixed")
        return decide(consents, a_decision(given=False), at=at, key="fixed")

    decide(consents, a_decision())
    withdrawn(NOW)
    decide(consents, a_decision(), at=NOW + DAY / 2)

    again = withdrawn(NOW + DAY)
    once_more = withdrawn(NOW + DAY)

    assert (again.grants, consents.current(ME, at=NOW + DAY)) == ((), ())
    assert not again.replayed
    assert once_more.replayed
    assert once_more.event == again.event


@pytest.mark.parametrize("language", ["fr", "d", ""])
def test_a_consent_under_a_text_that_nobody_can_have_read_is_refused_and_a_withdrawal_is_not(consents, language):
    decide(consents, a_decision(), notice=a_notice_ref(language="de-AT"))

    with pytest.raises(UnknownNotice):
        decide(consents, a_decision("riding_style"), notice=a_notice_ref(language=language))
    receipt = decide(consents, a_decision(given=False), notice=a_notice_ref(language=language))

    assert (receipt.grants, receipt.event.notice) == ((), None)
