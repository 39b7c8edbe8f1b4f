from datetime import timedelta

import pytest

from service.privacy.profile import accept
from tests.builders import DAY, NOW, a_register, a_registered_attribute, a_shopper_id, an_incoming_value

REFUSED = [
    (an_incoming_value("shoe_size", 43), "unknown_attribute"),
    (an_incoming_value("orders", "x"), "not_a_value"),
    (an_incoming_value(source="broker"), "source_not_allowed"),
    (an_incoming_value(value="178"), "wrong_type"),
    (an_incoming_value(value=float("nan")), "wrong_type"),
    (an_incoming_value(value={"cm": 178}), "wrong_type"),
    (an_incoming_value(source_ref=""), "no_provenance"),
    (an_incoming_value(source_ref="\0"), "no_provenance"),
    (an_incoming_value(source_ref=" "), "no_provenance"),
    (an_incoming_value(source_ref="x" * 201), "no_provenance"),
    (an_incoming_value(collected_at=NOW + DAY), "not_yet"),
]


class Covered:
    """Stands for the database: a grant covers these attributes."""

    def __init__(self, *attributes):
        self.attributes = attributes
        self.offered = []

    def store(self, subject, values, *, at, purpose=None):
        self.offered.extend(values)
        return tuple(value.attribute in self.attributes for value in values)


@pytest.mark.parametrize(("value", "reason"), REFUSED)
def test_what_the_register_refuses_never_reaches_the_database(value, reason):
    profiles = Covered("height_cm", "orders", "shoe_size")

    acceptance = accept(profiles, a_register(), a_shopper_id(), [value], at=NOW)

    assert [refused.reason for refused in acceptance.refused] == [reason]
    assert profiles.offered == []


def test_each_refused_value_is_named_by_its_place_and_counted():
    values = [an_incoming_value("shoe_size", 43), an_incoming_value(), an_incoming_value("riding_style", "x")]

    acceptance = accept(Covered("height_cm"), a_register(), a_shopper_id(), values, at=NOW)

    assert acceptance.accepted == 1
    assert [(each.index, each.reason) for each in acceptance.refused] == [(0, "unknown_attribute"), (2, "no_consent")]
    assert dict(acceptance.counted) == {"unknown_attribute": 1, "no_consent": 1}


@pytest.mark.parametrize(("age", "refused"), [(10 * DAY, ["too_old"]), (10 * DAY - timedelta.resolution, [])])
def test_what_would_be_deleted_by_its_retention_is_not_taken_in(age, refused):
    register = a_register(attributes=(a_registered_attribute(retention_days=10),))
    value = an_incoming_value(collected_at=NOW - age)

    acceptance = accept(Covered("height_cm"), register, a_shopper_id(), [value], at=NOW)

    assert [each.reason for each in acceptance.refused] == refused


def test_clocks_may_differ_a_little():
    value = an_incoming_value(collected_at=NOW + timedelta(minutes=4))

    assert accept(Covered("height_cm"), a_register(), a_shopper_id(), [value], at=NOW).accepted == 1
