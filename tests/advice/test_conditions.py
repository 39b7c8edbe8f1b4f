"""When a question is asked: the verdicts of `only_if` on given, missing and still possible answers."""

import pytest

from service.advice.conditions import (
    FALSE,
    OPEN,
    PENDING,
    TRUE,
    UNKNOWN,
    All,
    Any,
    AnyOf,
    AtLeast,
    AtMost,
    Is,
    Not,
    verdicts,
)
from service.advice.reply import Between, Measured, NotSure, Picked
from tests.builders import a_word

DAILY = Is(a_word("use"), a_word("daily"))
TALL = AtLeast(a_word("height"), 180.0)
SMALL = AtMost(a_word("height"), 150.0)
BOTH = AnyOf(a_word("use"), (a_word("daily"), a_word("racing")))


@pytest.mark.parametrize(
    ("condition", "answers", "verdict"),
    [
        (DAILY, {"use": Picked(("daily", "racing"))}, TRUE),
        (DAILY, {"use": Picked(("racing",))}, FALSE),
        (DAILY, {}, UNKNOWN),
        (DAILY, {"use": NotSure()}, UNKNOWN),
        (DAILY, {"use": PENDING}, OPEN),
        (BOTH, {"use": Picked(("racing",))}, TRUE),
        (BOTH, {"use": Picked(("touring",))}, FALSE),
        (TALL, {"height": Measured(180.0)}, TRUE),
        (TALL, {"height": Measured(179.9)}, FALSE),
        (SMALL, {"height": Measured(150.0)}, TRUE),
        (SMALL, {"height": Measured(150.1)}, FALSE),
        (TALL, {"height": Between(180.0, None)}, UNKNOWN),
        (Not(DAILY), {"use": Picked(("racing",))}, TRUE),
        (Not(DAILY), {}, UNKNOWN),
        (Not(DAILY), {"use": PENDING}, OPEN),
        (All((DAILY, TALL)), {"use": Picked(("daily",)), "height": Measured(190.0)}, TRUE),
        (All((DAILY, TALL)), {"use": Picked(("racing",))}, FALSE),
        (All((DAILY, TALL)), {"use": Picked(("daily",))}, UNKNOWN),
        (All((DAILY, TALL)), {"use": Picked(("racing",)), "height": PENDING}, FALSE),
        (All((DAILY, TALL)), {"use": Picked(("daily",)), "height": PENDING}, OPEN),
        (Any((DAILY, TALL)), {"height": Measured(190.0)}, TRUE),
        (Any((DAILY, TALL)), {"use": Picked(("racing",))}, UNKNOWN),
        (Any((DAILY, TALL)), {"use": Picked(("daily",)), "height": PENDING}, TRUE),
        (Any((DAILY, TALL)), {"height": PENDING}, TRUE | UNKNOWN),
    ],
)
def test_a_condition_keeps_every_verdict_that_is_still_possible(condition, answers, verdict):
    assert verdicts(condition, answers.get) == verdict
