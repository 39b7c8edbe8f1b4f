"""The bench's own world of dialogues agrees with the engine, with brute force, and with itself."""

from itertools import pairwise, permutations
from math import log2
from types import MappingProxyType

import numpy as np
import pytest

from bench.dialogues import Shoppers, World, asked_by, asked_in_order, expected_gains, greedy_entropy
from bench.fixed_orders import grown, improved
from service.advice.advise import advise, parse_answers
from service.advice.compiled import compile_questionnaire
from service.advice.reading import read_questionnaire
from service.catalogue.product import Product
from service.documents.texts import Texts
from service.privacy.view import ConsentedView
from tests.cameras.shop_folder import QUESTIONNAIRES

NOTHING_KNOWN = ConsentedView.nothing("advice_profile", ())
AT_MOST = 5
FEW = """\
questionnaire: few
languages: [en]
title: Few
questions:
  - id: brand
    ask: Which?
    choose: one
    answers:
      - {id: a, text: A, fits: {brand: [A]}}
      - {id: b, text: B, fits: {brand: [B]}}
  - id: weight
    ask: How heavy?
    choose: one
    missing_data: drop
    answers:
      - {id: light, text: Light, fits: {weight: {to: 2}}}
      - {id: heavy, text: Heavy, fits: {weight: {from: 3}}}
  - id: card
    ask: Which card?
    choose: one
    answers:
      - {id: sd, text: SD, fits: {card: [sd]}}
      - {id: cf, text: CF, fits: {card: [cf]}}
"""


def a_product(number, **stated):
    return Product(f"p{number}", Texts.same(f"P{number}"), 0.0, "camera", MappingProxyType(stated))


PRODUCTS = (
    a_product(0, brand="A", weight=1.0, card=("sd",)),
    a_product(1, brand="A", weight=3.0, card=("sd", "cf")),
    a_product(2, brand="B", card=("cf",)),
    a_product(3, brand="B", weight=2.0),
    a_product(4, weight=4.0, card=("cf",)),
    a_product(5, brand="A", card=("sd",)),
)


@pytest.fixture
def few(tmp_path):
    path = tmp_path / "few.yaml"
    path.write_text(FEW, "utf-8")
    return World.of(read_questionnaire(path), PRODUCTS)


@pytest.fixture(scope="module")
def questionnaire():
    return read_questionnaire(QUESTIONNAIRES / "camera.yaml")


@pytest.fixture(scope="module")
def world(questionnaire, cameras):
    return World.of(questionnaire, cameras.products)


@pytest.fixture(scope="module")
def compiled(questionnaire, cameras):
    return compile_questionnaire(questionnaire, cameras)


def positions(words):
    return np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little")).tolist()


def dice(seed=1):
    return np.random.Generator(np.random.PCG64(seed))


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        ({}, [0, 1, 2, 3, 4, 5]),
        ({"brand": "a"}, [0, 1, 4, 5]),
        ({"weight": "light"}, [0, 3]),
        ({"weight": "not_sure"}, [0, 1, 2, 3, 4, 5]),
        ({"card": "cf"}, [1, 2, 3, 4]),
        ({"brand": "b", "card": "cf"}, [2, 3, 4]),
        ({"brand": "b", "weight": "heavy"}, [4]),
    ],
)
def test_answers_leave_what_fits_and_by_wish_what_is_not_stated(few, answers, left):
    assert positions(few.left_by(answers)) == left


def test_a_shopper_says_what_is_true_of_the_product_wanted_and_not_sure_where_it_is_not_stated(few):
    shoppers = Shoppers.draw(few, 200, dice())

    said = {
        (target, *(few.replies[row] for row in rows))
        for target, rows in zip(shoppers.targets.tolist(), shoppers.rows, strict=True)
    }

    assert said == {
        (0, "a", "light", "sd"),
        (1, "a", "heavy", "sd"),
        (1, "a", "heavy", "cf"),
        (2, "b", "not_sure", "cf"),
        (3, "b", "light", "not_sure"),
        (4, "not_sure", "heavy", "cf"),
        (5, "a", "not_sure", "sd"),
    }


def test_a_question_without_a_difference_costs_nothing(few):
    not_sure = len(few.replies) - 1
    shoppers = Shoppers(np.array([3]), np.array([[few.row("brand", "b"), few.row("weight", "light"), not_sure]]))

    outcome = asked_in_order(few, shoppers, np.array([0, 1, 2]), at_most=0)

    assert outcome.shown.tolist() == [2]  # p3 alone is left, and states no card
    assert outcome.reached.tolist() == [False]


def test_a_gain_is_the_mean_of_the_bits_taken_off_over_all_true_replies(few):
    everything, brand_a = few.left_by({}), few.left_by({"brand": "a"})

    assert expected_gains(few)(everything).tolist() == pytest.approx(
        [3 / 6 * log2(6 / 4) + 2 / 6 * log2(6 / 3), 2 / 6 * log2(6 / 2) + 2 / 6 * log2(6 / 2), 5 / 6 * log2(6 / 4)]
    )
    assert expected_gains(few)(brand_a).tolist() == pytest.approx(
        [0, 1 / 4 * log2(4 / 1) + 2 / 4 * log2(4 / 2), 2.5 / 4 * log2(4 / 3) + 1.5 / 4 * log2(4 / 2)]
    )


def test_gains_agree_with_counting_every_wanted_camera_by_hand(world, cameras):
    target = Shoppers.draw(world, 1, dice(5))
    answers = {world.questions[each]: world.replies[target.rows[0, each]] for each in (0, 13)}
    left = world.left_by(answers)
    wanted = positions(left)
    fits, kept = ([set(positions(row)) for row in rows] for rows in (world.fits, world.kept))

    by_hand = []
    for start, end in pairwise(world.first):
        bits = 0.0
        for camera in wanted:
            true = [row for row in range(start, end) if camera in fits[row]]
            bits += sum(log2(len(wanted) / len(kept[row].intersection(wanted))) for row in true) / max(len(true), 1)
        by_hand.append(bits / len(wanted))

    assert len(wanted) > 5
    assert expected_gains(world)(left).tolist() == pytest.approx(by_hand)


def test_the_next_question_is_the_one_with_the_largest_gain_while_one_makes_a_difference(few):
    assert greedy_entropy(few)({}) == "weight"
    assert greedy_entropy(few)({"weight": "light"}) == "brand"
    assert greedy_entropy(few)({"weight": "light", "brand": "b"}) is None


def test_asking_by_an_order_and_asking_by_a_rule_that_follows_it_are_the_same(world):
    shoppers = Shoppers.draw(world, 150, dice())
    order = dice(2).permutation(len(world.questions))

    def follow(answers):
        left = world.left_by(answers)
        waiting = (question for question in order if world.questions[question] not in answers)
        return next((world.questions[each] for each in waiting if (left & world.lost[each]).any()), None)

    by_order, by_rule = asked_in_order(world, shoppers, order, AT_MOST), asked_by(follow, world, shoppers, AT_MOST)

    assert by_order.shown.tolist() == by_rule.shown.tolist()
    assert by_order.reached.tolist() == by_rule.reached.tolist()


def test_a_truthful_shopper_never_loses_the_camera_wanted(world):
    shoppers = Shoppers.draw(world, 200, dice())

    left = np.bitwise_and.reduce(world.kept[shoppers.rows], axis=1)

    kept = np.unpackbits(left.view(np.uint8), axis=1, bitorder="little")
    assert kept[np.arange(200), shoppers.targets].all()


def test_the_engine_counts_the_same_cameras_after_the_same_answers(world, compiled):
    shoppers = Shoppers.draw(world, 40, dice())
    asked = dice(3).integers(0, len(world.questions) + 1, 40)

    for rows, number in zip(shoppers.rows, asked, strict=True):
        chosen = dice(int(number)).permutation(len(world.questions))[:number]
        answers = {world.questions[each]: world.replies[rows[each]] for each in chosen}
        state = advise(compiled, parse_answers(compiled, answers), NOTHING_KNOWN, "en")

        assert state.remaining == len(positions(world.left_by(answers)))


def test_the_engine_asking_as_written_shows_as_many_questions_as_the_bench_counts(world, compiled):
    shoppers = Shoppers.draw(world, 40, dice())

    def engine(answers):
        question = advise(compiled, parse_answers(compiled, answers), NOTHING_KNOWN, "en").question
        return question and question.id

    by_engine = asked_by(engine, world, shoppers, AT_MOST)
    by_bench = asked_in_order(world, shoppers, np.arange(len(world.questions)), AT_MOST)

    assert by_engine.shown.tolist() == by_bench.shown.tolist()
    assert by_engine.reached.tolist() == by_bench.reached.tolist()


def _late(order):
    """How far each question stands from a place that it likes."""
    likes = (3, 0, 4, 1, 2)
    return float(sum(abs(likes[question] - place) for place, question in enumerate(order)))


def test_an_order_is_grown_by_the_cheapest_next_question():
    assert grown(
        5, lambda beginning: -float(sum(question / (place + 1) for place, question in enumerate(beginning)))
    ) == (
        4,
        3,
        2,
        1,
        0,
    )


def test_an_improved_order_is_the_cheapest_where_moves_lead_to_it():
    cheapest = min(permutations(range(5)), key=_late)

    assert improved((0, 1, 2, 3, 4), _late) == cheapest
