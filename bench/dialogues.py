"""Truthful shoppers answering a questionnaire until few products are left, in plain numpy and apart from the engine.

Every question is a choice of one option that narrows. A question that no reply to could change anything any more is not
shown, in any order, and does not count.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from service.advice.questionnaire import Band, Choice, Fit, Option, Question, Questionnaire
from service.catalogue.product import Product

Words: TypeAlias = NDArray[np.uint64]
Bits: TypeAlias = NDArray[np.bool_]
Choose: TypeAlias = Callable[[Mapping[str, str]], str | None]
"""From the answers so far (question id -> option id) to the next question; None when nothing is left to ask."""

NOT_SURE = "not_sure"


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Which products every reply leaves.

    `fits` and `kept` have a row per reply, (replies, words): the options of all questions one after another, those of
    question q from `first[q]` to `first[q + 1]`, and in the end "not sure", which all products fit. `lost[q]` are the
    products that some option of q removes.
    """

    questions: tuple[str, ...]
    replies: tuple[str, ...]
    first: tuple[int, ...]
    fits: Words
    kept: Words
    lost: Words
    products: int

    @classmethod
    def of(cls, questionnaire: Questionnaire, products: Sequence[Product]) -> "World":
        """The world of these products; raises `ValueError` unless every question always narrows by one option."""
        fits, kept, first = [], [], [0]
        for question in questionnaire.questions:
            for option in _options(question):
                known, agrees = _standing(option, products)
                fits.append(agrees & known)
                kept.append(agrees if question.missing_data == "keep" else agrees & known)
            first.append(len(fits))
        everything = np.ones(len(products), np.bool_)
        every_kept = _packed([*kept, everything])
        lost = [np.bitwise_and.reduce(every_kept[start:end]) for start, end in pairwise(first)]
        return cls(
            questions=tuple(question.id for question in questionnaire.questions),
            replies=(*(option.id for each in questionnaire.questions for option in each.options), NOT_SURE),
            first=tuple(first),
            fits=_packed([*fits, everything]),
            kept=every_kept,
            lost=every_kept[-1] & ~np.stack(lost),
            products=len(products),
        )

    def left_by(self, answers: Mapping[str, str]) -> Words:
        """The products that all the answers leave."""
        rows = [self.row(question, reply) for question, reply in answers.items()]
        left: Words = np.bitwise_and.reduce(self.kept[[-1, *rows]], axis=0)
        return left

    def row(self, question: str, reply: str) -> int:
        """The row of a reply to a question."""
        if reply == NOT_SURE:
            return len(self.replies) - 1
        number = self.questions.index(question)
        return self.replies.index(reply, self.first[number], self.first[number + 1])


@dataclass(frozen=True, slots=True, eq=False)
class Shoppers:
    """Shoppers who each want one product; `rows[s, q]` is the row of shopper s's true reply to question q."""

    targets: NDArray[np.int64]
    rows: NDArray[np.int64]

    @classmethod
    def draw(cls, world: World, number: int, dice: np.random.Generator) -> "Shoppers":
        """Every product is wanted equally often; one that fits several options is answered by any of them."""
        targets = dice.integers(world.products, size=number)
        fits = _unpacked(world.fits)[:, targets]
        rows = np.empty((number, len(world.questions)), np.int64)
        for question, (start, end) in enumerate(pairwise(world.first)):
            luck = fits[start:end] * dice.uniform(0.1, 1, (end - start, number))
            rows[:, question] = np.where(luck.any(axis=0), start + luck.argmax(axis=0), len(world.replies) - 1)
        return cls(targets, rows)


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Per shopper how many questions were shown, and whether few enough products were left in the end."""

    shown: NDArray[np.int64]
    reached: Bits

    @property
    def mean(self) -> float:
        """The mean number of questions."""
        return float(self.shown.mean())

    @property
    def error(self) -> float:
        """The standard error of the mean."""
        return standard_error(self.shown)


def standard_error(numbers: NDArray[np.int64]) -> float:
    """The standard error of the numbers' mean."""
    return float(numbers.std(ddof=1) / np.sqrt(numbers.size))


def asked_in_order(world: World, shoppers: Shoppers, orders: NDArray[np.int64], at_most: int) -> Outcome:
    """Each shopper is asked in an order of question numbers: `orders` is (questions,), or (shoppers, questions)."""
    number = len(shoppers.targets)
    orders = np.broadcast_to(orders, (number, orders.shape[-1]))
    shown = np.zeros(number, np.int64)
    going = np.arange(number)
    left = np.repeat(world.kept[-1:], number, axis=0)
    for step in range(orders.shape[1]):
        few = _count(left) <= at_most
        going, left = going[~few], left[~few]
        question = orders[going, step]
        shown[going] += (left & world.lost[question]).any(axis=1)
        left &= world.kept[shoppers.rows[going, question]]
    reached = np.ones(number, np.bool_)
    reached[going] = _count(left) <= at_most
    return Outcome(shown, reached)


def asked_by(choose: Choose, world: World, shoppers: Shoppers, at_most: int) -> Outcome:
    """Shoppers are asked what `choose` says; it is called once for all who have answered alike."""
    shown = np.zeros(len(shoppers.targets), np.int64)
    reached = np.zeros(len(shoppers.targets), np.bool_)
    waiting: list[tuple[dict[str, str], NDArray[np.int64]]] = [({}, np.arange(shown.size))]
    while waiting:
        answers, alike = waiting.pop()
        shown[alike] = len(answers)
        if int(_count(world.left_by(answers))) <= at_most:
            reached[alike] = True
        elif question := choose(answers):
            rows = shoppers.rows[alike, world.questions.index(question)]
            waiting += ((answers | {question: world.replies[row]}, alike[rows == row]) for row in np.unique(rows))
    return Outcome(shown, reached)


def greedy_entropy(world: World) -> Choose:
    """Asks what is expected to take most bits off the number of products left, the first in the file of equals."""
    gains = expected_gains(world)

    def choose(answers: Mapping[str, str]) -> str | None:
        left = world.left_by(answers)
        still_open = (left & world.lost).any(axis=1) & ~np.isin(world.questions, list(answers))
        return world.questions[int(np.where(still_open, gains(left), -1).argmax())] if still_open.any() else None

    return choose


def expected_gains(world: World) -> Callable[[Words], NDArray[np.float64]]:
    """From the products left to each question's gain: the mean of log2(left before / left after) over the true replies.

    Every product left is equally wanted; one that fits several options is answered by each of them equally often, one
    that fits none by "not sure", which leaves all.
    """
    starts = np.array(world.first[:-1])
    options = len(world.replies) - 1
    fits = _unpacked(world.fits[:options]).astype(np.float64)
    per_question = np.repeat(np.add.reduceat(fits, starts), np.diff(world.first), axis=0)
    chances = fits / np.maximum(per_question, 1)

    def gains(left: Words) -> NDArray[np.float64]:
        before, after = int(_count(left)), np.maximum(_count(world.kept[:options] & left), 1)
        shares = chances[:, _unpacked(left).view(np.bool_)].sum(axis=1) / before
        return np.asarray(np.add.reduceat(shares * np.log2(before / after), starts))

    return gains


def _options(question: Question) -> tuple[Option, ...]:
    if not isinstance(question.asks, Choice) or question.asks.several or question.effect == "prefer":
        raise ValueError(f"question '{question.id}' does not narrow by one of several options")
    if question.only_if is not None or not question.not_sure:
        raise ValueError(f"question '{question.id}' may not be asked, or not be left open")
    return question.options


def _standing(option: Option, products: Sequence[Product]) -> tuple[Bits, Bits]:
    """By product whether everything that the option compares is stated, and whether nothing stated contradicts it."""
    values = [[(fit, product.value(fit.attribute.text)) for fit in option.fits] for product in products]
    known = [all(value is not None for _, value in each) for each in values]
    agrees = [all(value is None or _agrees(fit, value) for fit, value in each) for each in values]
    return np.array(known, np.bool_), np.array(agrees, np.bool_)


def _agrees(fit: Fit, value: object) -> bool:
    if isinstance(fit, Band):
        number = float(str(value))
        return (fit.low is None or fit.low <= number) and (fit.high is None or number <= fit.high)
    wanted = {word.text for word in fit.values}
    if isinstance(value, bool):
        return ("yes" if value else "no") in wanted
    return any(str(each) in wanted for each in (value if isinstance(value, tuple) else (value,)))


def _packed(rows: Sequence[Bits]) -> Words:
    bits = np.stack(rows)
    padded = np.pad(bits, ((0, 0), (0, -bits.shape[1] % 64)))
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


def _unpacked(words: Words) -> NDArray[np.uint8]:
    return np.unpackbits(words.view(np.uint8), axis=-1, bitorder="little")


def _count(words: Words) -> NDArray[np.int64]:
    return np.asarray(np.bitwise_count(words).sum(axis=-1, dtype=np.int64))
