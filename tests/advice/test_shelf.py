"""The shelf: what is served, what is refused and why, and that a version follows the meaning alone."""

import pytest

from service.advice.reading import read_questionnaire
from service.advice.shelf import Shelf, UnknownQuestionnaire
from tests.builders import a_catalogue, a_product, a_register

GOOD = """\
questionnaire: good
languages: [de]
title: Gut
questions:
  - id: use
    ask: Wofür?
    choose: one
    answers:
      - {id: daily, text: Alltag, fits: {use: daily}}
"""


def shelf(folder, catalogue=None):
    return Shelf.load(folder, catalogue or a_catalogue(), a_register())


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")


def test_a_broken_file_is_named_and_the_others_are_served(tmp_path):
    write(tmp_path, "good.yaml", GOOD)
    write(tmp_path, "torn.yaml", GOOD[:60] + "\n  - [")
    write(tmp_path, "misspelt.yaml", GOOD.replace("good", "misspelt").replace("{use:", "{usee:"))
    write(tmp_path, "renamed.yaml", GOOD)
    write(tmp_path, "other.yml", GOOD)
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")

    found = shelf(tmp_path)

    assert list(found.published) == ["good"]
    named = {problem.at.file.rpartition("/")[2] for problem in found.refused}
    assert named == {"torn.yaml", "misspelt.yaml", "renamed.yaml", "other.yml", "binary.yaml"}


def test_a_failing_author_test_is_reported_and_the_questionnaire_served(tmp_path):
    expected = "tests:\n  - {name: Wish, answers: {use: daily}, expect: {includes: [RB-2-54]}}\n"
    write(tmp_path, "good.yaml", GOOD + expected)

    found = shelf(tmp_path)

    assert list(found.published) == ["good"]
    assert [problem.code for problem in found.complaints] == ["BG-Q030"]


def test_a_value_that_left_the_catalogue_does_not_take_the_questionnaire_with_it(tmp_path):
    write(tmp_path, "good.yaml", GOOD)

    found = shelf(tmp_path, a_catalogue(a_product(use=("racing",))))

    assert list(found.published) == ["good"]
    assert [problem.code for problem in found.complaints] == ["BG-Q015"]


def test_an_unknown_questionnaire_is_said_without_repeating_its_name(tmp_path):
    with pytest.raises(UnknownQuestionnaire) as unknown:
        shelf(tmp_path).get("secret")

    assert "secret" not in str(unknown.value)


@pytest.mark.parametrize(
    ("written", "changed", "same"),
    [
        ("title: Gut", "title: Gut  # better", True),
        ("title: Gut", "title:   'Gut'", True),
        ("questions:", "tests: [{name: T, answers: {}, expect: {results_at_least: 1}}]\nquestions:", True),
        ("title: Gut", "title: Besser", False),
        ("id: daily", "id: everyday", False),
        ("{use: daily}", "{use: racing}", False),
        ("choose: one", "choose: many", False),
    ],
)
def test_a_version_is_a_hash_of_the_meaning(tmp_path, written, changed, same):
    write(tmp_path, "good.yaml", GOOD)
    before = read_questionnaire(tmp_path / "good.yaml").version

    write(tmp_path, "good.yaml", GOOD.replace(written, changed))

    assert (read_questionnaire(tmp_path / "good.yaml").version == before) is same
