"""A better fixed order of the questions, where there is one: what narrows soonest for this catalogue's own shoppers.

Every shopper wants one product and answers truthfully, "not sure" where it states nothing. The order that is proposed
asks at every place what leaves fewest products, and is then improved by moving single questions. Questions that do not
narrow, and those in adaptive order, keep their places; nobody is moved before a question that its `only_if` tests.

Improving takes questions^3 x shoppers steps at most, so of a long questionnaire fewer shoppers are asked; a proposal
says how many that were.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2

from service.advice.adaptive import Probe, probes_of
from service.advice.compiled import Compiled
from service.advice.conditions import mentions
from service.advice.masks import Mask, positions_of
from service.advice.path import walk

SHOPPERS, FEWEST_SHOPPERS = 200, 20
WORK = 40_000_000
"""Products times shoppers that are looked at for one order: of a large catalogue fewer shoppers are asked."""

STEPS = 4_000_000
"""Questions put to shoppers while orders are compared: of a long questionnaire fewer shoppers are asked."""

WORTH_TELLING, WORTH_MOVING = 0.9, 0.5
"""An order is better if it takes less than this share of the questions, and at least this many fewer on average."""

Order = tuple[str, ...]
Left = tuple[Mask, ...]
"""By shopper the products left."""


@dataclass(frozen=True, slots=True)
class Better:
    """The better order of all questions, and how many questions it takes on average, against the order as written.

    The average is over `shoppers`, each of whom wants one of the `products`.
    """

    order: Order
    takes: float
    as_written: float
    shoppers: int
    products: int


@dataclass(frozen=True, slots=True)
class _Shopper:
    """By question what stays after the true answer, and the questions that the shopper is asked."""

    staying: Mapping[str, Mask]
    asked: frozenset[str]


def better_order(compiled: Compiled) -> Better | None:
    """The proposal; None if the order as written is as good, or if there is nothing to move."""
    movable = _movable(compiled)
    if sum(len(each) > 1 for each in movable) == 0:
        return None
    shoppers = tuple(_shoppers(compiled))
    dialogues = _Dialogues(compiled, shoppers)
    written = tuple(each.id for each in compiled.questions)
    found = _improved(_grown(written, movable, compiled, dialogues), movable, compiled, dialogues.questions)
    takes, before = dialogues.questions(found), dialogues.questions(written)
    is_better = takes < before * WORTH_TELLING and before - takes >= WORTH_MOVING
    return Better(found, takes, before, len(shoppers), compiled.everything.bit_count()) if is_better else None


def shoppers_asked(products: int, questions: int) -> int:
    """How many shoppers the work that an order may take allows to ask."""
    allowed = min(WORK // max(products, 1), STEPS // max(questions, 1) ** 3)
    return min(SHOPPERS, max(FEWEST_SHOPPERS, allowed), products)


class _Dialogues:
    """What orders cost the shoppers of a catalogue."""

    def __init__(self, compiled: Compiled, shoppers: Sequence[_Shopper]) -> None:
        self._compiled = compiled
        self._shoppers = shoppers

    def questions(self, order: Order) -> float:
        """The mean number of questions that narrow, until the shortlist holds all that is left."""
        return sum(self._asked(each, order) for each in self._shoppers) / max(len(self._shoppers), 1)

    def everything(self) -> Left:
        """What is left for each shopper before the first question."""
        return (self._compiled.everything,) * len(self._shoppers)

    def after(self, question: str, left: Left) -> Left:
        """What is left for each after a question; whoever is not asked it has it left open."""
        return tuple(
            products & shopper.staying.get(question, products) if question in shopper.asked else products
            for shopper, products in zip(self._shoppers, left, strict=True)
        )

    def _asked(self, shopper: _Shopper, order: Order) -> int:
        compiled, left, asked = self._compiled, self._compiled.everything, 0
        for question in order:
            if compiled.models.count(left) <= compiled.questionnaire.show_at_most:
                break
            if question in shopper.asked and compiled.by_id[question].lost & left:
                asked += 1
                left &= shopper.staying.get(question, left)
        return asked


def _bits(left: Left) -> float:
    """The sum of log2(products left)."""
    return sum(log2(max(products.bit_count(), 1)) for products in left)


def _movable(compiled: Compiled) -> list[Order]:
    """By stretch in the order as written the questions that narrow."""
    return [
        tuple(each.id for each in questions if each.effect != "prefer")
        for order, questions in compiled.questionnaire.stretches()
        if order == "as_written"
    ]


def _shoppers(compiled: Compiled) -> Iterator[_Shopper]:
    probes = {each.question.id: tuple(probes_of(each)) for each in compiled.judged}
    narrowing = {each.id for each in compiled.questions if each.effect != "prefer"}
    positions = positions_of(compiled.everything)
    number = shoppers_asked(positions.size, len(compiled.questions))
    for turn in range(number):
        wanted = int(positions[turn * positions.size // number])
        given = {question: _given(each, 1 << wanted, turn) for question, each in probes.items()}
        replies = {question: probe for question, probe in given.items() if probe is not None}
        path = walk(compiled.questions, {question: probe.reply for question, probe in replies.items()})
        asked = narrowing & {*path.counted, *path.waiting}
        yield _Shopper({question: probe.staying for question, probe in replies.items()}, frozenset(asked))


def _given(probes: Sequence[Probe], wanted: Mask, turn: int) -> Probe | None:
    """The shopper's reply; who has several true ones takes each in turn."""
    true = [each for each in probes if each.wanted & wanted]
    return true[turn % len(true)] if true else None


def _grown(written: Order, movable: Sequence[Order], compiled: Compiled, dialogues: _Dialogues) -> Order:
    """Takes at every place the question after which fewest products are left, the first of equals."""
    stretch_of = {each: stretch for stretch in movable for each in stretch}
    hangs_on = _hangs_on(compiled)
    order: Order = ()
    left = dialogues.everything()
    for here in written:
        open_ones = [
            each for each in stretch_of.get(here, ()) if each not in order and hangs_on[each] <= frozenset(order)
        ]
        afterwards = {each: dialogues.after(each, left) for each in open_ones or [here]}
        best = min(afterwards, key=lambda each: _bits(afterwards[each]))
        order, left = (*order, best), afterwards[best]
    return order


def _improved(order: Order, movable: Sequence[Order], compiled: Compiled, cost: Callable[[Order], float]) -> Order:
    """Takes every move of one question that makes the order cheaper, once through."""
    lowest, hangs_on = cost(order), _hangs_on(compiled)
    for stretch in movable:
        for question in stretch:
            for changed in _moves(order, question, stretch):
                if _is_allowed(hangs_on, changed) and (price := cost(changed)) < lowest:
                    order, lowest = changed, price
    return order


def _moves(order: Order, question: str, stretch: Order) -> Iterator[Order]:
    """The question at every other place of its stretch."""
    places = [place for place, each in enumerate(order) if each in stretch]
    others = [each for each in order if each in stretch and each != question]
    for at in range(len(places)):
        moved = iter((*others[:at], question, *others[at:]))
        yield tuple(next(moved) if each in stretch else each for each in order)


def _is_allowed(hangs_on: Mapping[str, frozenset[str]], order: Order) -> bool:
    before: set[str] = set()
    for each in order:
        if not hangs_on[each] <= before:
            return False
        before.add(each)
    return True


def _hangs_on(compiled: Compiled) -> dict[str, frozenset[str]]:
    """By question the earlier ones that its condition tests."""
    conditions = {each.id: each.only_if for each in compiled.questions}
    return {
        question: frozenset(tested.text for tested, _ in mentions(condition)) if condition is not None else frozenset()
        for question, condition in conditions.items()
    }
