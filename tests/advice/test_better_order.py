"""A better fixed order is proposed where there is one, and it can be asked in."""

from dataclasses import replace

import pytest
from hypothesis import given

from service.advice.better_order import better_order
from service.advice.compiled import compile_questionnaire
from service.advice.conditions import Is, mentions
from service.advice.questionnaire import Group
from tests.advice.test_against_brute_force import THOROUGH
from tests.advice.worlds import cases
from tests.builders import (
    SOMEWHERE,
    a_catalogue,
    a_product,
    a_question,
    a_questionnaire,
    a_range_question,
    a_word,
    an_option,
)

BIKES = a_catalogue(
    *(
        a_product(
            f"B{number:02}",
            price=100.0 + number,
            weight_kg=float(number % 8),
            frame="carbon" if number < 2 else "steel",
            use=("daily" if number % 2 else "racing",),
        )
        for number in range(40)
    )
)
FRAME = a_question("frame", an_option("carbon", frame="carbon"), an_option("steel", frame="steel"))
USE = a_question("use")
WEIGHT = a_question("weight", *(an_option(f"w{each}", weight_kg=(float(each), float(each))) for each in range(8)))


def proposed(*questions, **changed):
    questionnaire = a_questionnaire(*questions, show_at_most=5, **changed)
    found = better_order(compile_questionnaire(questionnaire, BIKES))
    return found and found.order


def test_what_narrows_most_is_proposed_first():
    assert proposed(FRAME, USE, WEIGHT)[0] == "weight"


def test_a_good_order_is_left_as_it_is():
    assert proposed(WEIGHT, FRAME, USE) is None


def test_the_proposal_says_what_it_saves():
    found = better_order(compile_questionnaire(a_questionnaire(FRAME, USE, WEIGHT, show_at_most=5), BIKES))

    assert found.takes < found.as_written <= 3


def test_nobody_is_moved_before_the_question_that_its_condition_tests():
    later = replace(WEIGHT, only_if=Is(a_word("use"), a_word("daily")))
    others = [replace(FRAME, id=f"frame{each}") for each in range(4)]

    order = proposed(*others, USE, later)

    assert order[:2] == ("use", "weight")


def test_preferences_keep_their_places():
    assert proposed(replace(USE, effect="prefer"), FRAME, WEIGHT) == ("use", "weight", "frame")


@pytest.mark.parametrize("order", ["as_written", "adaptive"])
def test_questions_stay_in_their_group(order):
    group = Group("first", order, ("frame", "use"), SOMEWHERE)

    found = proposed(FRAME, USE, WEIGHT, a_range_question(), groups=(group,))

    assert found is None or set(found[:2]) == {"frame", "use"}


def test_nothing_is_proposed_where_the_order_is_adaptive():
    assert proposed(FRAME, USE, WEIGHT, order="adaptive") is None


@THOROUGH
@given(case=cases())
def test_a_proposal_asks_the_same_questions_in_an_order_that_can_be_asked(case):
    found = better_order(case.compiled())
    if found is None:
        return

    by_id = {question.id: question for question in case.questionnaire.questions}
    assert sorted(found.order) == sorted(by_id)
    for place, question in enumerate(found.order):
        condition = by_id[question].only_if
        assert condition is None or {word.text for word, _ in mentions(condition)} <= set(found.order[:place])
    assert found.takes < found.as_written
