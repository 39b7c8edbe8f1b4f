"""A question compiled against the catalogue: which products fit a reply, which stay, and whether any reply matters."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

import numpy as np

from service.advice.questionnaire import Band, Choice, Fit, Near, Option, Question, Span, Within
from service.advice.reply import LARGEST, Between, Measured, NotSure, Picked, Reply
from service.advice.vocabulary import typed
from service.catalogue.sets import ProductSet, Words
from service.catalogue.universe import Universe


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """How products stand to a reply, as words over the universe.

    `fits`: states what was asked for. `kept`: that, and products that do not state it, unless `missing_data: drop`.
    Who is in neither misses it.
    """

    fits: Words
    kept: Words


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One question over a universe.

    `fits` and `kept` have a row per option; a number or range has none, and finds its products when it is answered.
    `lost` are the products that some sensible reply would remove (a preference for a number: rank lower), `silent`
    those that state nothing of what a number is compared with.
    """

    question: Question
    universe: Universe
    fits: Words
    kept: Words
    lost: Words
    silent: Words

    @classmethod
    def of(cls, question: Question, universe: Universe) -> "Judged":
        """The question over this universe; its attributes and values have been checked."""
        keep = question.missing_data == "keep"
        sets = [_option(option, universe, keep=keep) for option in question.options]
        fits, kept = universe.stacked([fits for fits, _ in sets]), universe.stacked([kept for _, kept in sets])
        judged = cls(question, universe, fits, kept, universe.nothing.words, _silent(question, universe))
        return cls(question, universe, fits, kept, judged._removable(), judged.silent)

    def standing(self, reply: Reply) -> Standing:
        """How products stand to a reply to this question."""
        match reply:
            case Picked(options):
                return self._picked(options)
            case Measured(number):
                return self._measured(number)
            case Between(low, high):
                return self._compared(low, high)
            case NotSure():
                return Standing(self.universe.everything.words, self.universe.everything.words)
            case _:
                assert_never(reply)

    def attributes(self, options: Iterable[str]) -> tuple[str, ...]:
        """The attributes that the question compares; of a choice those of these options."""
        match self.question.asks:
            case Choice(offered):
                return tuple(fit.attribute.text for option in offered if option.id in options for fit in option.fits)
            case Near(attribute) | Span(attribute):
                return (attribute.text,)
            case Within(low, high):
                return (low.text, high.text)

    def makes_no_difference(self, live: Words) -> bool:
        """Whether every sensible reply would leave these products as they are, and in the same order."""
        if isinstance(self.question.asks, Span):
            return self._span_makes_no_difference(live, self.question.asks.attribute.text)
        if self.question.effect != "prefer":
            return not _meet(self.lost, live)
        if self.question.options:
            return self._ranks_alike(live)
        return not _meet(self.lost, live) or _within(live, self.silent)

    def _picked(self, options: tuple[str, ...]) -> Standing:
        rows = [row for row, option in enumerate(self.question.options) if option.id in options]
        if len(rows) == 1:
            return Standing(self.fits[rows[0]], self.kept[rows[0]])
        return Standing(np.bitwise_or.reduce(self.fits[rows]), np.bitwise_or.reduce(self.kept[rows]))

    def _measured(self, number: float) -> Standing:
        match self.question.asks:
            case Near(_, tolerance):
                return self._compared(number - tolerance, number + tolerance)
            case Within(low, high):
                lower = self.universe.between(low.text, None, number)
                upper = self.universe.between(high.text, number, None)
                return self._standing([(lower, low.text), (upper, high.text)])
            case _:
                raise TypeError("a number answers a number question")

    def _compared(self, low: float | None, high: float | None) -> Standing:
        attribute = self.attributes(())[0]
        return self._standing([(self.universe.between(attribute, low, high), attribute)])

    def _standing(self, parts: Iterable[tuple[ProductSet, str]]) -> Standing:
        fits, kept = _together(parts, self.universe, keep=self.question.missing_data == "keep")
        return Standing(fits.words, kept.words)

    def _removable(self) -> Words:
        """What some option, or a number at one of the bounds, would remove; a preference for it would rank apart."""
        everything = self.universe.everything.words
        match self.question.asks:
            case Choice():
                kept_by_all: Words = np.bitwise_and.reduce(self.kept, axis=0)
                return everything & ~kept_by_all
            case Span():
                return everything
            case Near() | Within():
                low = self._measured(-LARGEST if self.question.low is None else self.question.low)
                high = self._measured(LARGEST if self.question.high is None else self.question.high)
                if self.question.effect == "prefer":
                    return everything & ~(low.fits & high.fits)
                return everything & ~(low.kept & high.kept)

    def _ranks_alike(self, live: Words) -> bool:
        """Whether each option is met by all, by none, or left open by all."""
        for rows in (self.kept, self.fits):
            for row in rows:
                inside = row & live
                if np.count_nonzero(inside) and np.count_nonzero(inside ^ live):
                    return False
        return True

    def _span_makes_no_difference(self, live: Words, attribute: str) -> bool:
        """Whether there is nothing to slide over: one value at most, and missing ones that do not matter."""
        left = ProductSet(live, self.universe.everything.words)
        extent = self.universe.extent(attribute, left)
        if extent is None:
            return self.question.effect == "prefer" or self.question.missing_data == "keep" or not live.any()
        missing_matters = self.question.effect == "prefer" or self.question.missing_data == "drop"
        return extent[0] == extent[1] and not (missing_matters and _meet(live, self.silent))


def _option(option: Option, universe: Universe, *, keep: bool) -> tuple[ProductSet, ProductSet]:
    return _together(((_fit(fit, universe), fit.attribute.text) for fit in option.fits), universe, keep=keep)


def _fit(fit: Fit, universe: Universe) -> ProductSet:
    if isinstance(fit, Band):
        return universe.between(fit.attribute.text, fit.low, fit.high)
    return universe.equal_to(fit.attribute.text, typed(fit, universe.catalogue.shop))


def _together(
    parts: Iterable[tuple[ProductSet, str]], universe: Universe, *, keep: bool
) -> tuple[ProductSet, ProductSet]:
    """Products that meet all parts, and those that meet or do not state them."""
    parts = tuple(parts)
    fits = universe.intersection(fitting for fitting, _ in parts)
    if not keep:
        return fits, fits
    return fits, universe.intersection(fitting | universe.missing(attribute) for fitting, attribute in parts)


def _silent(question: Question, universe: Universe) -> Words:
    match question.asks:
        case Choice():
            return universe.nothing.words
        case Near(attribute) | Span(attribute):
            return universe.missing(attribute.text).words
        case Within(low, high):
            return (universe.missing(low.text) & universe.missing(high.text)).words


def _meet(left: Words, right: Words) -> bool:
    return bool(np.count_nonzero(left & right))


def _within(inner: Words, outer: Words) -> bool:
    return not np.count_nonzero(inner & ~outer)
