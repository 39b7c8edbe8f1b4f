"""`begleiter play`: answers typed, counts that shrink, going back, and why."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from service.cli.play_input import NotUnderstood, Typed, understood

ROOT = Path(__file__).parents[2]
ONE = {"choose": "one", "not_sure": True, "options": [{"id": "daily"}, {"id": "racing"}]}
MANY = ONE | {"choose": "many"}
NUMBER = {"choose": "number", "not_sure": False, "options": []}
RANGE = {"choose": "range", "not_sure": True, "options": []}


@pytest.mark.parametrize(
    ("typed", "question", "meant"),
    [
        ("1", ONE, "daily"),
        ("racing", ONE, "racing"),
        ("1, 2", MANY, ["daily", "racing"]),
        ("racing 1", MANY, ["racing", "daily"]),
        ("178", NUMBER, 178.0),
        ("178,5", NUMBER, 178.5),
        ("500-2000", RANGE, {"from": 500.0, "to": 2000.0}),
        ("-2000", RANGE, {"to": 2000.0}),
        ("500-", RANGE, {"from": 500.0}),
        ("500 bis 900", RANGE, {"from": 500.0, "to": 900.0}),
        ("?", ONE, "not_sure"),
    ],
)
def test_what_is_typed_is_an_answer(typed, question, meant):
    assert understood(typed, question) == Typed(meant)


@pytest.mark.parametrize(
    ("typed", "question", "told"),
    [
        ("3", ONE, "type a number from 1 to 2"),
        ("dayly", ONE, "did you mean 'daily'"),
        ("tall", NUMBER, "like 178"),
        ("?", NUMBER, "has to be answered"),
        ("cheap", RANGE, "500-2000"),
        ("-", RANGE, "500-2000"),
    ],
)
def test_what_is_not_understood_is_told_with_what_would_be(typed, question, told):
    with pytest.raises(NotUnderstood, match=told):
        understood(typed, question)


def played(*typed, questionnaire="road-bike.yaml"):
    arguments = [
        "play",
        str(ROOT / "questionnaires" / questionnaire),
        "--against",
        str(ROOT / "shop"),
        "--locale",
        "en",
    ]
    return CliRunner().invoke(main, arguments, input="".join(f"{line}\n" for line in typed))


def test_a_shopper_comes_to_three_bikes_with_reasons_and_pedals():
    told = played("-2000", "beginner", "178", "long_rides", "1", "2", "q")

    assert told.exit_code == 0
    assert "6 answered" in told.stdout
    assert "RB-110-54" in told.stdout
    assert "+ a comfortable position, good to start with" in told.stdout
    assert "This bike comes without pedals" in told.stdout


def test_going_back_asks_the_question_before_again():
    told = played("-2000", "b", "-2000", "q")

    assert told.stdout.count("How much would you like to spend") == 2
    assert told.stdout.count("How much experience do you have") == 2


def test_why_shows_the_shortlist_of_the_moment_and_asks_on():
    told = played("w", "q")

    assert told.stdout.count("How much would you like to spend") == 2
    assert "1. Road bike" in told.stdout


def test_an_answer_that_cannot_be_taken_is_asked_for_again():
    told = played("-2000", "?", "400", "178", "q")

    assert "a number from 120" in told.stdout
    assert "What would you like to use your road bike for?" in told.stdout


def test_a_conflict_names_the_ways_out():
    told = played("-100", "?", "?", "q")

    assert "Nothing meets these answers together: budget" in told.stdout
    assert "give up budget: 14 left" in told.stdout


def test_a_broken_questionnaire_is_not_played(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("questionnaire: broken\n", encoding="utf-8")

    told = CliRunner().invoke(main, ["play", str(path), "--against", str(ROOT / "shop")])

    assert told.exit_code == 1
    assert "BG-Y021" in told.stderr
