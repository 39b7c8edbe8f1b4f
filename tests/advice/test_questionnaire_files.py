"""Every file in questionnaires/valid is taken without a word; every one in invalid draws exactly its complaints."""

from pathlib import Path

import pytest

from service.advice.checking import check
from service.advice.reading import read_questionnaire
from service.documents.problem import Refused
from tests.builders import a_catalogue, a_register

FILES = Path(__file__).parents[1] / "questionnaires"


def names(folder):
    return [path.stem for path in sorted((FILES / folder).glob("*.yaml"))]


def complaints(path):
    try:
        problems = check(read_questionnaire(path), a_catalogue(), a_register().attributes)
        return [str(problem).replace(str(path), path.name) for problem in problems]
    except Refused as refused:
        return [str(problem).replace(str(path), path.name) for problem in refused.problems]


@pytest.mark.parametrize("name", names("valid"))
def test_a_valid_file_draws_no_complaint(name):
    assert complaints(FILES / "valid" / f"{name}.yaml") == []


@pytest.mark.parametrize("name", names("invalid"))
def test_an_invalid_file_draws_exactly_the_complaints_beside_it(name):
    expected = (FILES / "invalid" / f"{name}.txt").read_text(encoding="utf-8").splitlines()

    assert complaints(FILES / "invalid" / f"{name}.yaml") == expected


def test_every_complaint_says_what_to_do():
    for name in names("invalid"):
        for line in (FILES / "invalid" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            assert ";" in line, line
