"""What the counters of dialogues say: by version of a questionnaire, question by question, rounded down."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from service.advice.insights import WHOLE, Event, Insight

ROUNDED_TO = 5
"""Figures are rounded down to a multiple of this: no figure, and no difference of two, tells of a single person."""

Totals: TypeAlias = Mapping[tuple[Event, str, str], int]


@dataclass(frozen=True, slots=True)
class FiguresOfQuestion:
    """What became of one question; `options` are its answers by option."""

    id: str
    shown: int
    answered: int
    not_sure: int
    taken_back: int
    left_here: int
    conflicts: int
    ways_out_taken: int
    options: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of the dialogues of one version; `products_chosen` by sku."""

    version: str
    questions: tuple[FiguresOfQuestion, ...]
    shortlist_shown: int
    products_chosen: tuple[tuple[str, int], ...]


def figures_of(counted: Iterable[tuple[Insight, int]]) -> tuple[Figures, ...]:
    """The counters of a questionnaire, added up by version."""
    by_version: dict[str, dict[tuple[Event, str, str], int]] = defaultdict(lambda: defaultdict(int))
    for insight, count in counted:
        by_version[insight.version][insight.event, insight.question, insight.option] += count
    return tuple(_version(version, by_version[version]) for version in sorted(by_version))


def _version(version: str, totals: Totals) -> Figures:
    questions = sorted({question for _, question, _ in totals if question})
    chosen = sorted(option for event, _, option in totals if event == "product_chosen")
    return Figures(
        version=version,
        questions=tuple(_question(each, totals) for each in questions),
        shortlist_shown=_rounded(totals, "shortlist_shown"),
        products_chosen=tuple((sku, _rounded(totals, "product_chosen", option=sku)) for sku in chosen),
    )


def _question(question: str, totals: Totals) -> FiguresOfQuestion:
    options = sorted(option for event, of, option in totals if event == "answered" and of == question and option)
    return FiguresOfQuestion(
        id=question,
        shown=_rounded(totals, "shown", question),
        answered=_rounded(totals, "answered", question),
        not_sure=_rounded(totals, "not_sure", question),
        taken_back=_rounded(totals, "taken_back", question),
        left_here=_rounded(totals, "left_here", question),
        conflicts=_rounded(totals, "conflict", question),
        ways_out_taken=_rounded(totals, "way_out_taken", question),
        options=tuple((each, _rounded(totals, "answered", question, each)) for each in options),
    )


def _rounded(totals: Totals, event: Event, question: str = WHOLE, option: str = WHOLE) -> int:
    count = totals.get((event, question, option), 0)
    return count - count % ROUNDED_TO
