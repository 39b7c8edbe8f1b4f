"""Small made-up worlds for the property tests: a catalogue with gaps, a questionnaire over it, and replies to it."""

from hypothesis import strategies as st

from service.advice.compiled import compile_questionnaire
from service.advice.conditions import All, Any, AnyOf, AtLeast, AtMost, Is, Not
from service.advice.reply import Between, Measured, NotSure, Picked
from service.catalogue.catalogue import Catalogue
from tests.advice.reference import World
from tests.builders import (
    a_fitting_question,
    a_number_question,
    a_product,
    a_question,
    a_questionnaire,
    a_range_question,
    a_shop,
    a_word,
    an_option,
)

COLOURS = ("red", "blue", "green")
USES = ("daily", "racing", "touring")
SHOP = a_shop(
    attributes={
        "model": "text",
        "colour": "text",
        "use": "many",
        "size": "number",
        "lowest": "number",
        "highest": "number",
        "flag": "boolean",
    }
)
NUMBERS = st.integers(0, 6).map(float)


def maybe(strategy):
    return st.one_of(st.none(), strategy)


STATED = {
    "price": st.sampled_from((10.0, 20.0, 30.0)),
    "category": st.sampled_from(("road_bike", "road_bike", "pedal")),
    "available": st.sampled_from((True, True, True, False)),
    "model": maybe(st.sampled_from(("A", "B", "C"))),
    "colour": maybe(st.sampled_from(COLOURS)),
    "use": maybe(st.sampled_from([(one,) for one in USES] + [("daily", "racing"), ("racing", "touring")])),
    "size": maybe(NUMBERS),
    "lowest": maybe(NUMBERS),
    "highest": maybe(NUMBERS),
    "flag": maybe(st.booleans()),
}
MADE = st.fixed_dictionaries(STATED)
SIZES = st.sampled_from((6, 7, 5, 8, 4, 9, 3, 2, 1, 0))  # the first is drawn most often
PRODUCTS = SIZES.flatmap(lambda size: st.lists(MADE, min_size=size, max_size=size)).map(
    lambda made: tuple(a_product(f"P{number:02}", **stated) for number, stated in enumerate(made))
)


FITS = {
    "colour": st.lists(st.sampled_from(COLOURS), min_size=1, max_size=3, unique=True),
    "use": st.lists(st.sampled_from(USES), min_size=1, max_size=3, unique=True),
    "flag": st.sampled_from(("yes", "no")),
    "size": st.one_of(
        st.tuples(NUMBERS, st.just(None)), st.tuples(st.just(None), NUMBERS), st.sampled_from((["2"], ["3", "4"]))
    ),
}


NEARLY_ALWAYS = st.sampled_from((True, True, True, False))


@st.composite
def options(draw):
    wanted = draw(st.lists(st.sampled_from(sorted(FITS)), max_size=2, unique=True))
    return {name: draw(FITS[name]) for name in wanted}


@st.composite
def conditions(draw, earlier, depth=2):
    kinds = ["test"] if depth == 0 else ["test", "test", "not", "all", "any"]
    parts = st.lists(conditions(earlier, depth=depth - 1), min_size=1, max_size=2).map(tuple) if depth else None
    match draw(st.sampled_from(kinds)):
        case "not":
            return Not(draw(conditions(earlier, depth=depth - 1)))
        case "all":
            return All(draw(parts))
        case "any":
            return Any(draw(parts))
    tested = draw(st.sampled_from(earlier))
    if tested.options:
        names = [option.id for option in tested.options]
        some = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
        words = tuple(map(a_word, some))
        return Is(a_word(tested.id), words[0]) if len(words) == 1 else AnyOf(a_word(tested.id), words)
    return draw(st.sampled_from((AtLeast, AtMost)))(a_word(tested.id), draw(NUMBERS))


@st.composite
def questions(draw, number, earlier):
    rules = {
        "effect": draw(st.sampled_from(("filter", "prefer", "filter", "require"))),
        "weight": draw(st.sampled_from(("low", "medium", "high"))),
        "missing_data": draw(st.sampled_from(("keep", "keep", "drop"))),
    }
    testable = [question for question in earlier if question.choose != "range"]
    if testable and draw(st.booleans()):
        rules["only_if"] = draw(conditions(testable))
    name = f"q{number}"
    wide = {"widen": draw(st.sampled_from((0.0, 0.0, 0.5, 1.0)))} if rules["effect"] != "prefer" else {}
    match draw(st.sampled_from(("one", "one", "many", "range", "near", "within"))):
        case "range":
            return a_range_question(name, "size", **rules, **wide)
        case "near":
            low, high = draw(st.sampled_from(((None, None), (0.0, 6.0), (2.0, 3.0))))
            return a_number_question(
                name, "size", draw(st.sampled_from((0.0, 1.0, 4.0))), low=low, high=high, **rules, **wide
            )
        case "within":
            low, high = draw(st.sampled_from(((None, None), (0.0, 6.0), (2.0, 3.0))))
            return a_fitting_question(name, ("lowest", "highest"), low=low, high=high, **rules, **wide)
        case choose:
            wanted = draw(st.lists(options(), min_size=2, max_size=3))
            offered = [an_option(f"o{place}", **fits) for place, fits in enumerate(wanted)]
            return a_question(name, *offered, several=choose == "many", **rules)


@st.composite
def questionnaires(draw, most=5):
    asked = []
    for number in range(draw(st.integers(1, most))):
        asked.append(draw(questions(number, asked)))
    return a_questionnaire(
        *asked,
        same_product=draw(st.sampled_from((None, "model"))),
        candidates=draw(st.sampled_from(({}, {}, {"category": "road_bike"}))),
        show_at_most=draw(st.integers(1, 4)),
        order=draw(st.sampled_from(("as_written", "as_written", "adaptive"))),
    )


def replies_to(question):
    """Replies that the question takes."""
    match question.choose:
        case "one":
            return st.sampled_from([Picked((option.id,)) for option in question.options])
        case "many":
            names = [option.id for option in question.options]
            return st.sets(st.sampled_from(names), min_size=1).map(
                lambda some: Picked(tuple(name for name in names if name in some))
            )
        case "number":
            low, high = int(question.low or 0), int(question.high or 6)
            return st.integers(low, high).map(lambda number: Measured(float(number)))
        case _:
            ends = st.tuples(maybe(NUMBERS), maybe(NUMBERS)).filter(lambda pair: pair != (None, None))
            return ends.map(lambda pair: Between(*sorted(pair) if None not in pair else pair))


@st.composite
def replies(draw, questionnaire, least=0):
    given = {}
    for question in questionnaire.questions:
        if least or draw(st.sampled_from((True, False, False))):
            given[question.id] = draw(st.one_of(replies_to(question), replies_to(question), st.just(NotSure())))
    return given


class Case:
    """One example; no dataclass, so that a failing one is shown by what matters."""

    def __init__(self, questionnaire, catalogue, replies):
        self.questionnaire = questionnaire
        self.catalogue = catalogue
        self.replies = replies
        self.world = World(questionnaire, SHOP, list(catalogue.products))

    def __repr__(self):
        asked = [
            (q.id, q.asks, q.effect, q.missing_data, q.low, q.high, q.only_if) for q in self.questionnaire.questions
        ]
        made = [(p.sku, p.price, p.available, dict(p.attributes)) for p in self.catalogue.products]
        return f"same={self.questionnaire.same_product}, asked={asked}, replies={self.replies}, products={made}"

    def compiled(self):
        return compile_questionnaire(self.questionnaire, self.catalogue)


@st.composite
def cases(draw, least=0):
    """A world, its questionnaire, and replies to some of the questions (with `least=1` to all)."""
    questionnaire = draw(questionnaires())
    catalogue = Catalogue.of(SHOP, draw(PRODUCTS))
    return Case(questionnaire, catalogue, draw(replies(questionnaire, least)))


@st.composite
def linked_cases(draw):
    """Strict questions that all are answered, most of them asked because of an earlier answer: clashes, mostly."""
    asked, given = [], {}
    for number in range(draw(st.integers(2, 7))):
        wanted = draw(st.lists(strict_options(), min_size=2, max_size=3))
        offered = [an_option(f"o{place}", **fits) for place, fits in enumerate(wanted)]
        holding = draw(holding_conditions(given)) if given and draw(NEARLY_ALWAYS) else None
        effect = draw(st.sampled_from(("filter", "filter", "require", "prefer")))
        question = a_question(f"q{number}", *offered, effect=effect, missing_data="drop", only_if=holding)
        asked.append(question)
        given[question.id] = draw(st.one_of(replies_to(question), replies_to(question), st.just(NotSure())))
    return Case(a_questionnaire(*asked, show_at_most=2), Catalogue.of(SHOP, draw(PRODUCTS)), given)


def strict_options():
    return st.sampled_from([{"colour": [one]} for one in COLOURS] + [{"use": [one]} for one in USES] + [{}])


@st.composite
def holding_conditions(draw, given, depth=2):
    """A condition that holds for these replies, or now and then one that does not."""
    tested = draw(st.sampled_from(sorted(given)))
    picked = given[tested].options[0] if isinstance(given[tested], Picked) else "o0"
    parts = st.lists(holding_conditions(given, depth=depth - 1), min_size=2, max_size=2).map(tuple) if depth else None
    match draw(st.sampled_from(("is", "is", "not", "all", "any", "never") if depth else ("is", "not", "never"))):
        case "is":
            return Is(a_word(tested), a_word(picked))
        case "not":
            return Not(Is(a_word(tested), a_word("o0" if picked != "o0" else "o1")))
        case "all":
            return All(draw(parts))
        case "any":
            return Any(draw(parts))
        case _:
            return Is(a_word(tested), a_word("o2"))
