"""Which question comes next: as written, or in adaptive order the one that is expected to narrow most."""

from dataclasses import replace

import pytest
from hypothesis import given

from service.advice.advise import advise
from service.advice.compiled import compile_questionnaire
from service.advice.conditions import Is
from service.advice.questionnaire import Group
from service.advice.reading import read_questionnaire
from service.advice.reply import Picked
from service.documents.problem import Refused
from service.privacy.view import ConsentedView
from tests.advice.test_against_brute_force import THOROUGH, state_of
from tests.advice.worlds import cases
from tests.builders import (
    SOMEWHERE,
    a_catalogue,
    a_fitting_question,
    a_number_question,
    a_product,
    a_question,
    a_questionnaire,
    a_range_question,
    a_word,
    an_option,
)

NOBODY = ConsentedView.nothing("advice_profile")
SPLITS = {"frame": ("carbon", "steel"), "pedal_system": ("flat", "clip")}


def a_choice(attribute, **changed):
    return a_question(attribute, *(an_option(each, **{attribute: each}) for each in SPLITS[attribute]), **changed)


def some_bikes(frames="cssssssss", pedals="ffffccccc"):
    """One letter per bike; a blank is not stated."""
    named = {"c": "carbon", "s": "steel", " ": None}, {"f": "flat", "c": "clip", " ": None}
    return a_catalogue(
        *(
            a_product(f"B{number}", price=100.0 + number, frame=named[0][frame], pedal_system=named[1][pedal])
            for number, (frame, pedal) in enumerate(zip(frames, pedals, strict=True))
        )
    )


def asked(questionnaire, catalogue, answers=None, **known):
    compiled = compile_questionnaire(questionnaire, catalogue, **known)
    question = advise(compiled, answers or {}, NOBODY, "de").question
    return question and question.id


def adaptive(*questions, **changed):
    return a_questionnaire(*questions, order="adaptive", **changed)


def test_as_written_the_first_question_comes_first_however_little_it_tells():
    assert asked(a_questionnaire(a_choice("frame"), a_choice("pedal_system")), some_bikes()) == "frame"


def test_adaptive_order_asks_first_what_halves_rather_than_what_cuts_off_one_in_nine():
    assert asked(adaptive(a_choice("frame"), a_choice("pedal_system")), some_bikes()) == "pedal_system"


def test_the_first_in_the_file_goes_first_among_equals():
    assert asked(adaptive(a_choice("pedal_system"), a_choice("frame")), some_bikes("ccccsssss")) == "pedal_system"


def test_what_few_products_state_tells_little():
    seldom_stated = some_bikes("cs       ", "fcccccccc")

    assert asked(adaptive(a_choice("frame"), a_choice("pedal_system")), seldom_stated) == "pedal_system"


def test_a_question_that_shoppers_could_not_answer_before_comes_later():
    known = {"pedal_system": 0.9, "frame": 0.1}

    assert asked(adaptive(a_choice("frame"), a_choice("pedal_system")), some_bikes(), not_sure=known) == "frame"


def test_the_order_follows_what_is_left_after_each_answer():
    catalogue = some_bikes("ccccsssss", "ffffffffc")
    questionnaire = adaptive(a_choice("frame"), a_choice("pedal_system"))

    assert asked(questionnaire, catalogue) == "frame"
    assert asked(questionnaire, catalogue, {"frame": Picked(("steel",))}) == "pedal_system"


def test_preferences_come_last_since_they_do_not_narrow():
    preferred = a_choice("pedal_system", effect="prefer")

    assert asked(adaptive(preferred, a_choice("frame")), some_bikes()) == "frame"


def test_a_question_waits_until_its_condition_holds():
    later = a_choice("pedal_system", only_if=Is(a_word("frame"), a_word("steel")))

    assert asked(adaptive(a_choice("frame"), later), some_bikes()) == "frame"


def test_groups_are_asked_through_one_after_the_other():
    first = Group("first", "as_written", ("frame",), SOMEWHERE)

    assert asked(adaptive(a_choice("frame"), a_choice("pedal_system"), groups=(first,)), some_bikes()) == "frame"


def test_an_adaptive_group_stands_within_an_order_as_written():
    group = Group("details", "adaptive", ("frame", "pedal_system"), SOMEWHERE)
    before = a_range_question("budget")
    questionnaire = a_questionnaire(before, a_choice("frame"), a_choice("pedal_system"), groups=(group,))
    compiled = compile_questionnaire(questionnaire, some_bikes())

    assert asked(questionnaire, some_bikes()) == "budget"
    assert set(compiled.adaptive) == {"frame", "pedal_system"}


@pytest.mark.parametrize(
    "number",
    [a_range_question("number"), a_number_question("number", "weight_kg", 0.5), a_fitting_question("number")],
    ids=["range", "number", "between"],
)
def test_a_number_that_tells_products_apart_comes_before_a_choice_that_hardly_does(number):
    catalogue = a_catalogue(
        *(
            a_product(
                f"B{each}", price=100.0 * each, weight_kg=float(each), rider_min_cm=10.0 * each,
                rider_max_cm=10.0 * each + 9, frame="carbon" if each == 1 else "steel",
            )
            for each in range(1, 20)
        )
    )  # fmt: skip

    assert asked(adaptive(a_choice("frame"), number), catalogue) == "number"
    assert asked(adaptive(a_choice("frame"), replace(number, effect="prefer")), catalogue) == "frame"


@THOROUGH
@given(case=cases())
def test_the_order_changes_which_question_comes_and_nothing_else(case):
    states = []
    for order in ("as_written", "adaptive"):
        case.questionnaire = replace(case.questionnaire, order=order)
        states.append(replace(state_of(case), question=None, version=""))

    assert states[0] == states[1]


@THOROUGH
@given(case=cases())
def test_adaptive_order_asks_something_exactly_while_the_written_order_does(case):
    asking = []
    for order in ("as_written", "adaptive"):
        case.questionnaire = replace(case.questionnaire, order=order)
        asking.append(state_of(case).question is None)

    assert asking[0] == asking[1]


FILE = """\
questionnaire: bikes
languages: [de]
title: Räder
order: adaptive
questions:
  - {id: budget, ask: Wie viel?, choose: range, attribute: price}
  - group: details
    questions:
      - {id: weight, ask: Wie schwer?, choose: number, attribute: weight_kg}
      - {id: height, ask: Wie groß?, choose: number, attribute: rider_min_cm}
  - {id: frame, ask: Woraus?, choose: one, answers: [{id: steel, text: Stahl}]}
"""


def read(folder, text):
    (folder / "bikes.yaml").write_text(text, encoding="utf-8")
    return read_questionnaire(folder / "bikes.yaml")


def test_groups_are_read_with_the_questions_between_them(tmp_path):
    found = read(tmp_path, FILE)

    stretches = [(order, [each.id for each in questions]) for order, questions in found.stretches()]
    assert stretches == [
        ("adaptive", ["budget"]),
        ("as_written", ["weight", "height"]),
        ("adaptive", ["frame"]),
    ]


def test_the_order_belongs_to_the_version(tmp_path):
    assert read(tmp_path, FILE).version != read(tmp_path, FILE.replace("order: adaptive\n", "")).version


@pytest.mark.parametrize(
    ("written", "instead", "code"),
    [
        ("order: adaptive", "order: random", "BG-Y025"),
        ("id: weight,", "id: budget,", "BG-Q002"),
        ("group: details", "group: details\n    colour: red", "BG-Y020"),
        (
            "  - {id: frame",
            "  - {group: details, questions: [{group: more, questions: []}]}\n  - {id: frame",
            "BG-Q002",
        ),
    ],
)
def test_what_is_wrong_with_a_group_is_said(tmp_path, written, instead, code):
    with pytest.raises(Refused) as refused:
        read(tmp_path, FILE.replace(written, instead, 1))

    assert code in {problem.code for problem in refused.value.problems}
