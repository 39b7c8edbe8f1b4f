"""What is proven about reach is what going through every dialogue finds: questions, answers, and models never shown."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from service.advice.advise import advise
from service.advice.checks.reach import reach_of
from service.advice.checks.shown import unshown
from service.advice.compiled import compile_questionnaire
from service.advice.conditions import All, Any, AnyOf, AtLeast, Is, Not
from service.advice.reply import Measured, Picked
from service.privacy.view import ConsentedView
from tests.builders import a_catalogue, a_number_question, a_product, a_question, a_questionnaire, a_word, an_option

NOBODY = ConsentedView.nothing("advice_profile")
FRAMES, USES = ("aluminium", "carbon"), ("daily", "racing")
WEIGHTS = (8.0, 9.0, 10.0)

STATED = st.tuples(
    st.sampled_from((*FRAMES, None)),
    st.sampled_from((*USES, None)),
    st.sampled_from((*WEIGHTS, None)),
    st.integers(1, 3),
)
EFFECTS, MISSING = st.sampled_from(("filter", "filter", "prefer")), st.sampled_from(("keep", "drop"))
TESTS = st.one_of(
    st.sampled_from([Is(a_word("use"), a_word(use)) for use in USES]),
    st.just(AnyOf(a_word("use"), tuple(map(a_word, USES)))),
    st.sampled_from([AtLeast(a_word("weight"), limit) for limit in (8.5, 9.0, 11.0)]),
)
CONDITIONS = st.one_of(
    TESTS,
    TESTS.map(Not),
    st.tuples(TESTS, TESTS).map(All),
    st.tuples(TESTS, TESTS).map(Any),
    st.tuples(TESTS, TESTS.map(Not)).map(All),
)


class World:
    """A compiled questionnaire that is shown in short where it fails."""

    def __init__(self, compiled):
        self.compiled = compiled

    def __repr__(self):
        questions = [(each.id, each.effect, each.missing_data, each.only_if) for each in self.compiled.questions]
        return f"{questions} {[(each.sku, dict(each.attributes)) for each in self.compiled.catalogue.products]}"


@st.composite
def worlds(draw):
    """Use (one or many), a weight, then a frame that is only asked under a condition on both."""
    products = [
        a_product(f"RB-{number}", price=100.0 * price, frame=frame, use=use and (use,), weight_kg=weight)
        for number, (frame, use, weight, price) in enumerate(draw(st.lists(STATED, min_size=1, max_size=6)))
    ]
    options = [an_option(use, use=use) for use in USES]
    use = a_question("use", *options, several=draw(st.booleans()), effect=draw(EFFECTS), missing_data=draw(MISSING))
    weight = a_number_question(
        "weight", tolerance=0.5, low=7.0, high=12.0, effect=draw(EFFECTS), missing_data=draw(MISSING)
    )
    frames = [an_option(frame, frame=frame) for frame in FRAMES]
    frame = a_question("frame", *frames, only_if=draw(CONDITIONS), effect="filter", missing_data=draw(MISSING))
    asked = a_questionnaire(use, weight, frame, show_at_most=draw(st.integers(1, 2)))
    return World(compile_questionnaire(asked, a_catalogue(*products)))


def dialogues(compiled):
    """Every combination of replies that can make a difference, as far as answered."""
    several = compiled.by_id["use"].question.choose == "many"
    uses = [None, *(Picked((use,)) for use in USES), *([Picked(USES)] if several else [])]
    weights = [None, *(Measured(step / 4) for step in range(28, 49))]
    for use, weight in itertools.product(uses, weights):
        yield {name: reply for name, reply in (("use", use), ("weight", weight)) if reply is not None}


def brute_force(compiled):
    """Whether the frame is ever asked for, which frames can then be chosen, and which products are shown anywhere."""
    asked, chosen, shown = False, set(), set()
    frame = compiled.by_id["frame"]
    for replies in dialogues(compiled):
        state = advise(compiled, replies, NOBODY, "de")
        shown |= {each.sku for each in state.shortlist}
        for option, fit in zip(frame.question.options, frame.kept, strict=True):
            after = advise(compiled, replies | {"frame": Picked((option.id,))}, NOBODY, "de")
            if "frame" not in after.set_aside:
                asked = True
                shown |= {each.sku for each in after.shortlist}
                if after.remaining and fit.any():
                    chosen.add(option.id)
    return asked, chosen, shown


@settings(max_examples=25, deadline=None)
@given(worlds())
def test_a_question_and_its_answers_are_said_to_be_within_reach_exactly_where_they_are(world):
    compiled = world.compiled
    asked, chosen, _ = brute_force(compiled)
    frame = compiled.by_id["frame"]

    reach = reach_of(compiled, frame.question)

    assert reach.how == "proven"
    assert bool(reach.asked) == asked
    assert {
        option.id for option, kept in zip(frame.question.options, frame.kept, strict=True) if (kept & reach.live).any()
    } == chosen


@settings(max_examples=25, deadline=None)
@given(worlds())
def test_a_model_that_is_said_never_to_be_shown_is_never_shown(world):
    compiled = world.compiled
    _, _, shown = brute_force(compiled)

    found = unshown(compiled)

    assert {product.sku for product in found.proven} & shown == set()
    everything = {product.sku for product in compiled.universe.products(compiled.universe.everything)}
    assert everything - {product.sku for product in (*found.proven, *found.unseen)} <= shown
