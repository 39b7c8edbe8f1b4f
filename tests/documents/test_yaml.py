"""What read_yaml says of good and bad files."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.documents.problem import Place, Problem, Refused
from service.documents.yaml import Mapping, Scalar, Sequence, parse_yaml, read_yaml


def complaints_about(text):
    with pytest.raises(Refused) as refused:
        parse_yaml(text, "f.yaml")
    return [(problem.at.line, problem.at.column, problem.code) for problem in refused.value.problems]


def test_every_scalar_stays_text():
    content = parse_yaml("a: no\nb: 1.0\nc: 2024-01-01\nd: ~\ne: 0x1F\nf: 1_000\n", "f.yaml")

    assert [node.text for node in content.entries.values()] == ["no", "1.0", "2024-01-01", "~", "0x1F", "1_000"]


def test_every_node_and_key_knows_its_place():
    content = parse_yaml("title: x\nlist:\n  - one\n  - {two: 2}\n", "f.yaml")

    items = content.entries["list"]
    assert isinstance(items, Sequence)
    assert [item.place for item in items.items] == [Place("f.yaml", 3, 5), Place("f.yaml", 4, 5)]
    assert content.key_places["list"] == Place("f.yaml", 2, 1)
    assert items.items[1].entries["two"] == Scalar(Place("f.yaml", 4, 11), "2")


def test_an_empty_value_stands_where_its_key_stands():
    content = parse_yaml("a: 1\nb:\n\n\nc: 2\n", "f.yaml")

    assert content.entries["b"].place == Place("f.yaml", 2, 1)
    assert content.entries["b"].is_empty


def test_windows_line_ends_and_a_byte_order_mark_are_accepted(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: |\r\n  x\r\n  y\r\n")

    content = read_yaml(path)

    assert [node.text for node in content.entries.values()] == ["1", "x\ny\n"]


def test_text_cut_by_a_comment_says_where():
    content = parse_yaml("a: Frame #3\nb: Frame # of\nc: 'Frame' # of\nd: |\n  Frame # of\n", "f.yaml")

    cuts = {key: node.cut_at for key, node in content.entries.items()}
    assert cuts == {"a": Place("f.yaml", 1, 10), "b": Place("f.yaml", 2, 10), "c": None, "d": None}


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        ("", [(1, 1, "BG-Y004")]),
        ("# only a comment\n", [(1, 1, "BG-Y004")]),
        ("---\n", [(1, 1, "BG-Y004")]),
        ("- a\n- b\n", [(1, 1, "BG-Y013")]),
        ("just text", [(1, 1, "BG-Y013")]),
        ("a:\n\tb: 1\n", [(2, 1, "BG-Y005")]),
        ("a: b: c\n", [(1, 5, "BG-Y006")]),
        ('a: "never closed\n', [(1, 4, "BG-Y006")]),
        ("a: [1, 2\n", [(1, 4, "BG-Y006")]),
        ("a: @x\n", [(1, 4, "BG-Y006")]),
        ("a: x\x07\n", [(1, 5, "BG-Y006")]),
        ('a: "\\ud800"\n', [(1, 4, "BG-Y006")]),
        ('a: "\\UFFFFFFFF"\n', [(1, 1, "BG-Y006")]),
        ("a: 1\nb: 2\na: 3\n", [(3, 1, "BG-Y007")]),
        ("a: {b: 1, b: 2}\n", [(1, 11, "BG-Y007")]),
        ("a: &x 1\nb: *x\n", [(1, 4, "BG-Y008"), (2, 4, "BG-Y008")]),
        ("a: 1\n<<: {b: 2}\n", [(2, 1, "BG-Y009")]),
        ("a: !!python/object x\n", [(1, 4, "BG-Y010")]),
        ("%YAML 1.1\n---\na: 1\n", [(2, 1, "BG-Y010")]),
        ("a: " + "[" * 100, [(1, 27, "BG-Y011")]),
        ("? [a]\n: b\n", [(1, 3, "BG-Y012")]),
        ("a: 1\n---\nb: 2\n", [(2, 1, "BG-Y014")]),
        ("a: 1\na: 2\nb: [\n", [(2, 1, "BG-Y007"), (4, 1, "BG-Y006")]),
    ],
)
def test_a_file_that_yaml_would_misunderstand_is_refused_at_its_place(text, complaints):
    assert complaints_about(text) == complaints


def test_a_billion_laughs_are_refused_at_once():
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    begun = time.monotonic()

    codes = {code for _, _, code in complaints_about("\n".join(lines))}

    assert codes == {"BG-Y008"}
    assert time.monotonic() - begun < 5


def test_a_file_that_is_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_text("a: " + "x" * 1_000_000)

    with pytest.raises(Refused, match="BG-Y002 larger than 1,000,000 bytes"):
        read_yaml(path)


def test_a_file_that_is_not_utf_8_is_refused_at_its_first_wrong_byte(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_bytes("a: 1\nb: Rennräder\n".encode("latin-1"))

    with pytest.raises(Refused) as refused:
        read_yaml(path)

    assert [(p.at.line, p.at.column, p.code) for p in refused.value.problems] == [(2, 9, "BG-Y003")]


def test_a_missing_file_is_a_complaint_like_any_other(tmp_path):
    with pytest.raises(Refused, match=r"f\.yaml:1:1 error BG-Y001 cannot be read"):
        read_yaml(tmp_path / "f.yaml")


@given(st.text(alphabet="ab:-[]{}#&*!|>'\"%@`\\\n\t ,?<0~Uxu", max_size=60))
def test_any_text_is_either_read_or_refused(text):
    with suppress(Refused):
        assert isinstance(parse_yaml(text, "f.yaml"), Mapping)


def test_a_problem_reads_as_file_line_column_severity_code_message():
    problem = Problem(Place("road-bike.yaml", 23, 11), "error", "BG-Q014", "no attribute 'x'")

    assert str(problem) == "road-bike.yaml:23:11 error BG-Q014 no attribute 'x'"
