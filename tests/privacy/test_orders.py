"""Which order lines may be kept and learnt from: now, and when the order happened."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.privacy.consent import ConsentEvent, Decided
from service.privacy.orders import OrderLine, Period, keep, periods
from tests.builders import DAY, NOW, a_registered_attribute, a_shopper_id


def an_event(day, *outcomes, purpose="model_training", attribute="orders"):
    decided = tuple(Decided(attribute, purpose, None, outcome) for outcome in outcomes)
    return ConsentEvent(f"event-{day}", a_shopper_id(), NOW + day * DAY, None, decided)


def told(*events, lasting=None, purpose="model_training"):
    found = periods(events, purpose, lasting)
    return [((each.start - NOW) // DAY, None if each.end is None else (each.end - NOW) // DAY) for each in found]


def test_a_consent_holds_from_its_event_until_it_is_withdrawn():
    assert told(an_event(1, "given")) == [(1, None)]
    assert told(an_event(1, "given"), an_event(5, "withdrawn")) == [(1, 5)]
    assert told(an_event(1, "given"), an_event(5, "withdrawn"), an_event(9, "given")) == [(1, 5), (9, None)]


def test_what_was_refused_or_concerns_something_else_gives_no_period():
    assert told(an_event(1, "refused"), an_event(2, "withdrawn")) == []
    assert told(an_event(1, "given", purpose="cross_sell")) == []
    assert told(an_event(1, "given", attribute="height_cm")) == []


def test_a_consent_given_again_goes_on_and_one_that_lasts_ends_by_itself():
    assert told(an_event(1, "given"), an_event(4, "given")) == [(1, 4), (4, None)]
    assert told(an_event(1, "given"), an_event(40, "given"), lasting=10 * DAY) == [(1, 11), (40, 50)]


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["given", "withdrawn", "refused"])), max_size=8))
def test_periods_hold_when_the_last_event_before_was_a_yes(drawn):
    events = sorted(dict(drawn).items())

    found = list(periods([an_event(day, outcome) for day, outcome in events], "model_training", None))

    for day in range(-1, 32):
        last = [outcome for when, outcome in events if when <= day][-1:]
        assert any(period.holds(NOW + day * DAY) for period in found) == (last == ["given"])
    assert all(one.end is not None and one.end <= other.start for one, other in pairwise(found))


def test_a_period_holds_from_its_start_up_to_its_end():
    period = Period(NOW, NOW + DAY)

    assert [period.holds(NOW + days * DAY) for days in (-1, 0, 1)] == [False, True, False]


class Written:
    """Stands for the database: keeps what it is given, but nothing of the second shopper."""

    def __init__(self):
        self.lines = []

    def add_allowed(self, lines, *, at):
        every = list(lines)
        self.lines = [line for line in every if line.shopper != a_shopper_id(2)]
        return len(self.lines), len(every) - len(self.lines)


def a_line(sku, shopper, at=NOW):
    return OrderLine("o1", 1, shopper, sku, 1.0, None, at)


@pytest.mark.parametrize(("anonymous", "kept"), [(True, ["RB-1", "RB-1"]), (False, ["RB-1"])])
def test_what_may_not_be_kept_is_counted_by_reason(anonymous, kept):
    orders = Written()
    lines = [
        a_line("RB-1", a_shopper_id(1)),
        a_line("RB-1", None),
        a_line("STRAP", a_shopper_id(1)),
        a_line("GONE", a_shopper_id(1)),
        a_line("RB-1", a_shopper_id(2)),
    ]
    reasons = {"STRAP": "sensitive", "GONE": "not_in_catalogue"}

    told = keep(orders, lines, at=NOW, anonymous=anonymous, unsuitable=reasons.get)

    assert [line.sku for line in orders.lines] == kept
    assert told.new == len(kept)
    assert told.left_out == {"sensitive": 1, "not_in_catalogue": 1, "no_consent": 1} | (
        {} if anonymous else {"anonymous": 1}
    )


def test_no_order_past_its_retention_is_kept():
    declared = a_registered_attribute("orders", kind="behaviour", retention_days=30)
    lines = [a_line("RB-1", a_shopper_id(1), at=NOW - 30 * DAY + age) for age in (timedelta(0), timedelta.resolution)]

    told = keep(orders := Written(), lines, at=NOW, anonymous=True, unsuitable={}.get, declared=declared)

    assert orders.lines == lines[1:]
    assert told.left_out == {"too_old": 1}
