import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.privacy.consent import (
    ConsentRequest,
    DecidedTwice,
    NothingDecided,
    NoticeOutdated,
    PurposeNotServed,
    SourceNotDeclared,
    judge,
    shown,
)
from service.privacy.idempotency import once
from service.privacy.register import UnknownAttribute, UnknownNotice, UnknownPurpose
from service.privacy.settlement import GrantRow, settle
from tests.builders import DAY, NOW, a_decision, a_notice, a_notice_ref, a_register, a_shopper_id

REFUSED = [
    (a_decision("shoe_size"), UnknownAttribute),
    (a_decision("*"), UnknownAttribute),
    (a_decision(""), UnknownAttribute),
    (a_decision(purpose="*"), UnknownPurpose),
    (a_decision(purpose="newsletter"), UnknownPurpose),
    (a_decision("riding_style", "cross_sell"), PurposeNotServed),
    (a_decision("height_cm", "advice_session"), PurposeNotServed),
    (a_decision(source="broker"), SourceNotDeclared),
    (a_decision(source="*"), SourceNotDeclared),
]


@pytest.mark.parametrize(("decision", "error"), REFUSED)
def test_what_the_register_does_not_know_cannot_be_decided(decision, error):
    with pytest.raises(error) as refused:
        judge(a_register(), [a_decision("has_garage"), decision], at=NOW)

    assert refused.value.index == 1


def test_an_event_without_decisions_is_refused():
    with pytest.raises(NothingDecided):
        judge(a_register(), [], at=NOW)


@pytest.mark.parametrize(
    "decisions",
    [
        (a_decision(), a_decision(given=False)),
        (a_decision(source="crm"), a_decision()),
        (a_decision(), a_decision(source="crm")),
        (a_decision(source="crm"), a_decision(source="crm")),
    ],
)
def test_nothing_is_decided_twice(decisions):
    with pytest.raises(DecidedTwice) as refused:
        judge(a_register(), decisions, at=NOW)

    assert refused.value.index == 1


def test_two_sources_are_decided_apart():
    judged = judge(a_register(), [a_decision(source="crm"), a_decision(source="shopper", given=False)], at=NOW)

    assert [each.sources for each in judged] == [("crm",), ()]


def test_withdrawing_is_never_refused_for_what_an_attribute_may_serve():
    assert judge(a_register(), [a_decision("riding_style", "cross_sell", given=False)], at=NOW)


def test_giving_needs_the_notice_in_force_and_withdrawing_takes_any():
    register = a_register(notices=(a_notice("1"), a_notice("2")))
    gives, withdraws = [a_decision()], [a_decision(given=False)]

    assert shown(register, a_notice_ref("2"), gives) == a_notice("2").served("de")
    assert shown(register, a_notice_ref("1"), withdraws) == a_notice("1").served("de")
    assert shown(register, a_notice_ref("7"), withdraws) is None
    with pytest.raises(NoticeOutdated):
        shown(register, a_notice_ref("1"), [*gives, a_decision("riding_style", given=False)])
    with pytest.raises(UnknownNotice):
        shown(register, a_notice_ref("7"), gives)


def test_errors_tell_nothing_that_was_sent():
    for decision, error in REFUSED:
        with pytest.raises(error) as refused:
            judge(a_register(), [decision], at=NOW)
        assert not {decision.attribute, decision.source} & set(str(refused.value).split()) - {""}


def test_the_hash_of_a_request_does_not_depend_on_the_order_of_its_keys():
    assert once("k", {"a": 1, "b": 2}) == once("k", {"b": 2, "a": 1}) != once("k", {"a": 1, "b": 3})
    assert once(None, {}) is None


PAIR = st.tuples(st.sampled_from(("height_cm", "riding_style")), st.sampled_from(("advice_profile", "model_training")))
ROW = st.builds(
    lambda pair, source, until: GrantRow(*pair, source, until),
    PAIR,
    st.sampled_from(("crm", "shopper")),
    st.sampled_from((None, NOW - DAY, NOW, NOW + DAY)),
)
ROWS = st.lists(ROW, unique_by=lambda row: row.key)


@given(rows=ROWS, decisions=st.dictionaries(PAIR, st.booleans(), min_size=1))
def test_after_an_event_exactly_what_was_given_holds_of_what_was_decided(rows, decisions):
    asked = [a_decision(attribute, "advice_profile", given=given) for (attribute, _), given in decisions.items()]
    asked = list({each.attribute: each for each in asked}.values())
    request = ConsentRequest("e", a_shopper_id(), NOW, None, judge(a_register(), asked, at=NOW))

    settlement = settle(request, rows)

    gone = {row.key for row in settlement.drop} | {row.key for row in settlement.put}
    after = [row for row in rows if row.key not in gone] + list(settlement.put)
    decided = {(each.attribute, each.purpose): each.given for each in asked}
    for pair, is_given in decided.items():
        assert is_given == any((row.attribute, row.purpose) == pair for row in after)
    untouched = [row for row in rows if (row.attribute, row.purpose) not in decided]
    assert [row for row in after if (row.attribute, row.purpose) not in decided] == untouched


@pytest.mark.parametrize(
    ("decision", "error"),
    [
        (a_decision("shoe_size", given=False), UnknownAttribute),
        (a_decision(purpose="newsletter", given=False), UnknownPurpose),
    ],
)
def test_what_the_register_knows_no_longer_can_be_taken_back_and_else_is_refused(decision, error):
    judged = judge(a_register(), [a_decision("has_garage"), decision], at=NOW)
    request = ConsentRequest("e", a_shopper_id(), NOW, None, judged)
    granted = GrantRow(decision.attribute, decision.purpose, "crm", None)

    taken_back, without = settle(request, [granted]), settle(request, [])

    taken_back.refuse_undeclared()
    assert taken_back.drop == (granted,)
    with pytest.raises(error) as refused:
        without.refuse_undeclared()
    assert refused.value.index == 1


@given(rows=ROWS)
def test_withdrawing_everything_leaves_nothing_and_names_what_held(rows):
    settlement = settle(ConsentRequest("e", a_shopper_id(), NOW, None, (), everything=True), rows)

    assert set(settlement.drop) == set(rows)
    assert settlement.put == ()
    held = {(row.attribute, row.purpose) for row in rows if row.until is None or row.until > NOW}
    assert {(each.attribute, each.purpose) for each in settlement.decided} == held
    assert all(each.outcome == "withdrawn" for each in settlement.decided)
