"""The funnel of a questionnaire: how many came to each question, and what became of them there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.advice.compiled import Compiled
from service.advice.figures import Figures, FiguresOfQuestion


@dataclass(frozen=True, slots=True)
class Step:
    """One question with its figures; `text` is its id where the questionnaire does not ask it any more."""

    text: str
    figures: FiguresOfQuestion

    def share(self, count: int) -> float:
        """A count as a share of the times that the question was shown; at most 1, since an answer may be corrected."""
        return min(count / self.figures.shown, 1.0) if self.figures.shown else 0.0


@dataclass(frozen=True, slots=True)
class Funnel:
    """The steps in the order of the file, of the days from `since` to `until`.

    `is_current` is whether the figures are of the questionnaire as it is now, and not of another version.
    """

    version: str
    is_current: bool
    since: date
    until: date
    steps: tuple[Step, ...]
    shortlist_shown: int
    products_chosen: tuple[tuple[str, int], ...]

    @property
    def most_shown(self) -> int:
        """How often the question was shown that was shown most."""
        return max((step.figures.shown for step in self.steps), default=0)


def funnel_of(compiled: Compiled, counted: Sequence[Figures], since: date, until: date, locale: str) -> Funnel:
    """The funnel of the questionnaire's own version, or of the one that was shown most where that was never counted."""
    own = [each for each in counted if each.version == compiled.version]
    figures = max(own or counted, key=_shown, default=Figures(compiled.version, (), 0, ()))
    texts = {question.id: question.text.get(locale) for question in compiled.questions}
    order = {question: place for place, question in enumerate(texts)}
    steps = sorted(figures.questions, key=lambda each: order.get(each.id, len(order)))
    return Funnel(
        version=figures.version,
        is_current=figures.version == compiled.version,
        since=since,
        until=until,
        steps=tuple(Step(texts.get(each.id, each.id), each) for each in steps),
        shortlist_shown=figures.shortlist_shown,
        products_chosen=tuple(sorted(figures.products_chosen, key=lambda each: (-each[1], each[0]))),
    )


def _shown(figures: Figures) -> int:
    return sum(each.shown for each in figures.questions)
