"""`if_nothing_fits: widen by 10 %` and `show_results_when`: what counts wider, and what the shopper is told."""

import orjson
import pytest

from service.advice.advise import advise, parse_answers
from service.advice.compiled import compile_questionnaire
from service.advice.questionnaire import ShowWhen
from service.advice.reading import read_questionnaire
from service.documents.problem import Refused
from service.privacy.view import ConsentedView
from tests.builders import (
    a_catalogue,
    a_fitting_question,
    a_number_question,
    a_product,
    a_question,
    a_questionnaire,
    a_range_question,
    an_option,
)

NOBODY = ConsentedView.nothing("advice_profile")
GAP = "\N{NO-BREAK SPACE}"


def state(questionnaire, answers, *products):
    compiled = compile_questionnaire(questionnaire, a_catalogue(*products))
    return orjson.loads(orjson.dumps(advise(compiled, parse_answers(compiled, answers), NOBODY, "de").as_json()))


def skus(found):
    return [each["sku"] for each in found["shortlist"]]


BUDGET = a_range_question("budget", widen=0.1)
DEAR, DEARER = a_product("A", price=1090.0, frame="steel"), a_product("B", price=1190.0, frame="carbon")


def test_a_range_is_widened_where_nothing_fits_and_the_shopper_is_told():
    found = state(a_questionnaire(BUDGET), {"budget": {"to": 1000}}, DEAR, DEARER)

    assert found["widened"] == [{"question": "budget", "by": 10, "text": f"bis 1.100{GAP}€"}]
    assert (skus(found), found["remaining"], found["conflict"]) == (["A"], 1, None)
    assert found["answers"] == {"budget": {"to": 1000}}


def test_what_fits_only_the_widened_answer_misses_the_one_that_was_given():
    found = state(a_questionnaire(BUDGET), {"budget": {"to": 1000}}, DEAR)

    assert found["shortlist"][0]["misses"] == [{"question": "budget", "text": f"bis 1.000{GAP}€"}]


def test_nothing_is_widened_while_something_fits():
    found = state(a_questionnaire(BUDGET), {"budget": {"to": 1100}}, DEAR, DEARER)

    assert (found["widened"], skus(found)) == ([], ["A"])


def test_nothing_is_widened_in_vain():
    found = state(a_questionnaire(BUDGET), {"budget": {"to": 500}}, DEAR)

    assert (found["widened"], found["remaining"]) == ([], 0)
    assert found["conflict"]["answers"] == ["budget"]


@pytest.mark.parametrize(
    ("question", "answer", "text"),
    [
        (a_number_question("number", tolerance=0.5, widen=0.1), 9, "7,6 bis 10,4"),
        (a_fitting_question("number", ("rider_min_cm", "rider_max_cm"), widen=0.1), 9, "8,1 bis 9,9"),
    ],
    ids=["near", "between"],
)
def test_a_number_is_widened_on_both_sides(question, answer, text):
    product = a_product("A", weight_kg=10.2, rider_min_cm=9.8, rider_max_cm=12.0)

    found = state(a_questionnaire(question), {"number": answer}, product)

    assert ([each["text"] for each in found["widened"]], skus(found)) == ([text], ["A"])


def test_an_option_counts_what_widening_another_answer_would_leave():
    frame = a_question("frame", an_option("steel", frame="steel"), an_option("carbon", frame="carbon"))
    cheap = a_product("C", price=900.0, frame="carbon")

    found = state(a_questionnaire(BUDGET, frame), {"budget": {"to": 1000}}, DEAR, cheap)

    assert [(each["id"], each["remaining"]) for each in found["question"]["options"]] == [("steel", 1), ("carbon", 1)]


def test_a_way_out_counts_on_widening_what_is_left_of_the_answers():
    frame = a_question("frame", an_option("aluminium", frame="aluminium"))

    found = state(a_questionnaire(BUDGET, frame), {"budget": {"to": 1000}, "frame": "aluminium"}, DEAR)

    ways = [(way["give_up"], way["remaining"]) for way in found["conflict"]["ways_out"]]
    assert ways == [(["frame"], 1)]


@pytest.mark.parametrize(
    ("when", "answers", "shown"),
    [
        (None, {}, True),
        (ShowWhen(1, None), {}, False),
        (ShowWhen(2, None), {}, True),
        (ShowWhen(None, 1), {}, False),
        (ShowWhen(None, 1), {"budget": "not_sure"}, True),
        (ShowWhen(1, 2), {"budget": {"to": 1100}}, True),
        (ShowWhen(0, 9), {"budget": "not_sure", "frame": "not_sure"}, True),
    ],
)
def test_results_are_to_be_shown_when_the_questionnaire_says_or_nothing_is_left_to_ask(when, answers, shown):
    frame = a_question("frame", an_option("steel", frame="steel"), an_option("carbon", frame="carbon"))

    found = state(a_questionnaire(BUDGET, frame, show_results_when=when), answers, DEAR, DEARER)

    assert found["show_results"] is shown
    assert found["shortlist"]


FILE = """\
questionnaire: bikes
languages: [de]
title: Räder
show_results_when: {results_at_most: 12, answered_at_least: 3}
questions:
  - {id: budget, ask: Wie viel?, choose: range, attribute: price, if_nothing_fits: widen by 12.5 %}
  - {id: frame, ask: Woraus?, choose: one, answers: [{id: steel, text: Stahl}]}
"""


def read(folder, text):
    (folder / "bikes.yaml").write_text(text, encoding="utf-8")
    return read_questionnaire(folder / "bikes.yaml")


def test_both_are_read(tmp_path):
    found = read(tmp_path, FILE)

    assert (found.questions[0].widen, found.show_results_when) == (0.125, ShowWhen(12, 3))


@pytest.mark.parametrize(
    ("written", "instead", "code"),
    [
        ("widen by 12.5 %", "narrow by 10 %", "BG-Y025"),
        ("widen by 12.5 %", "widen by 0 %", "BG-Q007"),
        ("widen by 12.5 %", "widen by 120 %", "BG-Q007"),
        ("attribute: price,", "attribute: price, effect: prefer,", "BG-Q005"),
        ("choose: one,", "choose: one, if_nothing_fits: widen by 10 %,", "BG-Q005"),
        ("{results_at_most: 12, answered_at_least: 3}", "{}", "BG-Q010"),
        ("{results_at_most: 12, answered_at_least: 3}", "{results_at_least: 12}", "BG-Y020"),
    ],
)
def test_what_is_wrong_with_them_is_said(tmp_path, written, instead, code):
    with pytest.raises(Refused) as refused:
        read(tmp_path, FILE.replace(written, instead))

    assert [problem.code for problem in refused.value.problems] == [code]
