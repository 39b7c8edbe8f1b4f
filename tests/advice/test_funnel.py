"""The funnel tells of the questionnaire's own version, in the order of the file; its page draws no more."""

import re
from datetime import date

import pytest

from service.advice.compiled import compile_questionnaire
from service.advice.coverage import coverage_of
from service.advice.coverage_page import page
from service.advice.figures import figures_of
from service.advice.funnel import funnel_of
from service.advice.insights import EVENTS, Insight
from tests.builders import a_catalogue, a_product, a_question, a_questionnaire

SINCE, UNTIL = date(2026, 2, 1), date(2026, 3, 3)


@pytest.fixture
def compiled():
    return compile_questionnaire(a_questionnaire(a_question("use"), a_question("frame")), a_catalogue(a_product()))


def counted(version, *counts):
    """Counters: event, question, option, count."""
    return [(Insight("road-bike", version, UNTIL, event, *of), count) for event, *of, count in counts]


def funnel(compiled, *insights):
    return funnel_of(compiled, figures_of(insights), SINCE, UNTIL, "de")


def test_questions_come_in_the_order_of_the_file_and_forgotten_ones_last(compiled):
    names = ("frame", "gone", "use")
    found = funnel(compiled, *counted(compiled.version, *(("shown", name, "", 10) for name in names)))

    assert [step.figures.id for step in found.steps] == ["use", "frame", "gone"]
    assert (found.is_current, found.most_shown) == (True, 10)


def test_its_own_version_goes_before_one_that_was_shown_more(compiled):
    ours, theirs = counted(compiled.version, ("shown", "use", "", 5)), counted("older", ("shown", "use", "", 500))

    assert (funnel(compiled, *ours, *theirs).version, funnel(compiled, *theirs).version) == (compiled.version, "older")
    assert not funnel(compiled, *theirs).is_current


def test_a_share_is_of_the_times_shown_and_never_more_than_all(compiled):
    found = funnel(compiled, *counted(compiled.version, ("shown", "use", "", 20), ("answered", "use", "", 5)))

    (step,) = found.steps
    assert (step.share(5), step.share(30)) == (0.25, 1.0)


def test_products_chosen_come_by_number(compiled):
    chosen = counted(
        compiled.version,
        ("product_chosen", "", "A", 5),
        ("product_chosen", "", "B", 15),
        ("product_chosen", "", "C", 4),
    )

    assert funnel(compiled, *chosen).products_chosen[:2] == (("B", 15), ("A", 5))


def test_the_page_tells_every_figure_that_is_counted(compiled):
    of_a_question = [each for each in EVENTS if each not in {"shortlist_shown", "product_chosen"}]
    counts = [(event, "use", "", 1000 + 5 * place) for place, event in enumerate(of_a_question)]
    rest = (("shortlist_shown", "", "", 2005), ("product_chosen", "", "RB-1", 2010))

    told = page(coverage_of(compiled, "de"), funnel(compiled, *counted(compiled.version, *counts, *rest)))

    missing = {str(count) for *_, count in (*counts, *rest)} - set(re.findall(r"\d{4}", told))
    assert not missing


def test_a_bar_never_runs_beyond_its_end(compiled):
    more = ("shown", "answered", "not_sure", "left_here")
    found = funnel(compiled, *counted(compiled.version, *((event, "use", "", 100) for event in more)))

    told = page(coverage_of(compiled, "de"), found).partition("How dialogues go")[2]

    parts = [(float(x), float(width)) for x, width in re.findall(r'<rect x="([\d.]+)" width="([\d.]+)"', told)]
    assert len(parts) == 3
    assert max(x + width for x, width in parts) <= 180


def test_the_page_escapes_what_others_wrote(compiled):
    found = funnel(compiled, *counted(compiled.version, ("shown", "<b>", "", 5), ("product_chosen", "", "<i>", 5)))

    told = page(coverage_of(compiled, "de"), found)

    assert "<b>" not in told.partition("How dialogues go")[2]
    assert "<i>" not in told


def test_too_little_to_be_told_is_said(compiled):
    told = page(coverage_of(compiled, "de"), funnel(compiled))

    assert "Too little was counted from 2026-02-01 to 2026-03-03" in told


def test_without_a_funnel_the_page_says_nothing_of_dialogues(compiled):
    assert "How dialogues go" not in page(coverage_of(compiled, "de"))
