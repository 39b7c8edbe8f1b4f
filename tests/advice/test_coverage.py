"""Coverage: shares counted by eye, gaps that brute force finds too, and a page that needs nothing from elsewhere."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.advice.compiled import compile_questionnaire
from service.advice.coverage import coverage_of, evenness
from service.advice.coverage_gaps import gaps_of
from service.advice.coverage_page import page
from service.documents.texts import Texts
from tests.builders import a_catalogue, a_product, a_question, a_questionnaire, a_range_question, an_option

FRAMES, USES = ("aluminium", "carbon", "steel"), ("daily", "racing", "touring")
FRAME = a_question("frame", *(an_option(each, frame=each) for each in FRAMES))
USE = a_question("use", *(an_option(each, use=each) for each in USES))


def a_bike(number, frame, use, price=1000.0):
    return a_product(f"RB-{number}", price=price, frame=frame, use=(use,))


def compiled(*products, questions=(FRAME, USE), **changed):
    return compile_questionnaire(a_questionnaire(*questions, **changed), a_catalogue(*products))


@pytest.fixture
def bikes():
    return compiled(
        a_bike(1, "aluminium", "daily", 500.0),
        a_bike(2, "aluminium", "racing", 900.0),
        a_bike(3, "carbon", "racing", 2000.0),
        a_bike(4, "steel", "touring", 1500.0),
    )


def test_each_answer_has_its_share_of_the_models(bikes):
    frame = coverage_of(bikes, "de").questions[0]

    assert [(part.id, part.fits, part.share) for part in frame.parts] == [
        ("aluminium", 2, 0.5),
        ("carbon", 1, 0.25),
        ("steel", 1, 0.25),
    ]


@pytest.mark.parametrize(
    ("counts", "even"), [((1, 1, 1), 1.0), ((4, 0), 0.0), ((0, 0), 0.0), ((5,), 0.0), ((2, 1, 1), 0.9464)]
)
def test_evenness_is_one_for_equal_parts_and_none_where_all_fall_together(counts, even):
    assert evenness(counts) == pytest.approx(even, abs=1e-4)


def test_a_range_is_parted_at_the_quarters_of_its_values():
    prices = [a_bike(number, "steel", "daily", price=float(number)) for number in range(1, 9)]
    budget = coverage_of(compiled(*prices, questions=(a_range_question(),)), "de").questions[0]

    assert sum(part.fits for part in budget.parts) == 8
    assert budget.evenness > 0.9


def test_what_is_not_stated_is_counted():
    some = coverage_of(compiled(a_bike(1, None, "daily"), a_bike(2, "steel", "daily")), "de")

    assert [question.not_stated for question in some.questions] == [0.5, 0.0]


def test_the_gaps_are_the_smallest_combinations_that_nothing_meets(bikes):
    found = {tuple(sorted(gap.answers)) for gap in gaps_of(bikes, "de").found}

    assert found == {
        (("frame", frame), ("use", use))
        for frame, use in itertools.product(FRAMES, USES)
        if (frame, use)
        not in {("aluminium", "daily"), ("aluminium", "racing"), ("carbon", "racing"), ("steel", "touring")}
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FRAMES), st.sampled_from(USES), st.booleans()), min_size=1, max_size=6))
def test_gaps_are_what_brute_force_finds(stated):
    lights = a_question(
        "light", an_option("with", ships_with_pedals="yes"), an_option("without", ships_with_pedals="no")
    )
    products = [
        a_product(f"RB-{number}", frame=frame, use=(use,), ships_with_pedals=flag)
        for number, (frame, use, flag) in enumerate(stated)
    ]
    answers = [
        *(("frame", each) for each in FRAMES),
        *(("use", each) for each in USES),
        ("light", "with"),
        ("light", "without"),
    ]
    met = [{("frame", frame), ("use", use), ("light", "with" if flag else "without")} for frame, use, flag in stated]

    found = {frozenset(gap.answers) for gap in gaps_of(compiled(*products, questions=(FRAME, USE, lights)), "de").found}

    empty = [
        set(several)
        for size in (1, 2, 3)
        for several in itertools.combinations(answers, size)
        if len({question for question, _ in several}) == size and not any(set(several) <= one for one in met)
    ]
    assert found == {frozenset(one) for one in empty if not any(other < one for other in empty)}


def test_the_page_needs_nothing_from_elsewhere_and_takes_no_text_for_markup(bikes):
    evil = a_question("frame", an_option("carbon", frame="carbon"), text=Texts.same("<script>alert(1)</script>"))
    told = page(coverage_of(compiled(a_bike(1, "carbon", "daily"), questions=(evil,)), "de"))

    assert "<script" not in told
    assert "&lt;script&gt;" in told
    assert not re.search(r"(src|href)=|https?://|url\(", told)


def test_the_page_has_a_bar_for_every_answer(bikes):
    assert page(coverage_of(bikes, "de")).count("<svg") == 2 + 6
