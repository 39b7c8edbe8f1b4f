"""The engine agrees with plain Python over one product at a time: narrowing, counts, ranking, reasons, ways out."""

from hypothesis import given, settings

from service.advice.advise import advise
from service.advice.conflicts import BEST_OF_EACH, NAMED_AT_MOST
from service.advice.reply import Measured, NotSure, Picked
from service.privacy.view import ConsentedView
from tests.advice.worlds import cases, linked_cases

NOBODY = ConsentedView.nothing("advice_profile")
THOROUGH = settings(max_examples=100, deadline=None)


def state_of(case, replies=None):
    return advise(case.compiled(), case.replies if replies is None else replies, NOBODY, "de")


@THOROUGH
@given(case=cases())
def test_what_is_left_is_what_plain_narrowing_leaves(case):
    state = state_of(case)

    assert state.remaining == case.world.remaining(case.replies)


@THOROUGH
@given(case=cases(least=1))
def test_answers_are_widened_only_where_nothing_fits_and_none_in_vain(case):
    state = state_of(case)

    expected = [] if case.world.narrowed(case.replies) else case.world.widened(case.replies)
    assert [each.question for each in state.widened] == expected


@THOROUGH
@given(case=cases())
def test_an_option_promises_exactly_what_choosing_it_leaves(case):
    state = state_of(case)

    for offer in state.question.options if state.question else ():
        chosen = case.replies | {state.question.id: Picked((offer.id,))}
        assert offer.remaining == case.world.remaining(chosen)


@THOROUGH
@given(case=cases())
def test_the_shortlist_is_the_ranking_by_utility_then_price_then_sku(case):
    state = state_of(case)

    assert [each.sku for each in state.shortlist] == [each.sku for each in case.world.shortlist(case.replies)]


@THOROUGH
@given(case=cases())
def test_a_shortlist_never_shows_more_than_allowed_nor_a_model_twice(case):
    state = state_of(case)

    products = [case.catalogue.find(each.sku) for each in state.shortlist]
    assert len(products) <= case.questionnaire.show_at_most
    assert len({case.world.model(product) for product in products}) == len(products)


@THOROUGH
@given(case=cases())
def test_reasons_say_what_fits_what_misses_and_what_is_not_stated(case):
    state = state_of(case)

    for listed in state.shortlist:
        product = case.catalogue.find(listed.sku)
        verdicts = [(q, case.world.verdict(product, q, r)) for q, r in case.world.answered(case.replies)]
        assert [each.question for each in listed.fits] == [q.id for q, (verdict, _) in verdicts if verdict == "fits"]
        assert [each.question for each in listed.misses] == [
            q.id for q, (verdict, _) in verdicts if verdict == "misses"
        ]
        assert listed.unknown == tuple(dict.fromkeys(gap for _, (_, gaps) in verdicts for gap in gaps))


@THOROUGH
@given(case=cases())
def test_answers_off_the_path_are_set_aside_and_all_others_count(case):
    state = state_of(case)

    counted = case.world.counted(case.replies)
    assert set(state.set_aside) == set(case.replies) - set(counted)
    assert state.answered == len(counted)


@THOROUGH
@given(case=cases())
def test_the_next_question_is_the_first_on_the_path_that_is_neither_answered_nor_skipped(case):
    state = state_of(case)

    skipped = {each.question for each in state.skipped}
    waiting = [
        question.id
        for question in case.questionnaire.questions
        if question.id not in case.replies and case.world.on_path(question, case.replies)
    ]
    asking = [each for each in waiting if each not in skipped]
    assert skipped <= set(waiting)
    if case.questionnaire.order == "adaptive":
        assert (state.question and state.question.id) in (asking or [None])
    else:
        assert (state.question and state.question.id) == next(iter(asking), None)


@THOROUGH
@given(case=cases())
def test_a_skipped_question_would_have_changed_nothing(case):
    state = state_of(case)

    by_id = {question.id: question for question in case.questionnaire.questions}
    for question in (by_id[each.question] for each in state.skipped):
        for reply in sensible_replies(question, case):
            after = state_of(case, case.replies | {question.id: reply})
            assert [each.sku for each in after.shortlist] == [each.sku for each in state.shortlist]
            assert after.remaining == state.remaining


@THOROUGH
@given(case=cases())
def test_a_choice_that_is_asked_could_change_something(case):
    state = state_of(case)
    if state.question is None or not state.question.options:
        return
    question = next(each for each in case.questionnaire.questions if each.id == state.question.id)
    followed = any(each.only_if is not None for each in case.questionnaire.questions)

    replies = sensible_replies(question, case)
    assert followed or not all(case.world.changes_nothing(question, reply, case.replies) for reply in replies)


@THOROUGH
@given(case=cases(least=1))
def test_ways_out_are_all_the_minimal_ones_with_their_true_counts(case):
    assert_all_ways_out(case)


@settings(max_examples=200, deadline=None)
@given(case=linked_cases())
def test_ways_out_are_all_the_minimal_ones_also_where_questions_hang_on_each_other(case):
    assert_all_ways_out(case)


def assert_all_ways_out(case):
    state = state_of(case)
    assert (state.conflict is not None) == (state.remaining == 0)
    if state.conflict and case.world.candidates():
        ways, involved = case.world.ways_out(case.replies)
        named = {(frozenset(way.give_up), way.remaining) for way in state.conflict.ways_out}
        assert named <= ways
        assert len(named) == min(len(ways), NAMED_AT_MOST)
        assert set(state.conflict.answers) == involved


@THOROUGH
@given(case=cases(least=1))
def test_a_way_out_shows_the_best_of_what_it_leaves_and_what_that_misses(case):
    state = state_of(case)

    for way in state.conflict.ways_out if state.conflict else ():
        rest = {question: reply for question, reply in case.replies.items() if question not in way.give_up}
        best = case.world.one_of_each_model(case.world.ranked(rest))[:BEST_OF_EACH]
        assert [each.sku for each in way.best] == [product.sku for product in best]
        for listed, product in zip(way.best, best, strict=True):
            verdicts = [(q, case.world.verdict(product, q, r)[0]) for q, r in case.world.answered(case.replies)]
            assert [each.question for each in listed.misses] == [q.id for q, verdict in verdicts if verdict == "misses"]


@THOROUGH
@given(case=cases(least=1))
def test_near_misses_miss_fewest_requirements_then_fewest_filters(case):
    state = state_of(case)

    if state.conflict and state.conflict.answers:
        expected = case.world.near_misses(case.replies)
        assert [each.sku for each in state.conflict.near_misses] == [product.sku for product in expected]


@THOROUGH
@given(case=cases(least=1))
def test_ways_out_come_cheapest_first(case):
    state = state_of(case)

    ways = state.conflict.ways_out if state.conflict else ()
    costs = [(len(way.give_up), -way.remaining) for way in ways]
    assert costs == sorted(costs)
    assert all(way.remaining > 0 for way in ways)


def sensible_replies(question, case):
    if question.options:
        return [Picked((option.id,)) for option in question.options] + [NotSure()]
    if question.choose == "number":
        low, high = question.low, question.high
        return [Measured(-50.0 if low is None else low), Measured(2.5), Measured(50.0 if high is None else high)]
    return [NotSure()]
