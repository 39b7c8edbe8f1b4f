"""However nasty a file is, looking for oddities takes a bounded number of steps, and says what it has not looked at."""

import itertools

import pytest

from service.advice.advise import advise
from service.advice.better_order import FEWEST_SHOPPERS, STEPS, shoppers_asked
from service.advice.checks import order, reach, shown
from service.advice.checks.shown import unshown
from service.advice.compiled import compile_questionnaire
from service.advice.conditions import All, Is, Not
from service.advice.path import walk
from service.documents.problem import Complaints
from tests.builders import a_catalogue, a_product, a_question, a_questionnaire, a_word, an_option

QUESTIONS, OPTIONS = 12, 6
PRODUCTS = 2**OPTIONS - 1


@pytest.fixture(scope="module")
def nasty():
    """Every question hangs on all before it, and every product fits other answers, the more the dearer."""
    products = (
        a_product(f"RB-{number:03}", price=100.0 * number.bit_count(), use=tuple(_uses(number)))
        for number in range(1, PRODUCTS + 1)
    )
    options = [an_option(f"o{each}", use=f"u{each}") for each in range(OPTIONS)]
    questions = []
    for number in range(QUESTIONS):
        earlier = tuple(Not(Is(a_word(each.id), a_word("o0"))) for each in questions)
        condition = All(earlier) if earlier else None
        questions.append(a_question(f"q{number:02}", *options, only_if=condition, effect="prefer"))
    return compile_questionnaire(a_questionnaire(*questions, show_at_most=1), a_catalogue(*products))


def _uses(number):
    return (f"u{each}" for each in range(OPTIONS) if number >> each & 1)


@pytest.fixture
def states(monkeypatch):
    """What is advised while models are looked for that are never shown."""
    seen = []
    monkeypatch.setattr(shown, "advise", lambda *given: seen.append(given) or advise(*given))
    return seen


@pytest.fixture
def walks(monkeypatch):
    """How many questions each path had that was walked while reach was looked at."""
    seen = []
    monkeypatch.setattr(reach, "walk", lambda questions, replies: seen.append(questions) or walk(questions, replies))
    return seen


STEPS_OF_A_STATE = QUESTIONS * (1 + OPTIONS) + QUESTIONS * (QUESTIONS - 1) // 2
"""One for each question, each answer and each test of a condition."""


@pytest.mark.parametrize("work", [1_000, 20_000])
def test_no_more_states_are_tried_than_the_work_allows(nasty, states, work):
    found = shown.unshown(nasty, work)

    assert 0 < len(states) == found.paths <= work / STEPS_OF_A_STATE + 1
    assert 0 < found.looked_at < found.models == PRODUCTS


def test_no_more_models_are_proven_than_the_work_allows(nasty, states, monkeypatch):
    monkeypatch.setattr(shown, "_always_behind", lambda *_: True)

    found = shown.unshown(nasty, 1_000)

    assert (len(states), len(found.proven)) == (0, found.looked_at)
    assert found.looked_at <= 1_000 / (QUESTIONS * (1 + OPTIONS)) + 1


def test_what_was_not_looked_at_is_told(nasty, monkeypatch):
    monkeypatch.setattr(shown, "unshown", lambda compiled: unshown(compiled, 20_000))
    complaints = Complaints()

    shown.check_shown(nasty, complaints)

    found = unshown(nasty, 20_000)
    told = f"(sampled: {found.paths:,} paths tried, {found.looked_at} of {PRODUCTS} models looked at)"
    assert [told in each.message for each in complaints.found] == [True]


def test_models_of_all_parts_of_the_catalogue_are_looked_at_first(nasty):
    looked_at = [positions[0] for positions in itertools.islice(shown._spread([[each] for each in range(1_000)]), 20)]

    assert len({each // 100 for each in looked_at}) == 10


def test_every_model_is_looked_at_once_where_there_is_time(nasty):
    assert sorted(shown._spread([[each] for each in range(10)])) == [[each] for each in range(10)]


def test_reach_takes_no_more_steps_in_all_than_allowed(nasty, walks, monkeypatch):
    monkeypatch.setattr(reach, "WORK", 50_000)

    reach.check_reach(nasty, Complaints())

    tests = [len(path) + len(path) * (len(path) - 1) // 2 for path in walks]
    assert 0 < sum(tests) <= 50_000


def test_a_condition_that_held_in_no_combination_tried_is_noted_and_not_said_never_to_hold(nasty, monkeypatch):
    monkeypatch.setattr(reach, "WORK", 0)
    monkeypatch.setattr(reach, "FEWEST_COMBINATIONS", 1)
    complaints = Complaints()

    reach.check_reach(nasty, complaints)

    assert {each.severity for each in complaints.found} == {"note"}
    assert "(sampled: 1 of 7 combinations of earlier answers)" in complaints.found[0].message


@pytest.mark.parametrize(("products", "questions"), [(10_000, 60), (1_000_000, 8), (10_000, 8), (5, 60), (0, 0)])
def test_fewer_shoppers_are_asked_where_orders_take_longer(products, questions):
    asked = shoppers_asked(products, questions)

    assert asked == min(products, FEWEST_SHOPPERS) or asked * questions**3 <= STEPS
    assert asked <= 200


def test_a_proposal_from_a_few_shoppers_says_how_many():
    products = (
        a_product(f"RB-{each}", weight_kg=float(each % 8), frame="carbon" if each < 9 else "steel")
        for each in range(300)
    )
    weights = (an_option(f"w{each}", weight_kg=(float(each), float(each))) for each in range(8))
    frame = a_question("frame", an_option("carbon", frame="carbon"), an_option("steel", frame="steel"))
    compiled = compile_questionnaire(
        a_questionnaire(frame, a_question("weight", *weights), show_at_most=50), a_catalogue(*products)
    )
    complaints = Complaints()

    order.check_order(compiled, complaints)

    assert "(sampled: 200 of 300 shoppers)" in complaints.found[0].message
