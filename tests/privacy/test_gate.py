import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import service
from service.privacy.gate import Gate
from service.privacy.register import Register
from service.privacy.view import AdviceView, ConsentedValue, ConsentedView
from tests.builders import NOW, a_register, a_registered_attribute, a_shopper_id

EVERYTHING = ("has_garage", "height_cm", "riding_style")


class Rows:
    """Stands for the database: gives these rows, whatever is asked for."""

    def __init__(self, *rows):
        self.rows = rows
        self.asked = 0

    def read(self, subject, purpose, attributes, at):
        self.asked += 1
        return list(self.rows)


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
    changes_one = name == "replace" and any(isinstance(arg, ast.Name) and "view" in arg.id for arg in call.args)
    return changes_one or name in {"ConsentedView", "AdviceView", "CrossSellView"}
