"""Products that never come to anybody's eyes, whatever is answered.

A model is never shown if at least as many others as the shortlist is long stand before it in every state: others that
fit and stay wherever it does, and that come first where they are equal. That is proven by looking at each question by
itself. A model that some tried path shows is shown. What is neither is said to be sampled, with the paths tried.

Code: BG-Q026 products that no path can show.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from service.advice.advise import advise
from service.advice.compiled import Compiled
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
"""Paths that are tried in all; after that no further model is looked at."""

NAMED_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Unshown:
    """The cheapest variant of each model that is never shown: surely, or on none of the paths tried."""

    proven: tuple[Product, ...]
    unseen: tuple[Product, ...]
    looked_at: int
    models: int
    paths: int


def check_shown(compiled: Compiled, complaints: Complaints) -> None:
    """Complain about models that no path can show."""
    found = unshown(compiled)
    wanted = compiled.questionnaire.candidates
    at = wanted[0].attribute.at if wanted else compiled.questionnaire.at
    where = complaints.within("candidates")
    shown = compiled.questionnaire.show_at_most
    looked_at = "proven"
    if found.looked_at < found.models:
        looked_at = f"proven for these; sampled: {found.looked_at} of {found.models} models looked at"
    if found.proven:
        message = (
            f"{_models(found.proven)} can never be on the shortlist, since {shown} or more others always stand before "
            f"({looked_at}); ask for what sets them apart, or leave them out"
        )
        where.add(at, "BG-Q026", message, "warning")
    if found.unseen:
        message = (
            f"{_models(found.unseen)} came on no shortlist (sampled: {found.paths:,} paths tried); "
            "ask for what sets them apart"
        )
        where.add(at, "BG-Q026", message, "note")


def unshown(compiled: Compiled) -> Unshown:
    """The models that are never shown."""
    universe = compiled.universe
    variants = _variants(compiled)
    model_of = {
        universe.product_at(position).sku: int(universe.models[position]) for model in variants for position in model
    }
    step = max(1, -(-len(variants) // MOST_MODELS))
    looked_at = variants[::step]
    proven: list[Product] = []
    unseen: list[Product] = []
    seen: set[int] = set()
    paths = looked = 0
    for model in looked_at:
        if paths >= MOST_PATHS:
            break
        looked += 1
        number = int(universe.models[model[0]])
        if number in seen:
            continue
        if all(_always_behind(compiled, position) for position in model):
            proven.append(universe.product_at(model[0]))
            continue
        for replies in itertools.islice(_paths_for(compiled, model), PATHS_PER_MODEL):
            paths += 1
            state = advise(compiled, replies, _NOBODY, compiled.questionnaire.languages[0])
            seen.update(model_of[each.sku] for each in state.shortlist)
            if number in seen:
                break
        else:
            unseen.append(universe.product_at(model[0]))
    return Unshown(tuple(proven), tuple(unseen), looked, len(variants), paths)


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
    for judged in compiled.judged:
        before = before & _no_worse(judged, position)
    others = before & ~packed(universe.models == universe.models[position])
    return int(universe.layout.count_models(others)) >= compiled.questionnaire.show_at_most


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
