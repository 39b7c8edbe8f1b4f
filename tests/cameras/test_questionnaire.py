"""The camera advisor is sound, and every camera has a true answer where its data say something."""

import pytest

from service.advice.checking import check
from service.advice.questionnaire import Questionnaire
from service.advice.reading import read_questionnaire
from tests.cameras.shop_folder import QUESTIONNAIRES

SEVERAL = {"viewfinder", "power", "card"}  # a camera may truly have more than one


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return read_questionnaire(QUESTIONNAIRES / "camera.yaml")


def _fitting(question, camera):
    return [option.id for option in question.options if all(_meets(fit, camera) for fit in option.fits)]


def _meets(fit, camera):
    value = camera.value(fit.attribute.text)
    if hasattr(fit, "low"):
        return (fit.low is None or value >= fit.low) and (fit.high is None or value <= fit.high)
    stated = value if isinstance(value, tuple) else ({True: "yes", False: "no"}.get(value, value),)
    return any(word.text in stated for word in fit.values)


def test_nothing_is_wrong_with_it(questionnaire, cameras):
    wrong = [problem for problem in check(questionnaire, cameras, {}) if problem.severity == "error"]

    assert wrong == []  # of real data there are remarks: bands with gaps, and models that others always precede


def test_it_asks_at_least_eight_questions_and_never_for_the_price_that_nobody_knows(questionnaire):
    asked = {fit.attribute.text for each in questionnaire.questions for option in each.options for fit in option.fits}

    assert len(questionnaire.questions) >= 8
    assert "price" not in asked


def test_every_text_exists_in_both_languages(questionnaire):
    texts = [option.text for question in questionnaire.questions for option in question.options]
    texts += [question.text for question in questionnaire.questions]

    assert all(set(text.by_locale) == {"en", "de"} for text in texts)


def test_every_stated_value_has_an_answer_and_just_one_where_one_can_be_true(questionnaire, cameras):
    for question in questionnaire.questions:
        attribute = question.options[0].fits[0].attribute.text
        for camera in cameras.products:
            if camera.value(attribute) is not None:
                fitting = _fitting(question, camera)
                assert fitting, (question.id, camera.sku)
                assert len(fitting) == 1 or question.id in SEVERAL, (question.id, camera.sku)
