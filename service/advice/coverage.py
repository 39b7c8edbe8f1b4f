"""How a questionnaire covers a catalogue: how answers part it, what is never shown, and what no product meets.

*Evenness* is Shannon's entropy of the shares in which the answers part the candidates, divided by its maximum: 1 where
every answer gets as many, 0 where one gets them all. A number or range is parted at the quarters of its values.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.advice.checks.shown import Unshown, unshown
from service.advice.compiled import Compiled
from service.advice.coverage_gaps import Gap, Gaps, gaps_of
from service.advice.judged import Judged
from service.advice.phrases import unit_of
from service.advice.questionnaire import Near, Question, Span, Within
from service.advice.reply import Between, plain_number
from service.advice.wording import Wording
from service.catalogue.sets import Words

__all__ = ["Coverage", "Gap", "Gaps", "Part", "QuestionCoverage", "coverage_of"]


@dataclass(frozen=True, slots=True)
class Part:
    """One answer, or one stretch of a number: how many models fit it, and their share of all."""

    id: str
    text: str
    fits: int
    share: float


@dataclass(frozen=True, slots=True)
class QuestionCoverage:
    """How one question parts the models; `not_stated` is the share that says nothing of what it asks for."""

    id: str
    text: str
    kind: str
    effect: str
    parts: tuple[Part, ...]
    evenness: float
    not_stated: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole of it, over all models that a questionnaire may show."""

    questionnaire: str
    title: str
    locale: str
    models: int
    questions: tuple[QuestionCoverage, ...]
    unshown: Unshown
    gaps: Gaps


def coverage_of(compiled: Compiled, locale: str) -> Coverage:
    """The coverage, with texts in a language of the questionnaire."""
    return Coverage(
        questionnaire=compiled.questionnaire.id,
        title=compiled.questionnaire.title.get(locale),
        locale=locale,
        models=compiled.universe.count_models(compiled.universe.everything),
        questions=tuple(_question(compiled, judged, locale) for judged in compiled.judged),
        unshown=unshown(compiled),
        gaps=gaps_of(compiled, locale),
    )


def evenness(counts: Sequence[int]) -> float:
    """Normalised entropy of counts; 0 where there is nothing to part."""
    total = sum(counts)
    shares = [count / total for count in counts if count] if total else []
    if len(shares) < 2:  # noqa: PLR2004  one share alone parts nothing
        return 0.0
    return -sum(share * math.log(share) for share in shares) / math.log(len(counts))


def _question(compiled: Compiled, judged: Judged, locale: str) -> QuestionCoverage:
    question = judged.question
    parts = _options(compiled, judged, locale) if question.options else _stretches(compiled, question, locale)
    return QuestionCoverage(
        id=question.id,
        text=question.text.get(locale),
        kind=question.choose,
        effect=question.effect,
        parts=parts,
        evenness=evenness([part.fits for part in parts]),
        not_stated=_not_stated(compiled, question),
    )


def _options(compiled: Compiled, judged: Judged, locale: str) -> tuple[Part, ...]:
    counts = compiled.universe.count_models_each(judged.fits, compiled.universe.everything)
    options = judged.question.options
    named = ((option.id, option.text.get(locale)) for option in options)
    return tuple(_part(compiled, *name, count) for name, count in zip(named, counts, strict=True))


def _stretches(compiled: Compiled, question: Question, locale: str) -> tuple[Part, ...]:
    """The quarters of what the products state; for two attributes those of their middle."""
    numbers = _numbers(compiled, question)
    stated = numbers[~np.isnan(numbers)]
    if not stated.size:
        return ()
    ends = sorted({float(end) for end in np.quantile(stated, (0, 0.25, 0.5, 0.75, 1), method="nearest")})
    edges = list(itertools.pairwise(ends)) or [(ends[0], ends[0])]
    parts = []
    wording, unit = Wording.of(locale), unit_of(question, compiled.catalogue.shop)
    for low, high in edges:
        inside = (numbers >= low) & ((numbers < high) | ((high == ends[-1]) & (numbers <= high)))
        name = f"{plain_number(round(low, 2))} to {plain_number(round(high, 2))}"
        text = wording.between(Between(round(low, 2), round(high, 2)), unit)
        parts.append(_part(compiled, name, text, len(set(compiled.universe.models[inside].tolist()))))
    return tuple(parts)


def _numbers(compiled: Compiled, question: Question) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    match question.asks:
        case Near(attribute) | Span(attribute):
            return compiled.universe.numbers(attribute.text)
        case Within(low, high):
            return (compiled.universe.numbers(low.text) + compiled.universe.numbers(high.text)) / 2
        case _:
            raise TypeError("an answer among options has no numbers")


def _part(compiled: Compiled, part_id: str, text: str, fits: int) -> Part:
    models = compiled.universe.count_models(compiled.universe.everything)
    return Part(part_id, text, fits, fits / models if models else 0.0)


def _not_stated(compiled: Compiled, question: Question) -> float:
    universe = compiled.universe
    match question.asks:
        case Near(attribute) | Span(attribute):
            names = [attribute.text]
        case Within(low, high):
            names = [low.text, high.text]
        case _:
            names = [fit.attribute.text for option in question.options for fit in option.fits]
    silent: Words = universe.nothing.words
    for name in dict.fromkeys(names):
        silent = silent | universe.missing(name).words
    total = universe.everything.count()
    return int(np.bitwise_count(silent).sum()) / total if total else 0.0
