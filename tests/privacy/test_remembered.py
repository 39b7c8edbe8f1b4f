"""What a worker remembers of views: never across gates, purposes, subjects, states or times, and not for long."""

import pytest

from service.privacy.gate import Gate, Reading
from service.privacy.remembered import UNUSED_SECONDS, RememberedViews
from service.privacy.subject import Marked
from service.privacy.view import Purchase
from tests.builders import DAY, NOW, a_register, a_registered_attribute, a_shopper_id

ME, OTHER = a_shopper_id(1), a_shopper_id(2)
SERVES_BOTH = a_register(attributes=(a_registered_attribute(purposes=("advice_profile", "cross_sell")),))


class Values:
    """Stands for the database: says of every reading which one it is."""

    def __init__(self, mark="m", until=None):
        self.mark, self.until, self.read_so_far = mark, until, 0

    def read(self, subject, purpose, attributes, at):
        self.read_so_far += 1
        return Reading((("height_cm", "crm", str(100 + self.read_so_far)),), self.mark, self.until)


class Seconds:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def asked(gate, subject=ME, mark="m", purpose="advice_profile", at=NOW):
    return gate.view(Marked(subject, mark), purpose, at).values["height_cm"].value


def a_gate(values, remembered=None, register=SERVES_BOTH, **more):
    return Gate(register, values, remembered=RememberedViews() if remembered is None else remembered, **more)


def test_the_same_question_in_the_same_state_is_read_once_and_its_use_noted_each_time():
    heard = []
    gate = a_gate(Values(), on_release=lambda *told: heard.append(told))

    seen = [asked(gate, at=NOW + number * DAY) for number in range(3)]

    assert seen == [101, 101, 101]
    assert [(who, at) for who, _, at in heard] == [(ME, NOW), (ME, NOW + DAY), (ME, NOW + 2 * DAY)]


def test_another_subject_purpose_or_gate_is_read_anew_even_under_the_same_mark():
    remembered, values = RememberedViews(), Values()
    gate, after_a_reload = (a_gate(values, remembered) for _ in range(2))

    assert asked(gate) == 101
    assert asked(gate, subject=OTHER) == 102
    assert asked(gate, purpose="cross_sell") == 103
    assert asked(after_a_reload) == 104
    assert [asked(gate), asked(gate, subject=OTHER), asked(gate, purpose="cross_sell")] == [101, 102, 103]


@pytest.mark.parametrize("mark", ["n", None])
def test_another_mark_or_none_is_read_anew(mark):
    gate = a_gate(Values())
    asked(gate)

    assert asked(gate, mark=mark) == 102


def test_a_view_is_remembered_under_the_mark_that_it_was_read_with_and_not_the_one_that_was_asked_with():
    gate = a_gate(Values(mark="after"))

    assert asked(gate, mark="before") == 101
    assert asked(gate, mark="before") == 102
    assert asked(gate, mark="after") == 102


@pytest.mark.parametrize(
    ("at", "again"),
    [(NOW, 101), (NOW + DAY / 2, 101), (NOW + DAY, 102), (NOW + 2 * DAY, 102), (NOW - DAY / 2, 102)],
)
def test_it_serves_from_when_it_was_read_to_just_before_it_changes(at, again):
    gate = a_gate(Values(until=NOW + DAY))
    asked(gate)

    assert asked(gate, at=at) == again


def test_a_state_without_a_mark_is_not_remembered():
    remembered = RememberedViews()
    gate = a_gate(Values(mark=None), remembered)

    asked(gate)

    assert len(remembered) == 0


def test_what_is_not_used_leaves_the_memory_and_what_is_used_stays():
    seconds = Seconds()
    remembered = RememberedViews(seconds=seconds)
    gate = a_gate(Values(), remembered)
    asked(gate, OTHER)
    asked(gate, ME)

    seconds.now = UNUSED_SECONDS / 2
    asked(gate, OTHER)
    seconds.now = UNUSED_SECONDS + 1
    remembered.forget_unused()

    assert len(remembered) == 1
    assert asked(gate, OTHER) == 101


def test_there_are_never_more_than_the_bound_and_the_latest_used_are_kept():
    remembered = RememberedViews(most=2)
    gate = a_gate(Values(), remembered)
    for subject in (ME, OTHER, ME, a_shopper_id(3)):
        asked(gate, subject)

    assert len(remembered) == 2
    assert asked(gate, ME) == 101


def test_past_orders_are_read_at_every_request():
    class Purchases:
        told = 0

        def purchases(self, subject, purpose, at, *, since, captured):
            self.told += 1
            return (Purchase(f"RB-{self.told}", NOW),)

    orders = a_registered_attribute("orders", kind="behaviour", purposes=("cross_sell",), sources=("shop",))
    height = a_registered_attribute(purposes=("cross_sell",))
    gate = a_gate(Values(), register=a_register(attributes=(height, orders)), purchases=Purchases())

    first, second = (gate.view(Marked(ME, "m"), "cross_sell", NOW) for _ in range(2))

    assert first.values == second.values
    assert [first.purchases[0].sku, second.purchases[0].sku] == ["RB-1", "RB-2"]
