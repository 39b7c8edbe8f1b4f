"""Every file in questionnaires/valid is taken without a word; every one in invalid draws exactly its complaints."""

from pathlib import Path

import pytest

from service.advice.checking import check
from service.advice.reading import read_questionnaire
from service.catalogue.catalogue import load_catalogue
from service.documents.problem import Complaints, Refused
from service.privacy.register import read_register

FILES = Path(__file__).parents[1] / "questionnaires"


def names(folder):
    return [path.stem for path in sorted((FILES / folder).glob("*.yaml"))]


@pytest.fixture(scope="module")
def complaints():
    """What is said of a file, with its bare name."""
    catalogue = load_catalogue(FILES / "shop")
    register = read_register(FILES / "shop" / "privacy.yaml")

    def said(path):
        noted = Complaints()
        try:
            problems = check(read_questionnaire(path, noted), catalogue, register.attributes, noted.problems)
            return [str(problem).replace(str(path), path.name) for problem in problems]
        except Refused as refused:
            return [str(problem).replace(str(path), path.name) for problem in refused.problems]

    return said


def expected(name):
    return (FILES / "invalid" / f"{name}.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", names("valid"))
def test_a_valid_file_draws_no_complaint(name, complaints):
    assert complaints(FILES / "valid" / f"{name}.yaml") == []


@pytest.mark.parametrize("name", names("invalid"))
def test_an_invalid_file_draws_exactly_the_complaints_beside_it(name, complaints):
    assert complaints(FILES / "invalid" / f"{name}.yaml") == expected(name)


def test_there_is_a_file_for_each_of_many_defects_and_behaviours():
    assert len(names("invalid")) >= 60
    assert len(names("valid")) >= 25


@pytest.mark.parametrize("name", names("invalid"))
def test_every_complaint_says_what_to_do(name):
    for line in expected(name):
        assert ";" in line, line


def test_a_file_has_one_defect_and_draws_one_complaint():
    assert [name for name in names("invalid") if len(expected(name)) != 1] == []


def test_an_oversized_file_is_refused(tmp_path, complaints):
    big = tmp_path / "big.yaml"
    big.write_text("# " + "x" * 1_000_000, encoding="utf-8")

    assert complaints(big) == ["big.yaml:1:1 error BG-Y002 larger than 1,000,000 bytes; split it or shorten it"]
