"""The shipped questionnaires: nothing to complain about, complete in both languages, and no dead end."""

from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.advice.advise import advise, parse_answers
from service.advice.shelf import Shelf
from service.privacy.view import ConsentedValue, ConsentedView

ROOT = Path(__file__).parents[2]
NOBODY = ConsentedView.nothing("advice_profile")
BEGINNER = {"budget": {"to": 2000}, "experience": "beginner", "height": 178, "use": ["long_rides"], "brakes": "disc"}
NAMES = ("road-bike", "city-bike")


@pytest.fixture(scope="module")
def shelf(catalogue, register):
    return Shelf.load(ROOT / "questionnaires", catalogue, register)


def _advise(shelf, name, answers, locale="de", view=NOBODY):
    compiled = shelf.get(name)
    return orjson.loads(orjson.dumps(advise(compiled, parse_answers(compiled, answers), view, locale).as_json()))


def _reply(question):
    """A sensible reply to whatever is asked."""
    match question["choose"]:
        case "range":
            return {"to": 2500}
        case "number":
            return 174
        case "one":
            return next(option["id"] for option in question["options"] if option["remaining"])
        case _:
            return [option["id"] for option in question["options"] if option["remaining"]][:2]


def _play(shelf, name, locale):
    answers, states = {}, [_advise(shelf, name, {}, locale)]
    while states[-1]["question"]:
        question = states[-1]["question"]
        answers[question["id"]] = _reply(question)
        states.append(_advise(shelf, name, answers, locale))
    return states


def _texts(states):
    """Everything that a shopper reads, names and amounts left out."""
    for state in states:
        if state["question"]:
            yield state["question"]["text"]
            yield from (option["text"] for option in state["question"]["options"])
        yield from (reason["text"] for shown in state["shortlist"] for reason in shown["fits"])
        yield from (companion["because"] for companion in state["companions"])


def test_check_has_nothing_to_complain_about(shelf):
    assert set(shelf.published) == set(NAMES)
    assert (shelf.refused, shelf.complaints) == ((), ())


def test_the_road_bike_questionnaire_shows_every_kind_of_question_and_effect(shelf):
    questions = shelf.get("road-bike").questionnaire.questions

    assert len(questions) >= 6
    assert {question.choose for question in questions} == {"one", "many", "number", "range"}
    assert {question.effect for question in questions} == {"require", "filter", "prefer"}
    assert any(question.only_if for question in questions)


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_shopper_comes_from_the_first_question_to_three_bikes_with_reasons(shelf, name, locale):
    states = _play(shelf, name, locale)

    assert states[0]["questionnaire"]["locale"] == locale
    assert 1 <= len(states[-1]["shortlist"]) <= 3
    assert all(len(shown["fits"]) >= 4 for shown in states[-1]["shortlist"])
    assert states[-1]["companions"]
    assert [state["remaining"] for state in states] == sorted((state["remaining"] for state in states), reverse=True)


@pytest.mark.parametrize("name", NAMES)
def test_german_and_english_tell_the_same_and_share_no_text(shelf, name):
    german, english = _play(shelf, name, "de"), _play(shelf, name, "en")

    assert [[shown["sku"] for shown in state["shortlist"]] for state in german] == [
        [shown["sku"] for shown in state["shortlist"]] for state in english
    ]
    assert set(_texts(german)) & set(_texts(english)) == set()


@pytest.mark.parametrize(
    ("locale", "because"),
    [("de", "Dieses Rad wird ohne Pedale geliefert"), ("en", "This bike comes without pedals")],
)
def test_the_beginner_who_picks_a_road_bike_gets_pedals_of_its_system_and_is_told_why(
    shelf, catalogue, locale, because
):
    state = _advise(shelf, "road-bike", BEGINNER | {"carry": "rarely"}, locale)

    assert state["question"] is None
    assert "RB-210-54" in [shown["sku"] for shown in state["shortlist"]]
    for shown in state["shortlist"]:
        pedals = [each for each in state["companions"] if each["for"] == shown["sku"] and each["kind"] == "must_have"]

        assert [(each["sku"], each["because"]) for each in pedals] == [("PD-05", because)]
        assert catalogue.find("PD-05").value("pedal_system") == catalogue.find(shown["sku"]).value("pedal_system")


def test_a_bike_that_ships_with_pedals_is_offered_none(shelf):
    state = _advise(shelf, "road-bike", {"budget": {"to": 1000}, "height": 175})

    assert [shown["sku"] for shown in state["shortlist"]] == ["RB-130-54"]
    assert [each for each in state["companions"] if each["sku"].startswith("PD-")] == []


def test_six_answers_bring_the_beginner_to_the_end(shelf):
    asked = []
    while question := _advise(shelf, "road-bike", {name: (BEGINNER | {"carry": "often"})[name] for name in asked})[
        "question"
    ]:
        asked.append(question["id"])

    assert asked == ["budget", "experience", "height", "use", "brakes", "carry"]


def test_a_consented_height_is_not_asked_for(shelf):
    height = ConsentedView("advice_profile", {"height_cm": ConsentedValue("height_cm", 178, "crm")}, ())

    state = _advise(shelf, "road-bike", {"budget": {"to": 2000}, "experience": "beginner"}, view=height)

    assert state["question"]["id"] == "use"
    assert state["prefilled"] == {"height": {"value": 178, "source": "crm"}}


def test_the_profile_holds_nothing_that_neither_a_questionnaire_nor_the_model_uses(shelf, register):
    asked = {
        question.from_profile.attribute.text
        for name in NAMES
        for question in shelf.get(name).questionnaire.questions
        if question.from_profile
    }

    for attribute in register.attributes.values():
        assert attribute.id in asked or "model_training" in attribute.purposes


def test_simulated_profile_values_answer_the_questions_that_ask_for_them(shelf, simulation):
    offered = {}
    for name in NAMES:
        for question in shelf.get(name).questionnaire.questions:
            if question.from_profile and question.options:
                known = offered.setdefault(question.from_profile.attribute.text, set())
                known.update(option.id for option in question.options)
    values = {(value["attribute"], value["value"]) for shopper in simulation.shoppers for value in shopper["values"]}

    assert [(name, value) for name, value in values if name in offered and value not in offered[name]] == []


def _any_reply(draw, question):
    """Any reply that a shopper may give without picking what leaves nothing."""
    possible = [option["id"] for option in question["options"] if option["remaining"]]
    match question["choose"]:
        case "one":
            return draw(st.sampled_from([*possible, "not_sure"]))
        case "many":
            return draw(st.lists(st.sampled_from(possible), unique=True, max_size=3)) or "not_sure"
        case "number":
            return draw(st.integers(165, 185))
        case _:
            return {"to": draw(st.integers(500, 5000))}


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(NAMES), data=st.data())
def test_nobody_comes_to_a_dead_end(shelf, name, data):
    answers = {}
    state = _advise(shelf, name, answers)
    while question := state["question"]:
        answers[question["id"]] = _any_reply(data.draw, question)
        state = _advise(shelf, name, answers)

    assert state["shortlist"] or state["conflict"]["ways_out"]
    assert len(answers) <= len(shelf.get(name).questionnaire.questions)
