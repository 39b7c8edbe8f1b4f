"""The merchandisers' guide and the complaints agree: every code is explained, bad examples draw it, good ones none."""

import re
from pathlib import Path

import pytest

from service.advice.checking import check
from service.advice.folder import questionnaire_files
from service.advice.reading import read_questionnaire
from service.catalogue.catalogue import load_catalogue
from service.catalogue.shop import read_shop
from service.documents.problem import Complaints, Refused
from service.privacy.register import read_register

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "tests" / "questionnaires" / "shop"
GUIDE = (ROOT / "questionnaires" / "README.md").read_text(encoding="utf-8")
SECTION = re.compile(
    r"^### (BG-[A-Z]\d{3}): ([^\n]+)\n\n([^\n]+)\n\nWrong:\n\n```(\w+)\n(.*?)\n```\n\nRight:\n\n```\w+\n(.*?)\n```",
    re.MULTILINE | re.DOTALL,
)
SECTIONS = {code: (form, bad, good) for code, _, _, form, bad, good in SECTION.findall(GUIDE)}
CODES = sorted(
    {
        code
        for room in ("documents", "advice")
        for path in (ROOT / "service" / room).rglob("*.py")
        for code in re.findall(r"\"(BG-[YQ]\d{3})\"", path.read_text(encoding="utf-8"))
    }
)
AROUND = {
    "questionnaire": "questionnaire: guide",
    "languages": "languages: [de, en]",
    "title": "title: Ein Rad finden",
    "candidates": "candidates: {category: [road_bike]}",
    "show_at_most": "show_at_most: 6",
    "questions": "questions:\n"
    "  - id: use\n"
    "    ask: Wofür?\n"
    "    choose: one\n"
    "    answers:\n"
    "      - {id: daily, text: Alltag, fits: {use: daily}}\n"
    "      - {id: racing, text: Rennen, fits: {use: racing}}",
}


def whole(example):
    """A questionnaire around an example, which is a list of questions or lines of the file itself."""
    if example.startswith(("#", "- questionnaire")):
        return example + "\n"
    around = dict(AROUND)
    if example.startswith("- "):
        around["questions"] = "questions:\n" + "".join(f"  {line}\n" for line in example.split("\n"))
        return "\n".join(around.values())
    for key in re.findall(r"^(\w+):", example, re.MULTILINE):
        around.pop(key, None)
    return "\n".join([*around.values(), example]) + "\n"


@pytest.fixture(scope="module")
def complaints():
    """The codes of what is said of a file."""
    catalogue, register = load_catalogue(SHOP), read_register(SHOP / "privacy.yaml")

    def said(path):
        noted = Complaints()
        try:
            found = check(read_questionnaire(path, noted), catalogue, register.attributes, noted.problems)
            return [problem.code for problem in found]
        except Refused as refused:
            return [problem.code for problem in refused.problems]

    return said


def written(folder, content, name="guide"):
    path = folder / f"{name}.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_every_code_has_a_section_and_every_section_a_code():
    assert sorted(SECTIONS) == CODES


@pytest.mark.parametrize("code", [code for code, (form, _, _) in SECTIONS.items() if form == "yaml"])
def test_the_bad_example_draws_the_complaint_and_the_good_one_none(code, tmp_path, complaints):
    _, bad, good = SECTIONS[code]

    said_of_bad, said_of_good = (complaints(written(tmp_path, whole(example))) for example in (bad, good))

    assert code in said_of_bad
    assert said_of_good == []


def test_examples_that_are_no_yaml_are_true_as_well(tmp_path, complaints):
    text = whole(SECTIONS["BG-Y020"][2])

    assert complaints(tmp_path / "nowhere.yaml") == ["BG-Y001"]
    assert complaints(written(tmp_path, "# " + "x" * 1_000_000)) == ["BG-Y002"]
    assert complaints(written(tmp_path, text.encode("latin-1"))) == ["BG-Y003"]
    assert complaints(written(tmp_path, text, name="another")) == ["BG-Q009"]
    assert complaints(written(tmp_path, text)) == []


def test_a_questionnaire_of_another_ending_is_named(tmp_path):
    (tmp_path / "road-bike.yml").write_text("", encoding="utf-8")

    assert [problem.code for problem in questionnaire_files(tmp_path)[1]] == ["BG-Q009"]


def test_yes_or_no_is_expected_in_the_shops_own_files(tmp_path):
    text = (SHOP / "shop.yaml").read_text(encoding="utf-8").replace("en: Pedals}", "en: Pedals}, sensitive: maybe")
    (tmp_path / "shop.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(Refused) as refused:
        read_shop(tmp_path)

    assert [problem.code for problem in refused.value.problems] == ["BG-Y024"]
