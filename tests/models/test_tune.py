"""Tuning looks at the validation period alone, and gives the same recipe for the same orders."""

from dataclasses import replace

import pytest

from models.judge import split
from models.parts import NothingToLearn
from models.tune import tuned
from tests.models.worlds import QUICK, a_training, checkerboard, shuffled

BRIEF = replace(QUICK, epochs=4)


def test_what_judges_is_never_looked_at():
    lines = list(checkerboard(200))
    judged_from = split(a_training(lines).gathered.baskets)[1][0].ordered_at
    earlier = [line for line in lines if line.ordered_at < judged_from]
    later = [line for line in lines if line.ordered_at >= judged_from]

    one, other = (tuned(a_training([*earlier, *rest], recipe=BRIEF), 3) for rest in (later, shuffled(later, 3)))

    assert one == other


def test_the_given_recipe_is_tried_first_and_every_trial_is_told():
    heard = []

    assert tuned(a_training(checkerboard(100), recipe=BRIEF), 1, lambda: heard.append(1)) == BRIEF
    assert heard == [1]


def test_nothing_can_be_tuned_without_baskets():
    with pytest.raises(NothingToLearn):
        tuned(a_training([], recipe=BRIEF), 1)
