"""Which of several sources' values counts, on each engine: what is told is what the gate uses."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import delete, text

from service.privacy.consent import record_event
from service.privacy.erasure_list import ErasureList
from service.privacy.gate import Gate
from service.privacy.golden_record import Conflict, golden_record, served
from service.privacy.rights import HeldValue
from service.storage.columns import micros
from service.storage.consents import SqlConsents
from service.storage.profiles import SqlProfiles
from service.storage.rights import SqlRights
from service.storage.shoppers import SqlShoppers
from service.storage.tables import consent_grant, profile_value
from tests.builders import (
    LEDGER,
    NOW,
    a_decision,
    a_notice_ref,
    a_purpose,
    a_register,
    a_registered_attribute,
    a_shopper_id,
)
from tests.theorem import cells

DRAWS = 150
ME = a_shopper_id()
READ = ("advice_profile", "cross_sell")
REGISTER = a_register(
    attributes=[
        a_registered_attribute(
            name,
            kind=kind,
            purposes=(*(each for each in READ if name in cells.SERVES[each]), "profile_merge"),
            sources=cells.SOURCES[name],
            retention_days=cells.RETENTION[name].days if name in cells.RETENTION else None,
        )
        for name, kind in cells.KINDS.items()
    ],
    purposes=[a_purpose(each) for each in (*READ, "profile_merge")],
)


class Profile:
    """What is stored of me, written as it is; what is told of it, and what the gate uses."""

    def __init__(self, database, folder):
        self.database = database
        self.gate = Gate(REGISTER, SqlProfiles(database))
        self.rights = SqlRights(database, LEDGER, ErasureList(folder / "erased.jsonl"))
        SqlShoppers(database).ensure(ME, at=NOW)
        decided = record_event(SqlConsents(database, LEDGER), REGISTER, ME, a_notice_ref(), [a_decision()], at=NOW)
        self.event = decided.event.id

    def holds(self, *, grants, values):
        with self.database.writing() as connection:
            for table, rows in ((consent_grant, grants), (profile_value, values)):
                connection.execute(delete(table))
                for row in rows:
                    places = ", ".join(f":{name}" for name in row)
                    connection.execute(text(f"INSERT INTO {table.name} ({', '.join(row)}) VALUES ({places})"), row)

    def told(self):
        return golden_record(REGISTER, self.rights.held(ME, at=NOW), at=NOW)

    def used(self):
        return {
            (value.attribute, purpose, value.source)
            for purpose in READ
            for value in self.gate.view(ME, purpose, NOW).values.values()
        }

    def grant(self, attribute, purpose, source):
        return {
            "shopper_id": ME,
            "purpose": purpose,
            "attribute": attribute,
            "source": source,
            "given_at": micros(NOW),
            "until": None,
            "event_id": self.event,
        }


def a_value(source, value, attribute="height_cm", collected_at=NOW):
    return {
        "shopper_id": ME,
        "attribute": attribute,
        "source": source,
        "value": value,
        "source_ref": "17",
        "collected_at": micros(collected_at),
        "stored_at": micros(NOW),
    }


@pytest.fixture
def profile(database, tmp_path):
    return Profile(database, tmp_path)


def drawn(rng, profile):
    grants = [cells.grant(rng, ME, key, profile.event) for key in cells.grant_keys(rng)]
    values = [cells.value(rng, ME, *key) for key in cells.value_keys(rng)]
    return {
        "grants": {tuple(row.values())[:4]: row for row in grants if row}.values(),
        "values": [row for row in values if row and "\0" not in row["value"]],  # which PostgreSQL does not take
    }


def test_what_is_told_to_count_is_what_the_gate_uses(profile):
    counting = 0
    for number in range(DRAWS):
        profile.holds(**drawn(Random(number), profile))

        told = profile.told()

        counts = {(*place, purpose) for place, purposes in told.counting.items() for purpose in purposes}
        assert {(attribute, purpose, source) for attribute, source, purpose in counts} == profile.used(), number
        counting += len(counts)
    assert counting > DRAWS  # most of them have something to tell


@pytest.mark.parametrize(
    ("mine", "crm", "differ"),
    [("180", "178", ("crm",)), ("178", "178.0", ()), ("178", None, ()), ("180", '"tall"', ("crm",))],
)
def test_a_source_that_says_something_else_is_in_conflict_with_the_one_that_counts(profile, mine, crm, differ):
    grants = [profile.grant("height_cm", "advice_profile", source) for source in ("shopper", "crm")]
    values = [a_value("shopper", mine), *([a_value("crm", crm)] if crm else [])]
    profile.holds(grants=grants, values=values)

    told = profile.told()

    assert told.counting == {("height_cm", "shopper"): ("advice_profile",)}
    assert told.conflicts == ((Conflict("height_cm", "advice_profile", "shopper", differ),) if differ else ())


def test_which_one_counts_depends_on_what_each_purpose_may_use(profile):
    grants = [
        profile.grant("height_cm", *key)
        for key in (("advice_profile", "crm"), ("cross_sell", "shopper"), ("profile_merge", "crm"))
    ]
    profile.holds(grants=grants, values=[a_value("shopper", "180"), a_value("crm", "178")])

    told = profile.told()

    assert told.counting == {("height_cm", "crm"): ("advice_profile",), ("height_cm", "shopper"): ("cross_sell",)}
    assert told.conflicts == (
        Conflict("height_cm", "advice_profile", "crm", ("shopper",)),
        Conflict("height_cm", "cross_sell", "shopper", ("crm",)),
    )


def test_a_value_that_is_too_old_counts_no_more(profile):
    grants = [profile.grant("height_cm", "advice_profile", source) for source in ("shopper", "crm")]
    old = a_value("shopper", "180", collected_at=NOW - cells.RETENTION["height_cm"])
    profile.holds(grants=grants, values=[old, a_value("crm", "178")])

    told = profile.told()

    assert told.counting == {("height_cm", "crm"): ("advice_profile",)}


@pytest.mark.parametrize(
    ("attribute", "age", "purposes"),
    [
        ("height_cm", timedelta(0), ("advice_profile",)),
        ("height_cm", cells.RETENTION["height_cm"], ()),
        ("shoe_size", timedelta(0), ()),
    ],
)
def test_a_value_serves_what_is_granted_and_declared_until_its_retention_ends(attribute, age, purposes):
    granted = ("advice_profile", "newsletter")
    value = HeldValue(attribute, 178, "crm", "17", NOW - age, NOW, granted, None, None)

    assert served(REGISTER, value, at=NOW) == purposes
