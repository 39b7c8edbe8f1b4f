"""Times the next advice state in process, on a simulated catalogue, against plain numpy boolean masks in the same run.

    python bench/advise.py [PRODUCTS ...]

Ten questions of eight options (one require, six filter, three prefer), variants of models, gaps in the data, a
shortlist of three with reasons and companions. One sample is one whole `advise(...).as_json()` at some point of a
dialogue, in CPU time of the thread, the best of three calls (other work on the machine disturbs the caches). The
yardstick does the narrowing, the counts and the ranking alone, with one boolean mask per option: no models, no
reasons, no texts, no JSON.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from numpy.typing import NDArray

from service.advice.advise import Answers, advise
from service.advice.compiled import Compiled, compile_questionnaire
from service.advice.questionnaire import Choice, CompanionWish, Effect, OneOf, Option, Question, Questionnaire
from service.advice.reply import Picked
from service.advice.words import Word
from service.catalogue.attribute import Attribute
from service.catalogue.catalogue import Catalogue
from service.catalogue.product import Product
from service.catalogue.shop import Category, Shop
from service.documents.problem import Place
from service.documents.texts import Texts
from service.privacy.view import AdviceView, ConsentedView

QUESTIONS, OPTIONS, SAMPLES = 10, 8, 600
FILTERS: tuple[Effect, ...] = ("filter",) * 6
PREFERENCES: tuple[Effect, ...] = ("prefer",) * 3
EFFECTS: tuple[Effect, ...] = ("require", *FILTERS, *PREFERENCES)
HERE = Place("simulated", 1, 1)
NOBODY: AdviceView = ConsentedView.nothing("advice_profile")


def simulated_shop() -> Shop:
    names = ["model", "pedals", *(f"a{number}" for number in range(QUESTIONS))]
    return Shop(
        currency="EUR",
        locales=("de", "en"),
        country="DE",
        attributes={name: Attribute(name, "text", None, Texts.same(name)) for name in names},
        categories={name: Category(name, Texts.same(name)) for name in ("bike", "pedal")},
    )


def simulated_catalogue(products: int, chance: random.Random) -> Catalogue:
    """Bikes in about three variants a model, each attribute missing in one of twenty."""
    made = [
        Product(
            sku=f"B-{number:07}",
            name=Texts({"de": f"Rad {number}", "en": f"Bike {number}"}),
            price=round(chance.uniform(300, 5000), 2),
            category="bike",
            attributes={"model": f"m{number // 3}", "pedals": chance.choice(("flat", "clip"))}
            | {
                f"a{each}": f"v{chance.randrange(OPTIONS)}"
                for each in range(QUESTIONS)
                if chance.random() > 0.05  # noqa: PLR2004  one in twenty does not state it
            },
            url=f"https://shop.example/{number}",
        )
        for number in range(products)
    ]
    pedals = [Product(f"P-{kind}", Texts.same(kind), 50.0, "pedal", {"pedals": kind}) for kind in ("flat", "clip")]
    return Catalogue.of(simulated_shop(), [*made, *pedals])


def questionnaire() -> Questionnaire:
    category = Word("category", HERE)
    return Questionnaire(
        id="simulated",
        languages=("de", "en"),
        title=Texts.same("simulated"),
        candidates=(OneOf(category, (Word("bike", HERE),)),),
        show_at_most=3,
        same_product=Word("model", HERE),
        questions=tuple(question(number, effect) for number, effect in enumerate(EFFECTS)),
        goes_with=(
            CompanionWish(
                id="pedals",
                when=(),
                products=(OneOf(category, (Word("pedal", HERE),)),),
                match=(Word("pedals", HERE),),
                kind="must_have",
                because=Texts.same("comes without"),
                at=HERE,
            ),
        ),
        tests=(),
        at=HERE,
    )


def question(number: int, effect: Effect) -> Question:
    """Every option fits six of the eight values, so that a dialogue does not run dry."""
    values = [Word(f"v{value}", HERE) for value in range(OPTIONS)]
    options = tuple(
        Option(
            id=f"o{each}",
            text=Texts.same(f"Option {each}"),
            fits=(OneOf(Word(f"a{number}", HERE), tuple(values[(each + step) % OPTIONS] for step in range(6))),),
            because=Texts.same(f"because of {each}"),
            at=HERE,
        )
        for each in range(OPTIONS)
    )
    return Question(
        id=f"q{number}",
        text=Texts.same(f"Question {number}?"),
        help=None,
        asks=Choice(options, several=False),
        effect=effect,
        weight="medium",
        not_sure=True,
        missing_data="keep",
        only_if=None,
        from_profile=None,
        because=None,
        unit=None,
        low=None,
        high=None,
        at=HERE,
    )


def some_answers(chance: random.Random) -> list[Answers]:
    """Answers to the first questions, from none to all."""
    return [
        {f"q{each}": Picked((f"o{chance.randrange(OPTIONS)}",)) for each in range(number % (QUESTIONS + 1))}
        for number in range(SAMPLES)
    ]


class Masks:
    """The yardstick: a boolean mask per option, in the order of price."""

    def __init__(self, compiled: Compiled) -> None:
        bikes = [product for product in compiled.catalogue.products if product.category == "bike"]
        self.masks: list[list[NDArray[np.bool_]]] = []
        for each in compiled.questions:
            stated = np.array([product.value(f"a{each.id[1:]}") or "" for product in bikes])
            wanted = [
                [value.text for fit in option.fits if isinstance(fit, OneOf) for value in fit.values]
                for option in each.options
            ]
            self.masks.append([np.isin(stated, [*values, ""]) for values in wanted])
        self.size = len(bikes)

    def narrow(self, answers: Answers) -> tuple[list[int], list[int]]:
        """Counts for the next question's options, and the three best products."""
        live = np.ones(self.size, np.bool_)
        points = np.zeros(self.size, np.int64)
        for number, reply in enumerate(answers.values()):
            if not isinstance(reply, Picked):
                continue
            mask = self.masks[number][int(reply.options[0][1:])]
            if EFFECTS[number] == "prefer":
                points += mask
            else:
                live &= mask
        following = min(len(answers), QUESTIONS - 1)
        counts = [int(np.count_nonzero(live & mask)) for mask in self.masks[following]]
        left = np.flatnonzero(live)
        return counts, left[np.argsort(-points[left], kind="stable")[:3]].tolist()


def whole_state(compiled: Compiled, answers: Answers) -> dict[str, object]:
    return advise(compiled, answers, NOBODY, "de").as_json()


def timed(work: Callable[[Answers], object], answers: Sequence[Answers]) -> NDArray[np.float64]:
    """CPU microseconds of each call, after a round that warms the caches."""
    for each in answers[: QUESTIONS + 1]:
        work(each)
    return np.array([min(_once(work, each) for _ in range(3)) for each in answers])


def _once(work: Callable[[Answers], object], answers: Answers) -> float:
    begun = time.thread_time_ns()
    work(answers)
    return (time.thread_time_ns() - begun) / 1000


def main() -> None:
    for products in [int(each) for each in sys.argv[1:]] or [1_000, 10_000]:
        chance = random.Random(7)
        catalogue = simulated_catalogue(products, chance)
        begun = time.perf_counter()
        compiled = compile_questionnaire(questionnaire(), catalogue)
        compiling = time.perf_counter() - begun
        answers = some_answers(chance)
        ours = timed(partial(whole_state, compiled), answers)
        masks = timed(Masks(compiled).narrow, answers)
        ratio = np.median(ours) / np.median(masks)
        print(
            f"advise {products:>9,} simulated products, {QUESTIONS} questions of {OPTIONS}: "
            f"p50 {np.median(ours):.0f} us, p95 {np.percentile(ours, 95):.0f} us; "
            f"boolean masks p50 {np.median(masks):.0f} us; ratio {ratio:.2f}; compiled in {compiling:.2f} s"
        )


if __name__ == "__main__":
    main()
