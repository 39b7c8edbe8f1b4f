from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.privacy.consent import record_event, withdraw_everything
from service.privacy.gate import Gate
from service.privacy.profile import accept
from service.privacy.view import ConsentedValue
from service.storage.consents import SqlConsents
from service.storage.profiles import SqlProfiles
from service.storage.shoppers import SqlShoppers
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
    an_incoming_value,
)

ME = a_shopper_id()
STRANGER = a_shopper_id(2)


class Shop:
    """A shopper's decisions, deliveries and views over a real database."""

    def __init__(self, database, register=None):
        self.register = register or a_register()
        self.database = database
        self.profiles = SqlProfiles(database)
        SqlShoppers(database).ensure(ME, at=NOW)
        SqlShoppers(database).ensure(STRANGER, at=NOW)

    def decide(self, *decisions, at=NOW, subject=ME):
        record_event(SqlConsents(self.database, LEDGER), self.register, subject, a_notice_ref(), decisions, at=at)

    def deliver(self, *values, at=NOW, subject=ME):
        return accept(self.profiles, self.register, subject, values, at=at)

    def view(self, purpose="advice_profile", at=NOW, subject=ME, register=None):
        return Gate(register or self.register, self.profiles, on_failure=_fail).view(subject, purpose, at)

    def write(self, sql):
        with self.database.writing() as connection:
            connection.exec_driver_sql(sql)


def _fail(failure):
    raise failure


@pytest.fixture
def shop(database):
    return Shop(database)


def test_a_consented_value_reaches_the_view_of_its_purpose(shop):
    shop.decide(a_decision())

    shop.deliver(an_incoming_value(value=178))

    view = shop.view()
    assert dict(view.values) == {"height_cm": ConsentedValue("height_cm", 178, "crm")}
    assert view.withheld == ("has_garage", "riding_style")


def test_it_does_not_reach_the_view_of_another_purpose(shop):
    shop.decide(a_decision())
    shop.deliver(an_incoming_value())

    view = shop.view("cross_sell")

    assert not view.values
    assert view.withheld == ("height_cm",)


def test_it_does_not_reach_the_view_of_another_shopper(shop):
    shop.decide(a_decision())
    shop.deliver(an_incoming_value())

    assert shop.view(subject=STRANGER) == shop.view(subject=None)


def test_a_consent_shows_nothing_that_is_known_of_somebody_else(shop):
    for subject in (ME, STRANGER):
        shop.decide(a_decision(), subject=subject)

    shop.deliver(an_incoming_value(), subject=STRANGER)

    assert not shop.view(subject=ME).values
    assert shop.view(subject=STRANGER).values


def test_a_consent_lets_nothing_be_stored_of_somebody_else(shop):
    shop.decide(a_decision())

    taken = shop.deliver(an_incoming_value(), subject=STRANGER)

    assert taken.accepted == 0


def test_what_the_register_does_not_declare_for_the_purpose_does_not_even_leave_the_database(shop):
    shop.decide(a_decision("height_cm"), a_decision("riding_style"))
    shop.deliver(an_incoming_value(), an_incoming_value(source="shopper"), an_incoming_value("riding_style", "sporty"))

    narrower = (a_registered_attribute("height_cm", sources=("shopper",)),)

    rows = shop.profiles.read(ME, "advice_profile", narrower, NOW)
    assert [tuple(row) for row in rows.released] == [("height_cm", "shopper", "178")]
    assert list(shop.profiles.read(ME, "advice_profile", (), NOW).released) == []


def test_each_type_comes_back_as_it_was_delivered(shop):
    shop.decide(a_decision("height_cm"), a_decision("riding_style"), a_decision("has_garage"))

    shop.deliver(
        an_incoming_value("height_cm", 178.5),
        an_incoming_value("riding_style", 'sporty "ä" 🚲'),
        an_incoming_value("has_garage", value=False, source="shopper"),
    )

    values = {name: value.value for name, value in shop.view().values.items()}
    assert values == {"height_cm": 178.5, "riding_style": 'sporty "ä" 🚲', "has_garage": False}


def test_of_several_sources_the_first_in_the_register_is_used(shop):
    shop.decide(a_decision("height_cm"), a_decision("riding_style"))

    for source, height, style in [("crm", 170, "from crm"), ("shopper", 180, "from shopper")]:
        shop.deliver(
            an_incoming_value("height_cm", height, source=source),
            an_incoming_value("riding_style", style, source=source),
        )

    values = {name: value.value for name, value in shop.view().values.items()}
    assert values == {"height_cm": 180, "riding_style": "from crm"}


def test_a_source_that_is_declared_after_the_consent_is_not_covered_by_it(shop):
    shop.decide(a_decision())
    more = a_registered_attribute(purposes=("advice_profile",), sources=("broker", "shopper", "crm"))
    shop.register = a_register(attributes=(more,))

    delivery = shop.deliver(an_incoming_value(source="broker"), an_incoming_value(source="crm"))

    assert [(refused.index, refused.reason) for refused in delivery.refused] == [(0, "no_consent")]
    assert shop.view().values["height_cm"].source == "crm"


def test_a_source_that_the_register_dropped_is_not_used_any_more(shop):
    shop.decide(a_decision())
    shop.deliver(an_incoming_value(source="crm"))

    view = shop.view(register=a_register(attributes=(a_registered_attribute(sources=("shopper",)),)))

    assert not view.values


def test_a_purpose_that_the_register_took_from_an_attribute_does_not_see_it_any_more(shop):
    shop.decide(a_decision())
    shop.deliver(an_incoming_value())

    view = shop.view(register=a_register(attributes=(a_registered_attribute(purposes=("cross_sell",)),)))

    assert (dict(view.values), view.withheld) == ({}, ())


def test_an_expired_grant_hides_the_value_and_counts_as_none(database):
    shop = Shop(database, a_register(purposes=(a_purpose(valid_for_days=30),)))
    shop.decide(a_decision())
    shop.deliver(an_incoming_value())

    before, after = shop.view(at=NOW + 29 * DAY), shop.view(at=NOW + 30 * DAY)

    assert "height_cm" in before.values
    assert after == shop.view(subject=None)


def test_a_grant_of_the_future_shows_nothing_yet(shop):
    shop.decide(a_decision(), at=NOW + DAY)
    shop.deliver(an_incoming_value(), at=NOW + DAY)

    assert shop.view(at=NOW) == shop.view(subject=None)


def test_a_value_older_than_its_retention_is_not_used(database):
    attribute = a_registered_attribute(purposes=("advice_profile",), retention_days=10)
    shop = Shop(database, a_register(attributes=(attribute,)))
    shop.decide(a_decision())
    shop.deliver(an_incoming_value(collected_at=NOW))

    assert shop.view(at=NOW + 9 * DAY).values
    assert not shop.view(at=NOW + 10 * DAY).values
    assert shop.view(at=NOW + 10 * DAY).withheld == ()


@pytest.mark.parametrize("stored", ["", "{", '"tall"', "true", "null", "[178]", "1e999", "NaN", "{}"])
def test_a_malformed_stored_value_counts_as_none_and_tells_nothing(shop, stored):
    shop.decide(a_decision())
    absent = shop.view()
    shop.deliver(an_incoming_value())

    shop.write(f"UPDATE profile_value SET value = '{stored}'")

    assert shop.view() == absent


def test_a_malformed_value_of_one_source_gives_way_to_the_next(shop):
    shop.decide(a_decision())
    shop.deliver(an_incoming_value(source="shopper"), an_incoming_value(value=170, source="crm"))

    shop.write("UPDATE profile_value SET value = 'x' WHERE source = 'shopper'")

    assert shop.view().values["height_cm"].value == 170


def test_what_is_withheld_does_not_depend_on_whether_a_value_exists(shop):
    shop.decide(a_decision())
    without = shop.view()

    shop.deliver(an_incoming_value())

    assert shop.view().withheld == without.withheld


def test_a_guest_and_somebody_who_refused_everything_get_equal_views(shop):
    everything = [a_decision(name, given=False) for name in ("height_cm", "riding_style", "has_garage")]

    shop.decide(*everything)

    assert shop.view() == shop.view(subject=None) == shop.view(subject=a_shopper_id(99))


def test_withdrawing_acts_on_the_next_view(shop):
    shop.decide(a_decision())
    shop.deliver(an_incoming_value())

    withdraw_everything(SqlConsents(shop.database, LEDGER), ME, at=NOW)

    assert shop.view() == shop.view(subject=None)


def test_a_value_is_stored_only_under_a_grant(shop):
    delivery = shop.deliver(an_incoming_value())

    assert (delivery.accepted, dict(delivery.counted)) == (0, {"no_consent": 1})
    shop.decide(a_decision())
    assert not shop.view().values


def test_a_value_for_somebody_unknown_is_refused_as_for_somebody_without_consent(shop):
    known, unknown = (shop.deliver(an_incoming_value(), subject=subject) for subject in (ME, a_shopper_id(99)))

    assert known == unknown


def test_a_newer_value_replaces_an_older_one_and_not_the_other_way_round(shop):
    shop.decide(a_decision())
    shop.deliver(an_incoming_value(value=170, collected_at=NOW - 2 * DAY))
    shop.deliver(an_incoming_value(value=180, collected_at=NOW - DAY))

    late = shop.deliver(an_incoming_value(value=160, collected_at=NOW - 3 * DAY))

    assert shop.view().values["height_cm"].value == 180
    assert late.accepted == 1


def test_accepting_does_not_tell_whether_a_value_was_there(shop):
    shop.decide(a_decision())

    first, again = shop.deliver(an_incoming_value()), shop.deliver(an_incoming_value(value=190))

    assert first == again


ATTRIBUTES = ("height_cm", "riding_style", "has_garage")
PURPOSES = ("advice_profile", "cross_sell")
PAIRS = tuple(product(ATTRIBUTES, PURPOSES))
STORED = st.sampled_from(["178", '"sporty"', "true", "x", '"x"', "null", "-1"])
PROFILE = st.dictionaries(st.tuples(st.sampled_from(ATTRIBUTES), st.sampled_from(("crm", "shopper"))), STORED)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(granted=st.sets(st.sampled_from(PAIRS)), here=PROFILE, there=PROFILE, purpose=st.sampled_from(PURPOSES))
def test_two_profiles_that_agree_on_what_is_consented_give_equal_views(database, granted, here, there, purpose):
    """The consent theorem at the gate: unconsented values, absent and malformed ones included, change nothing."""
    attributes = tuple(
        a_registered_attribute(name, kind=kind, purposes=PURPOSES)
        for name, kind in zip(ATTRIBUTES, ("number", "text", "boolean"), strict=True)
    )
    register = a_register(attributes=attributes)
    with database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM consent_grant")
        connection.exec_driver_sql("DELETE FROM shopper")
    shop = Shop(database, register)
    agreed = {key: value for key, value in here.items() if (key[0], purpose) in granted}
    elsewhere = {key: value for key, value in there.items() if (key[0], purpose) not in granted}
    decisions = [a_decision(attribute, each) for attribute, each in granted]

    for subject, profile in ((ME, here), (STRANGER, elsewhere | agreed)):
        if decisions:
            shop.decide(*decisions, subject=subject)
        for (attribute, source), value in profile.items():
            shop.write(
                "INSERT INTO profile_value (shopper_id, attribute, source, value, source_ref, collected_at, stored_at) "
                f"VALUES ('{subject}', '{attribute}', '{source}', '{value}', 'r', 0, 0)"
            )

    assert shop.view(purpose) == shop.view(purpose, subject=STRANGER)
