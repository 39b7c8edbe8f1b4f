"""The state in words, from the profile, with companions, in a conflict: what the wire shows beyond narrowing."""

from dataclasses import replace

import orjson
import pytest

from service.advice.advise import advise, parse_answers
from service.advice.compiled import compile_questionnaire
from service.advice.conditions import Is
from service.advice.questionnaire import CompanionWish
from service.documents.texts import Texts
from service.privacy.view import ConsentedValue, ConsentedView
from tests.builders import (
    SOMEWHERE,
    a_catalogue,
    a_fitting_question,
    a_product,
    a_question,
    a_questionnaire,
    a_range_question,
    a_word,
    an_option,
    some_fits,
)

BIKES = {"category": "road_bike"}


def consented(value=178.0, attribute="height_cm", withheld=()):
    return ConsentedView("advice_profile", {attribute: ConsentedValue(attribute, value, "crm")}, withheld)


def guest(*withheld):
    return ConsentedView.nothing("advice_profile", withheld)


def state(questionnaire, answers=None, *, view=None, locale="de", catalogue=None):
    compiled = compile_questionnaire(questionnaire, catalogue or a_catalogue())
    found = advise(compiled, parse_answers(compiled, answers or {}), view or guest(), locale)
    return orjson.loads(orjson.dumps(found.as_json()))


def ways(found):
    """By way out what is given up, what is left, and which products are shown of it."""
    return [
        (way["give_up"], way["remaining"], [each["sku"] for each in way["best"]])
        for way in found["conflict"]["ways_out"]
    ]


def a_condition(question, option):
    return Is(a_word(question), a_word(option))


def height(**changed):
    return a_fitting_question("height", profile="height_cm", low=120.0, high=220.0, **changed)


def test_every_field_of_the_wire_is_always_there():
    fields = "questionnaire question progress remaining answers set_aside outdated skipped prefilled conflict"

    found = state(a_questionnaire())

    assert list(found) == [*fields.split(), "widened", "show_results", "shortlist", "companions", "remember", "basis"]


def test_a_consented_value_answers_the_question_and_says_so():
    found = state(a_questionnaire(height(), a_question()), view=consented())

    assert found["question"]["id"] == "use"
    assert found["prefilled"] == {"height": {"value": 178, "source": "crm"}}
    assert found["skipped"] == [{"question": "height", "because": "prefilled"}]
    assert found["answers"] == {}
    assert found["progress"]["answered"] == 1
    assert found["basis"]["used"] == [{"attribute": "height_cm", "purpose": "advice_profile"}]


def test_an_answer_wins_over_the_profile_which_is_then_not_used():
    small, tall = (a_product(sku, rider_min_cm=low, rider_max_cm=low + 9) for sku, low in (("S", 160.0), ("T", 172.0)))

    found = state(a_questionnaire(height()), {"height": 165}, view=consented(), catalogue=a_catalogue(small, tall))

    assert (found["prefilled"], found["basis"]["used"]) == ({}, [])
    assert found["answers"] == {"height": 165}
    assert [each["sku"] for each in found["shortlist"]] == ["S"]


def test_an_explicit_null_asks_and_proposes_the_profile_value():
    catalogue = a_catalogue(a_product(rider_min_cm=170.0, rider_max_cm=180.0))

    found = state(a_questionnaire(height()), {"height": None}, view=consented(), catalogue=catalogue)

    assert found["question"]["id"] == "height"
    assert found["question"]["prefilled"] == {"value": 178, "source": "crm"}
    assert found["answers"] == {"height": None}
    assert found["basis"]["used"] == [{"attribute": "height_cm", "purpose": "advice_profile"}]


@pytest.mark.parametrize("value", [17.0, 1e300, True, "tall", "not_sure"])
def test_a_profile_value_that_is_no_answer_counts_as_absent(value):
    questionnaire = a_questionnaire(height(), a_question())

    assert state(questionnaire, view=consented(value)) == state(questionnaire)


@pytest.mark.parametrize(("value", "next_question"), [(True, "budget"), ("yes", "budget"), ("perhaps", "garage")])
def test_a_truth_value_of_the_profile_picks_yes_or_no(value, next_question):
    options = (an_option("yes", frame="carbon"), an_option("no"))
    garage = a_question("garage", *options, profile="has_garage")

    found = state(a_questionnaire(garage, a_range_question()), view=consented(value, "has_garage"))

    assert found["question"]["id"] == next_question


def test_only_attributes_that_the_questionnaire_could_use_are_named_as_withheld():
    found = state(a_questionnaire(height()), view=guest("height_cm", "riding_style"))

    assert found["basis"] == {"used": [], "not_used_without_consent": ["height_cm"]}


def test_a_profile_value_off_the_path_is_not_used():
    off = height(only_if=a_condition("use", "daily"))

    found = state(a_questionnaire(a_question(), off), {"use": "racing"}, view=consented())

    assert (found["prefilled"], found["basis"]["used"], found["set_aside"]) == ({}, [], [])


def test_reasons_are_worded_in_the_locale():
    budget = a_range_question("budget")

    german = state(a_questionnaire(budget), {"budget": {"to": 2000}}, locale="de-AT")
    english = state(a_questionnaire(budget), {"budget": {"from": 500, "to": 2000.5}}, locale="en")

    assert german["shortlist"][0]["fits"] == [{"question": "budget", "text": "bis 2.000\N{NO-BREAK SPACE}€"}]
    assert english["shortlist"][-1]["fits"] == [{"question": "budget", "text": "€500 to €2,000.50"}]


def test_an_authors_because_is_the_reason_and_several_options_give_those_that_fit():
    options = (an_option("daily", use="daily", because="made for daily rides"), an_option("racing", use="racing"))
    questionnaire = a_questionnaire(a_question("use", *options, several=True, effect="prefer"), candidates=BIKES)

    found = state(questionnaire, {"use": ["daily", "racing"]})

    texts = {each["sku"]: [reason["text"] for reason in each["fits"]] for each in found["shortlist"]}
    assert texts == {
        "RB-1-54": ["made for daily rides"],
        "RB-1-56": ["made for daily rides, Racing"],
        "RB-2-54": ["Racing"],
    }


def test_a_range_question_shows_the_ends_of_what_is_left():
    questionnaire = a_questionnaire(a_question(), a_range_question("budget", high=2000.0), candidates=BIKES)

    found = state(questionnaire, {"use": "racing"})

    assert found["question"]["range"] == {"from": 950, "to": 2000}
    assert found["question"]["unit"] == "€"


def test_texts_come_in_the_nearest_language():
    text = Texts({"de": "Wofür?", "en": "What for?"})
    questionnaire = a_questionnaire(replace(a_question(), text=text))

    assert state(questionnaire, locale="de-simple")["question"]["text"] == "Wofür?"
    assert state(questionnaire, locale="en-GB")["question"]["text"] == "What for?"
    assert state(questionnaire, locale="fr")["questionnaire"]["locale"] == "de"


def test_companions_of_the_shortlist_come_once_with_their_reason():
    pedals = CompanionWish(
        "pedals",
        some_fits(ships_with_pedals="no"),
        some_fits(category="pedal"),
        (),
        "must_have",
        Texts({"de": "ohne Pedale", "en": "without pedals"}),
        SOMEWHERE,
    )

    found = state(a_questionnaire(candidates=BIKES, goes_with=(pedals,)))

    assert [(each["sku"], each["for"], each["because"]) for each in found["companions"]] == [
        ("PD-1", "RB-2-54", "ohne Pedale")
    ]


def test_a_conflict_names_the_clash_and_gives_up_filters_before_requirements():
    frame = a_question("frame", an_option("carbon", frame="carbon"), effect="require")
    use = a_question("use", an_option("daily", use="daily"))
    budget = a_range_question("budget")

    found = state(
        a_questionnaire(frame, use, budget, candidates=BIKES),
        {"frame": "carbon", "use": "daily", "budget": {"to": 3000}},
    )

    conflict = found["conflict"]
    assert (conflict["answers"], ways(found)) == (["frame", "use"], [(["use"], 1, ["RB-2-54"])])
    assert [each["sku"] for each in conflict["near_misses"]] == ["RB-2-54", "RB-1-54", "RB-1-56"]
    assert conflict["near_misses"][0] == conflict["ways_out"][0]["best"][0]
    assert [each["question"] for each in conflict["near_misses"][0]["misses"]] == ["use"]
    assert (found["question"], found["shortlist"], found["companions"]) == (None, [], [])


def test_a_requirement_is_offered_only_where_nothing_else_helps():
    frame = a_question("frame", an_option("steel", frame="steel"), effect="require")

    found = state(a_questionnaire(frame, candidates=BIKES), {"frame": "steel"})

    assert ways(found) == [(["frame"], 3, ["RB-1-54", "RB-1-56", "RB-2-54"])]


def test_an_option_counts_what_an_answer_set_aside_would_remove_when_it_comes_back():
    use = a_question("use", an_option("daily"), an_option("racing"))
    frame = a_question("frame", an_option("carbon", frame="carbon"), only_if=a_condition("use", "racing"))

    found = state(a_questionnaire(use, frame, candidates=BIKES), {"frame": "carbon"})

    assert found["set_aside"] == ["frame"]
    assert [each["remaining"] for each in found["question"]["options"]] == [3, 1]


def test_an_option_counts_products_that_do_not_state_the_attribute_unless_told_to_drop_them():
    options = (an_option("carbon", frame="carbon"), an_option("steel", frame="steel"))
    catalogue = a_catalogue(a_product("A", frame="carbon"), a_product("B", frame="steel"), a_product("C"))

    for missing_data, counts in (("keep", [2, 2]), ("drop", [1, 1])):
        frame = a_question("frame", *options, missing_data=missing_data)
        found = state(a_questionnaire(frame), catalogue=catalogue)
        assert [each["remaining"] for each in found["question"]["options"]] == counts


def test_a_product_that_does_not_state_what_is_preferred_ranks_between_fitting_and_missing():
    frame = a_question("frame", an_option("carbon", frame="carbon"), effect="prefer")
    catalogue = a_catalogue(
        a_product("A", price=1.0, frame="steel"), a_product("B", price=2.0), a_product("C", price=3.0, frame="carbon")
    )

    found = state(a_questionnaire(frame), {"frame": "carbon"}, catalogue=catalogue)

    assert [each["sku"] for each in found["shortlist"]] == ["C", "B", "A"]
    assert [each["unknown"] for each in found["shortlist"]] == [[], ["frame"], []]


def test_a_question_is_asked_if_its_answer_can_bring_back_one_that_was_set_aside():
    use = a_question("use", an_option("daily"), an_option("racing"))
    budget = a_range_question("budget", only_if=a_condition("use", "racing"))
    catalogue = a_catalogue(a_product("A", price=900.0), a_product("B", price=900.0))

    found = state(a_questionnaire(use, budget), {"budget": {"to": 500}}, catalogue=catalogue)

    assert found["question"]["id"] == "use"
    assert [each["remaining"] for each in found["question"]["options"]] == [2, 0]


def test_nothing_to_sell_is_an_empty_state_and_no_error():
    nothing = a_catalogue(a_product("PD-9", category="pedal"))

    found = state(a_questionnaire(candidates=BIKES), {"use": "daily"}, catalogue=nothing)

    assert (found["remaining"], found["question"], found["shortlist"]) == (0, None, [])
    assert found["conflict"] == {"answers": [], "ways_out": [], "near_misses": []}


def test_ways_out_are_complete_however_many_answers_clash():
    options = (an_option("no", frame="steel"), an_option("yes"))
    first = a_question("q00", an_option("yes"))
    later = [a_question(f"q{each:02}", *options, only_if=a_condition("q00", "yes")) for each in range(1, 15)]

    found = state(a_questionnaire(first, *later, candidates=BIKES), {"q00": "yes"} | {each.id: "no" for each in later})

    assert [way["give_up"] for way in found["conflict"]["ways_out"]] == [["q00"], [each.id for each in later]]
