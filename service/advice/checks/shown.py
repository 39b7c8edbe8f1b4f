"""Products that never come to anybody's eyes, whatever is answered.

A model is never shown if at least as many others as the shortlist is long stand before it in every state: others that
fit and stay wherever it does, and that come first where they are equal. That is proven by looking at each question by
itself. A model that some tried path shows is shown. What is neither is said to be sampled, with the paths tried. All
of it is bounded by the work that it takes, counted and not timed: the same file gets the same complaints everywhere.

Code: BG-Q026 products that no path can show.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from service.advice.advise import advise
from service.advice.compiled import Compiled
from service.advice.conditions import mentions
from service.advice.judged import Judged
from service.advice.questionnaire import Choice, Near, Question, Span, Within
from service.advice.reply import Between, Measured, Picked, Reply
from service.catalogue.product import Product
from service.catalogue.sets import Words, packed
from service.documents.problem import Complaints
from service.privacy.view import AdviceView, ConsentedView

MOST_MODELS = 3_000
"""Models that are looked at; of a larger universe evenly spread ones."""

PATHS_PER_MODEL = 48
MOST_PATHS = 10_000
WORK = 4_000_000
"""Paths that are tried in all, and steps that trying and proving may take; then no further model is looked at."""

WORDS_PER_STEP = 1_024
"""So many words of a set of products take as long as one question, answer or test takes by itself."""

NAMED_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Unshown:
    """The cheapest variant of each model that is never shown: surely, or on none of the paths tried."""

    proven: tuple[Product, ...]
    unseen: tuple[Product, ...]
    looked_at: int
    models: int
    paths: int

    @property
    def is_complete(self) -> bool:
        """Whether every model was looked at."""
        return self.looked_at == self.models

    @property
    def all_shown(self) -> str:
        """What is said where none was found."""
        if self.is_complete:
            return "Every model comes on some shopper's shortlist."
        return f"Each of the {self.looked_at:,} models looked at (of {self.models:,}) comes on somebody's shortlist."


def check_shown(compiled: Compiled, complaints: Complaints) -> None:
    """Complain about models that no path can show."""
    found = unshown(compiled)
    wanted = compiled.questionnaire.candidates
    at = wanted[0].attribute.at if wanted else compiled.questionnaire.at
    where = complaints.within("candidates")
    shown = compiled.questionnaire.show_at_most
    of_all = f"{found.looked_at:,} of {found.models:,} models looked at"
    if found.proven:
        looked_at = "proven" if found.is_complete else f"proven for these; sampled: {of_all}"
        message = (
            f"{_models(found.proven)} can never be on the shortlist, since {shown} or more others always stand before "
            f"({looked_at}); ask for what sets them apart, or leave them out"
        )
        where.add(at, "BG-Q026", message, "warning")
    if found.unseen:
        tried = f"{found.paths:,} paths tried" + ("" if found.is_complete else f", {of_all}")
        message = f"{_models(found.unseen)} came on no shortlist (sampled: {tried}); ask for what sets them apart"
        where.add(at, "BG-Q026", message, "note")


def unshown(compiled: Compiled, work: float = WORK) -> Unshown:
    """The models that are never shown, as far as this many steps allow to tell."""
    universe = compiled.universe
    variants = _variants(compiled)
    model_of = {
        universe.product_at(position).sku: int(universe.models[position]) for model in variants for position in model
    }
    proven: list[Product] = []
    unseen: list[Product] = []
    seen: set[int] = set()
    paths = looked = 0
    proof, trial = _steps(compiled)
    for model in _spread(variants):
        if paths >= MOST_PATHS or work <= 0:
            break
        looked += 1
        number = int(universe.models[model[0]])
        if number in seen:
            continue
        work -= proof * len(model)
        if all(_always_behind(compiled, position) for position in model):
            proven.append(universe.product_at(model[0]))
            continue
        for replies in itertools.islice(_paths_for(compiled, model), PATHS_PER_MODEL):
            paths, work = paths + 1, work - trial
            state = advise(compiled, replies, _NOBODY, compiled.questionnaire.languages[0])
            seen.update(model_of[each.sku] for each in state.shortlist)
            if number in seen or work <= 0:
                break
        if number not in seen:
            unseen.append(universe.product_at(model[0]))
    never = (product for product in unseen if model_of[product.sku] not in seen)
    return Unshown(_sorted(compiled, proven), _sorted(compiled, never), looked, len(variants), paths)


def _steps(compiled: Compiled) -> tuple[float, float]:
    """What proving takes for one product, and what trying one path takes, each in steps."""
    wide = 1 + compiled.universe.everything.words.size / WORDS_PER_STEP
    rows = sum(1 + len(question.options) for question in compiled.questions)
    conditions = [question.only_if for question in compiled.questions if question.only_if is not None]
    tests = sum(1 for condition in conditions for _ in mentions(condition))
    return rows * wide, rows * wide + tests


def _spread(variants: Sequence[list[int]]) -> Iterator[list[int]]:
    """The models to look at in an order in which any number of the first ones is spread over all."""
    total = len(variants)
    stride = next((each for each in range(max(int(total * 0.618), 1), total + 1) if math.gcd(each, total) == 1), 1)
    return (variants[turn * stride % total] for turn in range(min(total, MOST_MODELS)))


def _sorted(compiled: Compiled, products: Iterable[Product]) -> tuple[Product, ...]:
    """In the order of the catalogue."""
    return tuple(sorted(products, key=lambda product: compiled.catalogue.position(product.sku)))


def _variants(compiled: Compiled) -> list[list[int]]:
    """The positions of each model, cheapest variant first."""
    found: dict[int, list[int]] = {}
    for position in compiled.universe.everything:
        found.setdefault(int(compiled.universe.models[position]), []).append(position)
    return [sorted(model, key=lambda position: compiled.universe.ranks[position]) for model in found.values()]


def _always_behind(compiled: Compiled, position: int) -> bool:
    """Whether enough models stand before this product in every state in which it is left."""
    universe = compiled.universe
    before = packed(universe.ranks < universe.ranks[position]) & universe.everything.words
    others = before & ~packed(universe.models == universe.models[position])
    enough = compiled.questionnaire.show_at_most
    for judged in compiled.judged:
        if int(np.bitwise_count(others).sum()) < enough:
            return False
        others = others & _no_worse(judged, position)
    return int(universe.layout.count_models(others)) >= enough


def _no_worse(judged: Judged, position: int) -> Words:
    """The products that stand to every reply to a question at least as well as the one at this position."""
    universe = judged.universe
    found = universe.everything.words
    match judged.question.asks:
        case Choice():
            word, bit = divmod(position, 64)
            for rows in (judged.fits, judged.kept):
                holding = rows[(rows[:, word] >> np.uint64(bit)) & np.uint64(1) == 1]
                if holding.size:
                    found = found & np.bitwise_and.reduce(holding, axis=0)
        case Near(attribute) | Span(attribute):
            found = found & _as_stated(judged, attribute.text, position, up=None)
        case Within(low, high):
            found = found & _as_stated(judged, low.text, position, up=False)
            found = found & _as_stated(judged, high.text, position, up=True)
    return found


def _as_stated(judged: Judged, attribute: str, position: int, *, up: bool | None) -> Words:
    """Products that state the same number, or one further up or down; the same silence where it is not stated."""
    numbers = judged.universe.numbers(attribute)
    own = numbers[position]
    if np.isnan(own):
        return judged.universe.missing(attribute).words
    if up is None:
        return packed(numbers == own)
    return packed(numbers >= own if up else numbers <= own)


def _paths_for(compiled: Compiled, model: list[int]) -> Iterator[dict[str, Reply]]:
    """Answers that speak for one variant after another; the most telling ones first."""
    for position in model:
        offered = [_for_it(compiled, judged, position) for judged in compiled.judged]
        names = [question.id for question in compiled.questions]
        for replies in itertools.product(*offered):
            yield {name: reply for name, reply in zip(names, replies, strict=True) if reply is not None}


def _for_it(compiled: Compiled, judged: Judged, position: int) -> list[Reply | None]:
    """The replies to a question that the product at this position fits, those that fewest others fit first."""
    question = judged.question
    if question.options:
        word, bit = divmod(position, 64)
        fitting = [row for row in range(len(question.options)) if int(judged.fits[row][word]) >> bit & 1]
        fitting.sort(key=lambda row: int(compiled.universe.layout.count_models(judged.fits[row])))
        return [*(Picked((question.options[row].id,)) for row in fitting), None]
    reply = _number_for_it(question, compiled, position)
    return [None] if reply is None else [reply, None]


def _number_for_it(question: Question, compiled: Compiled, position: int) -> Reply | None:
    match question.asks:
        case Near(attribute):
            return _measured(question, float(compiled.universe.numbers(attribute.text)[position]))
        case Within(low, high):
            ends = [float(compiled.universe.numbers(each.text)[position]) for each in (low, high)]
            return _measured(question, sum(ends) / 2)
        case Span(attribute):
            own = float(compiled.universe.numbers(attribute.text)[position])
            return None if np.isnan(own) else Between(own, own)
        case _:
            return None


def _measured(question: Question, number: float) -> Reply | None:
    if np.isnan(number):
        return None
    raised = number if question.low is None else max(number, question.low)
    return Measured(raised if question.high is None else min(raised, question.high))


def _models(products: tuple[Product, ...]) -> str:
    named = ", ".join(product.sku for product in products[:NAMED_AT_MOST])
    more = "" if len(products) <= NAMED_AT_MOST else f" and {len(products) - NAMED_AT_MOST} more"
    return f"{named}{more}"


_NOBODY: AdviceView = ConsentedView.nothing("advice_profile")
