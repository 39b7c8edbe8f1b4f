from pathlib import Path
from textwrap import dedent

import pytest

from service.documents.problem import Refused
from service.privacy.declared import PURPOSES, text_hash
from service.privacy.register import Register, UnknownNotice, read_register
from tests.builders import a_notice, a_purpose, a_register, a_registered_attribute

GOOD = """\
languages: [de, en]
purposes:
  advice_session:
    text: {session}
    example: x
    legal_basis: contract
  advice_profile:
    text:
      de: Beraten
      en: Advise
    example: x
    legal_basis: consent
    valid_for_days: 365
attributes:
  height_cm:
    label:
      de: Größe
      en: Height
    why: fits
    kind: number
    purposes: [advice_profile]
    sources: [shopper, crm]
    retention_days: 730
    sensitive: yes
  orders:
    label: Orders
    why: learn
    kind: behaviour
    purposes: [advice_profile]
notices:
  - id: profile
    version: 1
    text:
      de: Hinweis
      en: Notice
  - id: profile
    version: 1.10
    text: Neuer Hinweis
""".replace("{session}", "Talk")


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "privacy.yaml"
        path.write_text(dedent(text), encoding="utf-8")
        return read_register(path)

    return read


@pytest.fixture
def complaints(read):
    def complaints(text):
        with pytest.raises(Refused) as refused:
            read(text)
        return [(problem.code, problem.at.line) for problem in refused.value.problems]

    return complaints


def test_a_good_file_becomes_a_register(read):
    register = read(GOOD)

    height = register.attributes["height_cm"]
    assert (height.kind, height.sources, height.retention_days, height.sensitive) == (
        "number",
        ("shopper", "crm"),
        730,
        True,
    )
    assert height.label.get("en-GB") == "Height"
    assert register.purposes["advice_profile"].valid_for_days == 365
    assert register.purposes["advice_session"].legal_basis == "contract"


def test_the_last_version_of_a_notice_is_in_force_and_earlier_ones_stay_known(read):
    register = read(GOOD)

    assert register.in_force("profile").version == "1.10"
    assert register.notice("profile", "1").hashes == {"de": text_hash("Hinweis"), "en": text_hash("Notice")}


def test_an_unknown_notice_is_said(read):
    register = read(GOOD)

    for notice_id, version in (("profile", "2"), ("other", "1")):
        with pytest.raises(UnknownNotice):
            register.notice(notice_id, version)
    with pytest.raises(UnknownNotice):
        register.in_force("other")


def test_behaviour_needs_no_sources_and_is_never_read_as_a_value(read):
    register = read(GOOD)

    assert register.attributes["orders"].sources == ("shop",)
    assert [attribute.id for attribute in register.readable("advice_profile")] == ["height_cm"]


def test_a_purpose_that_rests_on_the_contract_or_is_unknown_reads_nothing(read):
    register = read(GOOD)

    for purpose in ("advice_session", "cross_sell", "*", ""):
        assert register.readable(purpose) == ()


CASES = {
    "unknown purpose": ("  advice_session:\n", "  advice_sesion:\n", [("BG-P001", 3)]),
    "bad id of an attribute": ("  height_cm:\n", "  Height-cm:\n", [("BG-P002", 15)]),
    "wildcard as an attribute": ("  height_cm:\n", '  "*":\n', [("BG-P002", 15)]),
    "bad source": ("sources: [shopper, crm]", 'sources: [shopper, "*"]', [("BG-P002", 22)]),
    "undeclared purpose": (
        "purposes: [advice_profile]\n    sources",
        "purposes: [cross_sell]\n    sources",
        [("BG-P003", 15)],
    ),
    "wildcard purpose": ("purposes: [advice_profile]\n    sources", 'purposes: ["*"]\n    sources', [("BG-P003", 15)]),
    "purpose by contract": (
        "purposes: [advice_profile]\n    sources",
        "purposes: [advice_session]\n    sources",
        [("BG-P004", 15)],
    ),
    "no sources": ("    sources: [shopper, crm]\n", "", [("BG-P005", 15)]),
    "a language is missing": ("      en: Advise\n", "", [("BG-P006", 9)]),
    "a version twice": ("version: 1.10", "version: 1", [("BG-P007", 36)]),
    "no days": ("retention_days: 730", "retention_days: 0", [("BG-P008", 23)]),
    "too many days": ("valid_for_days: 365", "valid_for_days: 1e9", [("BG-P008", 13)]),
    "a purpose twice": (
        "purposes: [advice_profile]\n    sources",
        "purposes: [advice_profile, advice_profile]\n    sources",
        [("BG-P009", 21)],
    ),
    "no languages": ("languages: [de, en]", "languages: []", [("BG-P010", 1)]),
    "unknown kind": ("kind: number", "kind: numbr", [("BG-Y025", 20)]),
    "unknown key": ("    sensitive: yes", "    sensitiv: yes", [("BG-Y020", 24)]),
    "missing key": ("    why: fits\n", "", [("BG-Y021", 16)]),
    "no mapping": ("    text: Talk\n    example: x\n    legal_basis: contract\n", "    Talk\n", [("BG-Y027", 4)]),
}


@pytest.mark.parametrize(("good", "bad", "expected"), CASES.values(), ids=CASES)
def test_what_is_wrong_is_said_with_its_place(complaints, good, bad, expected):
    assert good in GOOD

    assert complaints(GOOD.replace(good, bad, 1)) == expected


def test_everything_wrong_is_said_at_once(complaints):
    bad = GOOD
    for name in ("unknown purpose", "no sources", "a language is missing", "a version twice", "unknown kind"):
        bad = bad.replace(*CASES[name][:2], 1)

    assert sorted(code for code, _ in complaints(bad)) == ["BG-P001", "BG-P005", "BG-P006", "BG-P007", "BG-Y025"]


@pytest.mark.parametrize("text", ["", "x", "- a", "languages: [de]"])
def test_a_file_of_another_kind_is_refused(complaints, text):
    assert complaints(text)


def test_a_misspelt_purpose_is_told_its_likely_name(read):
    with pytest.raises(Refused, match="did you mean 'advice_session'"):
        read(GOOD.replace("advice_session:", "advice_sesion:"))


def test_the_example_in_the_documentation_reads(read):
    page = (Path(__file__).parents[2] / "docs" / "privacy-file.md").read_text(encoding="utf-8")

    register = read(page.split("```yaml\n")[1].split("```")[0])

    assert set(register.attributes) == {"height_cm", "orders"}
    assert set(register.purposes) <= set(PURPOSES)


def test_an_empty_register_lets_nothing_be_known():
    register = Register.empty()

    assert (dict(register.attributes), register.readable("advice_profile")) == ({}, ())


def test_a_purpose_that_rests_on_no_consent_reads_nothing_of_a_profile_or_of_behaviour():
    height = a_registered_attribute("height_cm", purposes=("advice_session",))
    orders = a_registered_attribute("orders", kind="behaviour", purposes=("advice_session",), sources=("shop",))

    register = a_register((height, orders), (a_purpose("advice_session", legal_basis="contract"),))

    assert register.readable("advice_session") == ()
    assert register.behaviour("orders", "advice_session") is None


def test_readable_attributes_are_sorted():
    register = a_register(
        attributes=tuple(a_registered_attribute(name) for name in ("b", "a")), purposes=(a_purpose(),)
    )

    assert [attribute.id for attribute in register.readable("advice_profile")] == ["a", "b"]


def test_a_notice_is_known_by_the_text_of_the_language_that_was_shown():
    served = a_notice().served("en-GB")

    assert (served.language, served.hash) == ("en", text_hash("Notice 1"))
    assert a_notice().served("fr").language == "de"


ACCEPTED = [
    ("number", 178, True),
    ("number", 178.5, True),
    ("number", True, False),
    ("number", "178", False),
    ("number", float("nan"), False),
    ("number", float("inf"), False),
    ("text", "x" * 200, True),
    ("text", "x" * 201, False),
    ("text", "", False),
    ("text", 1, False),
    ("boolean", False, True),
    ("boolean", 0, False),
    ("boolean", None, False),
    ("text", ["x"], False),
    ("behaviour", "x", False),
]


@pytest.mark.parametrize(("kind", "value", "expected"), ACCEPTED)
def test_an_attribute_accepts_values_of_its_kind_alone(kind, value, expected):
    assert a_registered_attribute(kind=kind).accepts(value) is expected
