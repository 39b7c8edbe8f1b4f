import pytest

from service.privacy.consent import PurposeNotServed, withdraw_everything
from service.privacy.enrolment import Deciding, Enrolment, enrol
from service.privacy.erasure_list import ErasureList
from service.privacy.gate import Gate
from service.privacy.profile import accept
from service.privacy.rights import erase, erasure_tag
from service.privacy.secret import Secret
from service.storage.consents import SqlConsents
from service.storage.enrolments import SqlEnrolments
from service.storage.profiles import SqlProfiles
from service.storage.rights import SqlRights
from service.storage.shoppers import SqlShoppers
from tests.builders import (
    DAY,
    LEDGER,
    NOW,
    a_decision,
    a_notice_ref,
    a_purpose,
    a_register,
    a_shopper_id,
    an_incoming_value,
)

SECRET = Secret(b"s" * 40)


def a_deciding(*decisions, at=NOW, notice=None):
    return Deciding(at, notice or a_notice_ref(), decisions)


def an_enrolment(number=1, **changed):
    given = {
        "shopper": a_shopper_id(number),
        "decided": (a_deciding(a_decision("height_cm"), a_decision("riding_style", given=False)),),
        "values": (an_incoming_value(value=178), an_incoming_value("riding_style", "sporty")),
    }
    return Enrolment(**(given | changed))


def enrolled(database, *shoppers):
    return enrol(SqlEnrolments(database, LEDGER), a_register(), shoppers, at=NOW)


def test_an_enrolled_shopper_is_as_one_who_decided_and_was_delivered_one_by_one(database):
    enrolled(database, an_enrolment())

    consents = SqlConsents(database, LEDGER)
    (event,) = consents.events(a_shopper_id())
    assert [(each.attribute, each.outcome) for each in event.decisions] == [
        ("height_cm", "given"),
        ("riding_style", "refused"),
    ]
    view = Gate(a_register(), SqlProfiles(database)).view(a_shopper_id(), "advice_profile", NOW)
    assert {name: value.value for name, value in view.values.items()} == {"height_cm": 178}
    assert view.withheld == ("has_garage", "riding_style")
    assert withdraw_everything(consents, a_shopper_id(), at=NOW).event.decisions[0].outcome == "withdrawn"


def test_values_are_refused_and_counted_as_in_a_single_delivery(database):
    values = (
        an_incoming_value(),
        an_incoming_value("riding_style", "sporty"),
        an_incoming_value("shoe_size", 43),
        an_incoming_value(value="tall"),
        an_incoming_value(source="broker"),
    )

    count = enrolled(database, an_enrolment(values=values))

    one_by_one = accept(SqlProfiles(database), a_register(), a_shopper_id(), values, at=NOW)
    assert count.refused == one_by_one.counted
    assert count.values == one_by_one.accepted == 1


def test_somebody_known_is_left_as_they_are(database):
    SqlShoppers(database).ensure(a_shopper_id(1), at=NOW)

    count = enrolled(database, an_enrolment(1), an_enrolment(2), an_enrolment(2))

    assert (count.shoppers, count.known_before) == (1, 2)
    assert SqlConsents(database, LEDGER).current(a_shopper_id(1), at=NOW) == ()


def test_one_who_may_not_be_enrolled_keeps_everybody_out(database):
    wrong = an_enrolment(2, decided=(a_deciding(a_decision("riding_style", "cross_sell")),))

    with pytest.raises(PurposeNotServed):
        enrolled(database, an_enrolment(1), wrong)

    assert not SqlShoppers(database).is_known(a_shopper_id(1))


def test_somebody_who_decided_nothing_is_known_and_nothing_more(database):
    count = enrolled(database, an_enrolment(decided=()))

    assert (count.shoppers, count.values, dict(count.refused)) == (1, 0, {"no_consent": 2})
    assert SqlConsents(database, LEDGER).events(a_shopper_id()) == ()


def test_of_two_values_from_one_source_the_newer_is_kept(database):
    values = tuple(an_incoming_value(value=value, collected_at=NOW - age * DAY) for value, age in ((180, 1), (170, 2)))

    enrolled(database, an_enrolment(values=values))

    view = Gate(a_register(), SqlProfiles(database)).view(a_shopper_id(), "advice_profile", NOW)
    assert view.values["height_cm"].value == 180


def test_thousands_are_written_from_an_iterator(database):
    count = enrolled(database, *map(an_enrolment, range(1_234)))

    assert (count.shoppers, count.values) == (1_234, 1_234)


def test_a_consent_that_has_ended_by_now_covers_no_value(database):
    a_month = tuple(a_purpose(each, valid_for_days=30) for each in ("advice_profile", "cross_sell"))
    long_ago = an_enrolment(decided=(a_deciding(a_decision(), at=NOW - 31 * DAY),), values=(an_incoming_value(),))

    count = enrol(SqlEnrolments(database, LEDGER), a_register(purposes=a_month), [long_ago], at=NOW)

    assert (count.values, dict(count.refused)) == (0, {"no_consent": 1})
    assert [each.outcome for each in SqlConsents(database, LEDGER).events(a_shopper_id())[0].decisions] == ["given"]


def test_each_consent_runs_from_the_moment_when_it_was_given(database):
    moments = (a_deciding(a_decision(), at=NOW - 2 * DAY), a_deciding(a_decision("riding_style"), at=NOW - DAY))

    enrolled(database, an_enrolment(decided=moments))

    grants = SqlConsents(database, LEDGER).current(a_shopper_id(), at=NOW)
    assert {each.attribute: each.given_at for each in grants} == {
        "height_cm": NOW - 2 * DAY,
        "riding_style": NOW - DAY,
    }


def test_a_consent_for_one_source_covers_no_other(database):
    only_crm = a_deciding(a_decision(source="crm"))
    values = (an_incoming_value(), an_incoming_value(source="shopper"))

    count = enrolled(database, an_enrolment(decided=(only_crm,), values=values))

    assert (count.values, dict(count.refused)) == (1, {"no_consent": 1})
    assert SqlConsents(database, LEDGER).current(a_shopper_id(), at=NOW)[0].sources == ("crm",)


def test_a_file_from_before_does_not_undo_an_erasure_and_a_later_consent_counts(database, tmp_path):
    rights = SqlRights(database, LEDGER, ErasureList(tmp_path / "erased"))
    enrolled(database, an_enrolment(1), an_enrolment(2))
    erase(rights, SECRET, a_shopper_id(1), at=NOW + DAY)
    written = SqlEnrolments(database, LEDGER)

    def again(*decided):
        erased = written.erasures()
        return enrol(
            written,
            a_register(),
            [an_enrolment(1, decided=decided)],
            at=NOW + 9 * DAY,
            erased_at=lambda each: erased.get(erasure_tag(SECRET, each)),
        )

    before = again(a_deciding(a_decision()))
    known = SqlShoppers(database).is_known(a_shopper_id(1))
    since = again(a_deciding(a_decision()), a_deciding(a_decision("riding_style"), at=NOW + 2 * DAY))

    assert (before.shoppers, before.values, before.erased_since, known) == (0, 0, 1, False)
    assert (since.shoppers, since.values, since.erased_since) == (1, 1, 0)
    assert [each.attribute for each in SqlConsents(database, LEDGER).current(a_shopper_id(1), at=NOW + 9 * DAY)] == [
        "riding_style"
    ]
