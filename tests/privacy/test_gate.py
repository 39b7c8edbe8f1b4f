import ast
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import service
from service.privacy.gate import Gate, Reading
from service.privacy.register import Register
from service.privacy.view import AdviceView, ConsentedValue, ConsentedView, Purchase
from tests.builders import DAY, NOW, a_purpose, a_register, a_registered_attribute, a_shopper_id

EVERYTHING = ("has_garage", "height_cm", "riding_style")


class Rows:
    """Stands for the database: gives these rows, whatever is asked for."""

    def __init__(self, *rows):
        self.rows = rows
        self.asked = 0

    def read(self, subject, purpose, attributes, at):
        self.asked += 1
        return Reading(list(self.rows))


class Failing:
    def __init__(self, failure):
        self.failure = failure

    def read(self, subject, purpose, attributes, at):
        raise self.failure


def view(*rows, purpose="advice_profile", subject=None, register=None):
    return Gate(register or a_register(), Rows(*rows)).view(subject or a_shopper_id(), purpose, NOW)


def test_a_guest_is_shown_nothing_and_the_database_is_not_asked():
    rows = Rows(("height_cm", "crm", "178"))

    shown = Gate(a_register(), rows).view(None, "advice_profile", NOW)

    assert shown == ConsentedView.nothing("advice_profile", EVERYTHING)
    assert rows.asked == 0


@pytest.mark.parametrize("purpose", ["advice_session", "profile_merge", "unheard_of", "*", ""])
def test_a_purpose_that_is_unknown_or_reads_no_profile_is_shown_nothing(purpose):
    rows = Rows(("height_cm", "crm", "178"))

    shown = Gate(a_register(), rows).view(a_shopper_id(), purpose, NOW)

    assert shown == ConsentedView.nothing(purpose)
    assert rows.asked == 0


@pytest.mark.parametrize("failure", [RuntimeError("canary"), KeyError("x"), OSError(), TimeoutError(), ValueError()])
def test_whatever_fails_the_view_is_that_of_a_guest_and_the_failure_is_reported(failure):
    heard = []
    gate = Gate(a_register(), Failing(failure), on_failure=heard.append)

    shown = gate.view(a_shopper_id(), "advice_profile", NOW)

    assert shown == gate.view(None, "advice_profile", NOW)
    assert heard == [failure]


def test_rows_that_make_no_sense_are_a_failure_like_any_other():
    assert view(("height_cm",)) == view()


def test_an_attribute_that_is_not_declared_for_the_purpose_is_not_shown():
    shown = view(("shoe_size", "crm", "43"), ("riding_style", "crm", '"sporty"'), purpose="cross_sell")

    assert not shown.values
    assert shown.withheld == ("height_cm",)


def test_a_source_that_is_not_declared_is_not_shown_and_grants_nothing():
    assert view(("height_cm", "broker", "178")) == view()


def test_a_grant_without_a_value_is_not_withheld():
    assert view(("height_cm", "crm", None)).withheld == ("has_garage", "riding_style")


def test_a_broken_register_shows_nothing():
    assert view(("height_cm", "crm", "178"), register=Register.empty()) == ConsentedView.nothing("advice_profile")


STORED = st.one_of(
    st.none(), st.sampled_from(["178", "1e3", '"x"', "true", "null", "[1]", "{", "", "NaN"]), st.text(max_size=8)
)


@given(height=STORED, style=STORED, garage=STORED)
def test_whatever_is_stored_a_view_holds_values_of_the_declared_kind_and_the_same_is_withheld(height, style, garage):
    shown = view(("height_cm", "crm", height), ("riding_style", "crm", style), ("has_garage", "shopper", garage))

    assert shown.withheld == ()
    for name, value in shown.values.items():
        assert a_register().attributes[name].accepts(value.value)
        assert name == value.attribute


@given(st.permutations([("a", "1"), ("b", "2"), ("c", "bad"), ("d", None)]), st.permutations("abcd"))
def test_the_first_declared_source_with_a_good_value_wins_in_whatever_order_rows_come(rows, sources):
    register = a_register(attributes=(a_registered_attribute(sources=tuple(sources)),))

    shown = view(*(("height_cm", source, stored) for source, stored in rows), register=register)

    first = min("ab", key=sources.index)
    assert shown.values["height_cm"] == ConsentedValue("height_cm", {"a": 1, "b": 2}[first], first)


def test_a_view_cannot_be_changed():
    values = {"height_cm": ConsentedValue("height_cm", 178, "crm")}
    shown: AdviceView = ConsentedView("advice_profile", values, ())

    values.clear()
    with pytest.raises(TypeError):
        shown.values["height_cm"] = None
    with pytest.raises(AttributeError):
        shown.withheld = ("x",)

    assert shown.values["height_cm"].value == 178


def test_only_the_gate_makes_a_view_that_can_hold_values():
    makers = set()
    for path in Path(service.__file__).parent.rglob("*.py"):
        calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
        makers |= {path.name for call in calls if _makes_a_view(call)}

    assert makers == {"gate.py"}


def _makes_a_view(call):
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    changes_one = name == "replace" and {"values", "purchases", "withheld"} & {word.arg for word in call.keywords}
    return bool(changes_one) or name in {"ConsentedView", "AdviceView", "CrossSellView"}


class Bought:
    """Stands for the orders: gives these purchases, or no grant at all."""

    def __init__(self, purchases, failure=None):
        self.given, self.failure, self.asked = purchases, failure, []

    def purchases(self, subject, purpose, at, *, since, captured):
        self.asked.append((purpose, since, captured))
        if self.failure:
            raise self.failure
        return self.given


BUYS = a_registered_attribute(
    "orders", kind="behaviour", purposes=("cross_sell",), sources=("shop",), retention_days=10
)
HEIGHT = a_registered_attribute("height_cm", purposes=("advice_profile", "cross_sell"))


def orders_view(bought, *rows, purpose="cross_sell", subject=None, heard=None):
    register = a_register(attributes=(HEIGHT, BUYS))
    failed = (heard if heard is not None else []).append
    gate = Gate(register, Rows(*rows), purchases=bought, on_failure=failed)
    return gate.view(subject or a_shopper_id(), purpose, NOW)


def test_purchases_are_shown_to_the_purpose_that_may_read_them_and_no_older_than_declared():
    bought = Bought((Purchase("RB-1", NOW),))

    shown = orders_view(bought, ("height_cm", "crm", "178"))

    assert shown.purchases == (Purchase("RB-1", NOW),)
    assert shown.withheld == ()
    assert bought.asked == [("cross_sell", NOW - 10 * DAY, False)]
    assert orders_view(bought, purpose="advice_profile").purchases == ()
    assert len(bought.asked) == 1


def test_captured_purchases_are_asked_for_only_where_the_register_foresees_to_capture_them():
    bought, captures = Bought(()), replace(BUYS, purposes=("behaviour_capture", "cross_sell"))

    for attribute in (BUYS, captures):
        register = a_register(attributes=(attribute,), purposes=[a_purpose(name) for name in captures.purposes])
        Gate(register, Rows(), purchases=bought).view(a_shopper_id(), "cross_sell", NOW)

    assert [captured for *_, captured in bought.asked] == [False, True]


def test_without_a_grant_orders_are_named_as_withheld_and_whether_there_are_any_is_not_told():
    assert orders_view(Bought(None)) == ConsentedView.nothing("cross_sell", ("height_cm", "orders"))


def test_a_guest_is_shown_no_purchases_and_orders_are_withheld():
    bought = Bought((Purchase("RB-1", NOW),))

    shown = Gate(a_register(attributes=(HEIGHT, BUYS)), Rows(), purchases=bought).view(None, "cross_sell", NOW)

    assert shown == ConsentedView.nothing("cross_sell", ("height_cm", "orders"))
    assert bought.asked == []


def test_if_purchases_cannot_be_read_nothing_is_shown_at_all():
    failure, heard = RuntimeError("canary"), []

    shown = orders_view(Bought(None, failure), ("height_cm", "crm", "178"), heard=heard)

    assert shown == ConsentedView.nothing("cross_sell", ("height_cm", "orders"))
    assert heard == [failure]
