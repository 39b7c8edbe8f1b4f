"""What a shopper may send, and that a refusal never repeats it."""

import pytest

from service.advice.advise import parse_answers
from service.advice.compiled import compile_questionnaire
from service.advice.reply import (
    BadReply,
    Between,
    Measured,
    NotSure,
    Picked,
    UnknownOption,
    UnknownQuestion,
    parse_reply,
    reply_json,
)
from tests.builders import a_catalogue, a_number_question, a_question, a_questionnaire, a_range_question

ONE = a_question("use")
MANY = a_question("use", several=True)
NUMBER = a_number_question("weight", low=5.0, high=20.0)
RANGE = a_range_question("budget")


@pytest.mark.parametrize(
    ("question", "raw", "reply"),
    [
        (ONE, "daily", Picked(("daily",))),
        (MANY, "daily", Picked(("daily",))),
        (MANY, ["racing", "daily", "racing"], Picked(("daily", "racing"))),
        (NUMBER, 8, Measured(8.0)),
        (NUMBER, 8.5, Measured(8.5)),
        (RANGE, {"from": 500, "to": 2000}, Between(500.0, 2000.0)),
        (RANGE, {"to": 2000}, Between(None, 2000.0)),
        (RANGE, {"from": 500, "to": None}, Between(500.0, None)),
        (ONE, "not_sure", NotSure()),
        (RANGE, "not_sure", NotSure()),
    ],
)
def test_a_reply_is_understood(question, raw, reply):
    assert parse_reply(question, raw) == reply


@pytest.mark.parametrize(
    ("question", "raw", "canonical"),
    [
        (ONE, "daily", "daily"),
        (MANY, "daily", ["daily"]),
        (NUMBER, 8.0, 8),
        (RANGE, {"to": 2000.0, "from": None}, {"to": 2000}),
        (NUMBER, "not_sure", "not_sure"),
    ],
)
def test_a_reply_is_repeated_in_one_form(question, raw, canonical):
    assert reply_json(parse_reply(question, raw), question) == canonical


@pytest.mark.parametrize(
    ("question", "raw"),
    [
        *[(ONE, raw) for raw in (7, True, ["daily"], {"id": "daily"}, 1.5)],
        *[(MANY, raw) for raw in ([], [7], {"daily": True}, 3)],
        *[(NUMBER, raw) for raw in ("8", True, [8], {"from": 8}, 4.9, 20.1, float("nan"), float("inf"), 10**400)],
        *[(RANGE, raw) for raw in (8, "8", [], {}, {"from": None}, {"up": 3}, {"from": "3"}, {"from": 9, "to": 8})],
        (a_question("use", not_sure=False), "not_sure"),
    ],
)
def test_a_reply_of_another_form_is_refused(question, raw):
    with pytest.raises(BadReply) as refused:
        parse_reply(question, raw)

    assert refused.value.question == question.id
    assert "daily" not in str(refused.value)


@pytest.mark.parametrize(("question", "raw"), [(ONE, "secret"), (MANY, ["daily", "secret"]), (MANY, ["not_sure"])])
def test_an_option_that_is_not_offered_is_refused_without_repeating_it(question, raw):
    with pytest.raises(UnknownOption) as refused:
        parse_reply(question, raw)

    assert "secret" not in str(refused.value)


def test_an_answer_to_an_unknown_question_is_refused_without_repeating_it():
    compiled = compile_questionnaire(a_questionnaire(), a_catalogue())

    with pytest.raises(UnknownQuestion) as refused:
        parse_answers(compiled, {"secret": "daily"})

    assert "secret" not in str(refused.value)
