"""A questionnaire drawn: every question once, arrows where one leads to another, and nothing breaks out of the text."""

import re
import xml.etree.ElementTree as ET

import pytest

from service.advice.conditions import All, Any, AnyOf, AtLeast, AtMost, Is, Not
from service.advice.graph import Graph, in_words
from service.advice.graph_mermaid import mermaid
from service.advice.graph_svg import svg
from service.documents.texts import Texts
from tests.builders import a_question, a_questionnaire, a_range_question, a_word, an_option

USE = Is(a_word("use"), a_word("daily"))
NASTY = '"Carbon" <b>& more</b> `#1`'


@pytest.fixture
def graph():
    """Use, then (only for daily riders) a frame, then a budget."""
    frame = a_question("frame", an_option("carbon"), only_if=USE, text=Texts.same(NASTY))
    return Graph.of(a_questionnaire(a_question("use"), frame, a_range_question("budget")), "de")


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (USE, "use: daily"),
        (AnyOf(a_word("use"), (a_word("daily"), a_word("racing"))), "use: daily or racing"),
        (
            All((AtLeast(a_word("height"), 150.0), AtMost(a_word("height"), 200.0))),
            "height at least 150 and height at most 200",
        ),
        (Not(USE), "not (use: daily)"),
        (Any((USE, All((USE, Not(USE))))), "use: daily or (use: daily and not (use: daily))"),
    ],
)
def test_a_condition_is_read_out_in_words(condition, words):
    assert in_words(condition) == words


def test_questions_that_are_always_asked_follow_one_another_and_others_hang_on_what_they_test(graph):
    assert [(edge.start, edge.end, edge.because) for edge in graph.edges] == [(0, 1, "use: daily"), (0, 2, None)]


def test_mermaid_names_every_question_and_condition(graph):
    told = mermaid(graph)

    assert told.startswith("flowchart TD\n")
    assert 'q0 -. "use: daily" .-> q1' in told
    assert "q0 --> q2" in told
    assert "q2 --> shortlist" in told


def test_text_cannot_break_out_of_a_mermaid_label(graph):
    label = re.search(r'q1\{\{"(.*)"\}\}', mermaid(graph)).group(1)

    assert '"' not in label
    assert "#lt;b#gt;#amp; more" in label


def test_the_drawing_is_whole_xml_without_anything_from_elsewhere(graph):
    told = svg(graph)
    drawing = ET.fromstring(told)

    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(drawing.findall(".//{*}rect")) == 3
    assert len(drawing.findall(".//{*}path")) == 2
    assert NASTY in [text.text for text in drawing.findall(".//{*}text")]
    assert "href" not in told
    assert "only if use: daily" in told


def test_arrows_that_are_under_way_together_run_in_lanes_of_their_own():
    later = [a_question(name, only_if=USE) for name in ("a", "b", "c")]
    drawing = ET.fromstring(svg(Graph.of(a_questionnaire(a_question("use"), *later), "de")))

    lanes = [re.search(r"H(-?\d+)", path.get("d")).group(1) for path in drawing.findall(".//{*}path")]

    assert len(set(lanes)) == 3
    assert all(int(lane) > 0 for lane in lanes)
