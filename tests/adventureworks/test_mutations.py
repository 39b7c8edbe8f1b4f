"""Every mistake that a script makes in the AdventureWorks questionnaire is reported, with its code and in its line."""

import pytest

from service.advice.checking import check
from service.advice.reading import read_questionnaire
from service.catalogue.catalogue import load_catalogue
from service.documents.problem import Complaints, Refused
from service.privacy.register import read_register
from tests.advice.mutations import MUTATIONS, NotHere, mutated


@pytest.fixture(scope="module")
def complaints(adventureworks_shop):
    catalogue = load_catalogue(adventureworks_shop.shop)
    register = read_register(adventureworks_shop.shop / "privacy.yaml")

    def said(path):
        noted = Complaints()
        try:
            return list(check(read_questionnaire(path, noted), catalogue, register.attributes, noted.problems))
        except Refused as refused:
            return list(refused.problems)

    return said


def test_the_questionnaire_is_clean(adventureworks_shop, complaints):
    assert complaints(adventureworks_shop.questionnaires / "road-bike.yaml") == []


@pytest.mark.parametrize("mistake", MUTATIONS)
def test_a_mistake_is_reported_in_its_line(mistake, tmp_path, adventureworks_shop, complaints):
    text = (adventureworks_shop.questionnaires / "road-bike.yaml").read_text(encoding="utf-8")
    try:
        wrong, code, line = mutated(mistake, text)
    except NotHere:
        pytest.skip("nothing in this questionnaire can be mistaken like that")
    path = tmp_path / "road-bike.yaml"
    path.write_text(wrong, encoding="utf-8")

    said = [(problem.code, problem.at.line) for problem in complaints(path)]

    assert (code, line) in said
