"""Two versions of a questionnaire: whatever changes the version is named, and nothing else is."""

from dataclasses import fields, replace

import pytest

from service.advice.comparing import changes
from service.advice.conditions import Is
from service.advice.questionnaire import Band, FromProfile, Group, ShowWhen
from service.documents.texts import Texts
from tests.builders import a_question, a_questionnaire, a_word, an_option

FIRST = a_question("use", an_option("daily", use="daily"), an_option("racing", use="racing"))
SECOND = a_question("frame", an_option("steel", frame="steel"))
BEFORE = a_questionnaire(FIRST, SECOND)
NEW = Texts({"de": "Neu", "en": "New"})
WORD = a_word("model")
OF_A_QUESTION = {
    "text": NEW,
    "help": NEW,
    "because": NEW,
    "unit": NEW,
    "effect": "require",
    "weight": "high",
    "not_sure": False,
    "missing_data": "drop",
    "only_if": Is(a_word("use"), a_word("daily")),
    "from_profile": FromProfile(WORD, WORD),
    "remember_as": WORD,
    "low": 1.5,
    "high": 2.0,
    "widen": 0.1,
}
OF_AN_OPTION = {"text": NEW, "because": NEW, "fits": (Band(WORD, 1.0, None),)}
OF_THE_WHOLE = {
    "languages": ("de", "en", "fr"),
    "title": NEW,
    "show_at_most": 5,
    "same_product": WORD,
    "order": "adaptive",
    "groups": (Group("g", "adaptive", ("use",), FIRST.at),),
    "show_results_when": ShowWhen(3, None),
    "candidates": (),
    "questions": (SECOND, FIRST),
}


def test_what_is_equal_differs_in_nothing():
    assert changes(BEFORE, a_questionnaire(FIRST, SECOND)) == ()


@pytest.mark.parametrize("name", OF_A_QUESTION)
def test_every_property_of_a_question_is_compared(name):
    after = replace(BEFORE, questions=(FIRST, replace(SECOND, **{name: OF_A_QUESTION[name]})))

    (change,) = changes(BEFORE, after)

    assert (change.what, change.id, change.how) == ("question", "frame", "altered")
    assert after.version != BEFORE.version


@pytest.mark.parametrize("name", OF_AN_OPTION)
def test_every_property_of_an_answer_is_compared(name):
    option = replace(SECOND.options[0], **{name: OF_AN_OPTION[name]})
    after = replace(BEFORE, questions=(FIRST, replace(SECOND, asks=replace(SECOND.asks, options=(option,)))))

    (change,) = changes(BEFORE, after)

    assert (change.what, change.id, change.within) == ("answer", "steel", "frame")


@pytest.mark.parametrize("name", OF_THE_WHOLE)
def test_every_property_of_the_whole_is_compared(name):
    before = replace(BEFORE, candidates=SECOND.options[0].fits) if name == "candidates" else BEFORE

    (change,) = changes(before, replace(before, **{name: OF_THE_WHOLE[name]}))

    assert (change.what, change.how) == ("questionnaire", "altered")


def test_no_property_is_forgotten():
    def counted(thing):
        return {each.name for each in fields(thing) if each.compare}

    assert counted(SECOND) - {"id", "asks"} == OF_A_QUESTION.keys()
    assert counted(SECOND.options[0]) - {"id"} == OF_AN_OPTION.keys()
    assert counted(BEFORE) - {"id", "goes_with"} == OF_THE_WHOLE.keys()


def test_parts_that_came_and_went_are_named_with_what_they_said():
    third = a_question("colour", an_option("red", colour="red"))
    fewer = replace(FIRST, asks=replace(FIRST.asks, options=FIRST.options[:1]))

    found = changes(BEFORE, a_questionnaire(fewer, third))

    assert [(each.what, each.id, each.how) for each in found] == [
        ("answer", "racing", "removed"),
        ("question", "colour", "added"),
        ("question", "frame", "removed"),
    ]
    assert all(each.before is None for each in found[1].fields)
    assert all(each.after is None for each in found[2].fields)


def test_another_order_of_answers_is_named():
    turned = replace(FIRST, asks=replace(FIRST.asks, options=FIRST.options[::-1]))

    (change,) = changes(BEFORE, a_questionnaire(turned, SECOND))

    assert [(each.name, each.before, each.after) for each in change.fields] == [
        ("answers", "daily, racing", "racing, daily")
    ]
