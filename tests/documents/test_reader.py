"""What the typed reader makes of nodes, and what it complains about."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.documents.problem import Complaints
from service.documents.reader import (
    Fields,
    boolean,
    choice,
    entries_of,
    human_text,
    list_of,
    mapping_of,
    number,
    text,
    texts,
    whole_number,
)
from service.documents.scalars import boolean_of, number_of
from service.documents.texts import Texts
from service.documents.yaml import parse_yaml


def fields_of(content):
    return Fields.of(parse_yaml(content, "f.yaml"), Complaints(), "question 'lights'")


def said_by(fields):
    return [str(problem) for problem in fields.complaints.problems]


def test_fields_are_read_as_what_they_should_be():
    fields = fields_of(
        "id: lights\nbold: No\nsize: 1.5\nmost: 3\nweight: high\nuse: [a, b]\none: a\nby: {x: 1, y: 2}\n"
    )

    assert fields.required("id", text, "") == "lights"
    assert fields.required("bold", boolean, instead := None) is False
    assert fields.required("size", number, 0.0) == 1.5
    assert fields.required("most", whole_number, 0) == 3
    assert fields.optional("weight", choice("low", "high"), "low") == "high"
    assert fields.required("use", list_of(text), ()) == ("a", "b")
    assert fields.required("one", list_of(text, one_will_do=True), ()) == ("a",)
    assert fields.required("by", mapping_of(number), {}) == {"x": 1.0, "y": 2.0}
    assert fields.optional("absent", text, instead) is None
    fields.no_others()
    assert said_by(fields) == []


def test_everything_wrong_is_said_at_once_with_place_and_remedy():
    fields = fields_of("bold: maybe\nsize: 1,5\nmost: 1.5\nweight: hihg\nuse: {a: b}\nby: [x]\nsiez: 2\nempty:\n")

    fields.required("id", text, "")
    fields.required("bold", boolean, default := None)
    fields.required("size", number, 0.0)
    fields.required("most", whole_number, 0)
    fields.optional("weight", choice("low", "high"), "low")
    fields.required("use", list_of(text), ())
    fields.required("by", mapping_of(text), {})
    fields.required("empty", text, default)
    fields.no_others()

    assert said_by(fields) == [
        "f.yaml:1:1 error BG-Y021 question 'lights': 'id' is missing; add it",
        "f.yaml:1:7 error BG-Y024 question 'lights': 'maybe' is neither yes nor no; write one of them",
        "f.yaml:2:7 error BG-Y023 question 'lights': '1,5' is not a number; write it like 1234.5",
        "f.yaml:3:7 error BG-Y023 question 'lights': a whole number is expected here; write it without a fraction",
        "f.yaml:4:9 error BG-Y025 question 'lights': 'hihg' is not known here; did you mean 'high'?",
        "f.yaml:5:6 error BG-Y026 question 'lights': a list is expected here; write [a, b] or lines with '- '",
        "f.yaml:6:5 error BG-Y027 question 'lights': 'key: value' is expected here; write {key: value}, or lines below",
        "f.yaml:7:1 error BG-Y020 question 'lights': unknown key 'siez'; did you mean 'size'?",
        "f.yaml:8:1 error BG-Y021 question 'lights': nothing stands behind 'empty'; write it after a colon and a blank",
    ]


def test_a_malformed_entry_does_not_hide_the_next_one():
    fields = fields_of("sizes: [1, x, 3, y]\n")

    assert fields.required("sizes", list_of(number), ()) == (1.0, 3.0)
    assert [problem.at.column for problem in fields.complaints.problems] == [12, 18]


def test_entries_are_read_with_their_key():
    fields = fields_of("by: {x: 1, y: 2}\n")

    read = entries_of(lambda key, node, complaints: (key, number(node, complaints)))

    assert fields.required("by", read, {}) == {"x": ("x", 1.0), "y": ("y", 2.0)}


def test_text_for_people_that_a_comment_cuts_is_warned_about():
    fields = fields_of("ask: Which frame #3?\nhelp: 'Frame #3'\n")

    assert fields.required("ask", human_text, "") == "Which frame"
    assert fields.required("help", human_text, "") == "Frame #3"
    (problem,) = fields.complaints.problems
    assert (problem.at.line, problem.at.column, problem.severity, problem.code) == (1, 18, "warning", "BG-Y029")
    assert not fields.complaints.has_errors


def test_a_plain_text_counts_for_all_languages():
    fields = fields_of("title: Alba\nask: {de: Was?, en: What?, de_AT: x, fr: }\nnone: {}\n")

    assert fields.required("title", texts, Texts.same("")).get("fr") == "Alba"
    assert fields.required("ask", texts, Texts.same("")).get("en-GB") == "What?"
    fields.required("none", texts, Texts.same(""))
    assert [problem.code for problem in fields.complaints.problems] == ["BG-Y028", "BG-Y022", "BG-Y022"]


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("de", "de"),
        ("de-simple", "de"),
        ("DE-simple", "de"),
        ("de_AT", "de"),
        ("en-GB", "en-GB"),
        ("en-GB-oed", "en-GB"),
        ("en-US", "en"),
        ("en-x-pirate", "en"),
        ("fr", "de"),
        ("", "de"),
    ],
)
def test_a_locale_falls_back_by_its_subtags_and_then_to_the_source_language(wanted, got):
    assert Texts({"de": "de", "en": "en", "en-GB": "en-GB"}).get(wanted) == got


@given(st.floats(-1e15, 1e15))
def test_a_number_that_python_prints_is_read_back(value):
    assert number_of(repr(value)) == value


@pytest.mark.parametrize(
    "written", ["nan", "inf", "-Infinity", "1e999", "1,5", "1_000", "\u0661", "0x10", "", " ", "1 ", "."]
)
def test_what_only_looks_like_a_number_is_none(written):
    assert number_of(written) is None


@given(st.text(max_size=50))
def test_any_text_is_a_finite_number_or_none(written):
    found = number_of(written)

    assert found is None or math.isfinite(found)


def test_yes_and_no_are_read_in_any_case():
    assert [boolean_of(word) for word in ("Yes", "TRUE", "no", "False", "on", "1")] == [
        True,
        True,
        False,
        False,
        None,
        None,
    ]


@given(st.floats(min_value=1e15, exclude_min=True, allow_infinity=False))
def test_a_number_that_is_a_slip_of_the_pen_is_none(value):
    assert number_of(repr(value)) is None
    assert number_of(repr(-value)) is None
