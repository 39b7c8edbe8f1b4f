"""A question compiled against the catalogue: which products fit a reply, which stay, and whether any reply matters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import assert_never

import numpy as np

from service.advice.masks import Mask, mask_of
from service.advice.questionnaire import Band, Choice, Fit, Near, Option, Question, Span, Within
from service.advice.reply import LARGEST, Between, Measured, NotSure, Picked, Reply
from service.advice.sorted_numbers import SortedNumbers
from service.advice.vocabulary import typed
from service.advice.widening import widened
from service.catalogue.sets import ProductSet, Words
from service.catalogue.universe import Universe


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """How products stand to a reply: as words over the universe, and the same two sets as masks.

    `fits`, `fitting`: states what was asked for. `kept`, `staying`: that, and products that do not state it, unless
    `missing_data: drop`. Who is in neither misses it.
    """

    fits: Words
    kept: Words
    fitting: Mask
    staying: Mask

    @classmethod
    def of(cls, fits: Words, kept: Words) -> "Standing":
        """How these products stand."""
        return cls(fits, kept, mask_of(fits), mask_of(kept))


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One question over a universe.

    `fits` and `kept` have a row per option; a number or range has none, and finds its products when it is answered.
    `options` are the standings to the single options. `lost` are the products that some sensible reply would remove (a
    preference for a number: rank lower), `silent` those that state nothing of what a number is compared with. `missing`
    are by attribute those that do not state it. `tells` are the different sets by which the options tell products
    apart; `slides` finds the ends of a range.
    """

    question: Question
    universe: Universe
    fits: Words
    kept: Words
    options: Mapping[str, Standing]
    lost: Mask
    silent: Mask
    missing: Mapping[str, Mask]
    tells: tuple[Mask, ...]
    slides: SortedNumbers | None

    @classmethod
    def of(cls, question: Question, universe: Universe) -> "Judged":
        """The question over this universe; its attributes and values have been checked."""
        keep = question.missing_data == "keep"
        sets = [_option(option, universe, keep=keep) for option in question.options]
        fits, kept = universe.stacked([fits for fits, _ in sets]), universe.stacked([kept for _, kept in sets])
        options = {each.id: Standing.of(*rows) for each, *rows in zip(question.options, fits, kept, strict=True)}
        numbers = universe.numbers(question.asks.attribute.text) if isinstance(question.asks, Span) else None
        judged = cls(
            question=question,
            universe=universe,
            fits=fits,
            kept=kept,
            options=options,
            lost=0,
            silent=0,
            missing={},
            tells=tuple({mask for each in options.values() for mask in (each.staying, each.fitting)}),
            slides=None if numbers is None else SortedNumbers.of(numbers),
        )
        missing = {each: mask_of(universe.missing(each).words) for each in judged.attributes(options)}
        silent = reduce(and_, missing.values()) if missing and not options else 0
        return replace(judged, lost=judged._removable(), silent=silent, missing=missing)

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
                return Standing.of(self.universe.everything.words, self.universe.everything.words)
            case _:
                assert_never(reply)

    def widened(self, reply: Reply) -> Standing:
        """The same to a reply that is widened because nothing fits."""
        ends = widened(self.question, reply)
        if ends is None:
            return self.standing(reply)
        if isinstance(self.question.asks, Within):
            return self._surrounding(self.question.asks, ends.low, ends.high)
        return self._compared(ends.low, ends.high)

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
        return self.is_moot(mask_of(live))

    def is_moot(self, live: Mask) -> bool:
        """The same for a mask."""
        if self.slides is not None:
            return self._slides_nowhere(live, self.slides)
        if self.question.effect != "prefer":
            return not self.lost & live
        if self.options:
            return self._ranks_alike(live)
        return not self.lost & live or live & self.silent == live

    def _picked(self, options: tuple[str, ...]) -> Standing:
        if len(options) == 1:
            return self.options[options[0]]
        rows = [row for row, option in enumerate(self.question.options) if option.id in options]
        return Standing.of(np.bitwise_or.reduce(self.fits[rows]), np.bitwise_or.reduce(self.kept[rows]))

    def _measured(self, number: float) -> Standing:
        match self.question.asks:
            case Near(_, tolerance):
                return self._compared(number - tolerance, number + tolerance)
            case Within() as asks:
                return self._surrounding(asks, number, number)
            case _:
                raise TypeError("a number answers a number question")

    def _surrounding(self, asks: Within, least: float | None, most: float | None) -> Standing:
        """Of products that state two ends: those that hold some number between these."""
        lower = self.universe.between(asks.low.text, None, most)
        upper = self.universe.between(asks.high.text, least, None)
        return self._standing([(lower, asks.low.text), (upper, asks.high.text)])

    def _compared(self, low: float | None, high: float | None) -> Standing:
        attribute = self.attributes(())[0]
        return self._standing([(self.universe.between(attribute, low, high), attribute)])

    def _standing(self, parts: Iterable[tuple[ProductSet, str]]) -> Standing:
        fits, kept = _together(parts, self.universe, keep=self.question.missing_data == "keep")
        return Standing.of(fits.words, kept.words)

    def _removable(self) -> Mask:
        """What some option, or a number at one of the bounds, would remove; a preference for it would rank apart."""
        everything = mask_of(self.universe.everything.words)
        match self.question.asks:
            case Choice():
                return everything & ~reduce(and_, (each.staying for each in self.options.values()), everything)
            case Span():
                return everything
            case Near() | Within():
                low = self._measured(-LARGEST if self.question.low is None else self.question.low)
                high = self._measured(LARGEST if self.question.high is None else self.question.high)
                if self.question.effect == "prefer":
                    return everything & ~(low.fitting & high.fitting)
                return everything & ~(low.staying & high.staying)

    def _ranks_alike(self, live: Mask) -> bool:
        """Whether each option is met by all, by none, or left open by all."""
        for mask in self.tells:
            inside = mask & live
            if inside and inside != live:
                return False
        return True

    def _slides_nowhere(self, live: Mask, slides: SortedNumbers) -> bool:
        """Whether there is nothing to slide over: one value at most, and missing ones that do not matter."""
        extent = slides.extent(live)
        if extent is None:
            return self.question.effect == "prefer" or self.question.missing_data == "keep" or not live
        missing_matters = self.question.effect == "prefer" or self.question.missing_data == "drop"
        return extent[0] == extent[1] and not (missing_matters and live & self.silent)


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
