"""Every mistake that a script makes in the shipped questionnaires is reported, with its code and in its line."""

from pathlib import Path

import pytest

from service.advice.checking import check
from service.advice.reading import read_questionnaire
from service.documents.problem import Complaints, Refused
from tests.advice.mutations import MUTATIONS, NotHere, mutated

ROOT = Path(__file__).parents[2]
NAMES = ("road-bike", "city-bike")


@pytest.fixture
def complaints(catalogue, register):
    def said(path):
        noted = Complaints()
        try:
            return list(check(read_questionnaire(path, noted), catalogue, register.attributes, noted.problems))
        except Refused as refused:
            return list(refused.problems)

    return said


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_questionnaire_is_clean(name, complaints):
    assert complaints(ROOT / "questionnaires" / f"{name}.yaml") == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mistake", MUTATIONS)
def test_a_mistake_is_reported_in_its_line(name, mistake, tmp_path, complaints):
    text = (ROOT / "questionnaires" / f"{name}.yaml").read_text(encoding="utf-8")
    try:
        wrong, code, line = mutated(mistake, text)
    except NotHere:
        pytest.skip("nothing in this questionnaire can be mistaken like that")
    path = tmp_path / f"{name}.yaml"
    path.write_text(wrong, encoding="utf-8")

    said = [(problem.code, problem.at.line) for problem in complaints(path)]

    assert (code, line) in said


def test_there_are_at_least_thirty_mistakes():
    assert len(MUTATIONS) >= 30
