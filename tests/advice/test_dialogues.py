"""A dialogue ends, the same answers give the same bytes, and going back is free."""

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from service.advice.advise import advise, parse_answers
from service.advice.compiled import compile_questionnaire
from service.advice.reply import reply_json
from service.catalogue.catalogue import Catalogue
from service.privacy.view import ConsentedView
from tests.advice.worlds import SHOP, cases, replies_to

NOBODY = ConsentedView.nothing("advice_profile")
THOROUGH = settings(max_examples=100, deadline=None)


def wire(compiled, answers):
    return orjson.dumps(advise(compiled, answers, NOBODY, "de").as_json())


@THOROUGH
@given(case=cases(), data=st.data())
def test_answering_what_is_asked_ends_after_at_most_one_answer_for_each_question(case, data):
    compiled, answers = case.compiled(), {}
    by_id = {question.id: question for question in case.questionnaire.questions}

    for _ in range(len(by_id) + 1):
        state = advise(compiled, answers, NOBODY, "de")
        assert state.answered <= state.at_most <= len(by_id)
        if state.question is None:
            return
        assert state.question.id not in answers
        answers[state.question.id] = data.draw(replies_to(by_id[state.question.id]))

    raise AssertionError("still asking")


@THOROUGH
@given(case=cases(), data=st.data())
def test_the_same_answers_give_the_same_bytes_however_they_and_the_products_are_ordered(case, data):
    shuffled = data.draw(st.permutations(case.catalogue.products))
    reordered = dict(data.draw(st.permutations(list(case.replies.items()))))

    again = compile_questionnaire(case.questionnaire, Catalogue.of(SHOP, shuffled))

    assert wire(again, reordered) == wire(case.compiled(), case.replies)


@THOROUGH
@given(case=cases())
def test_replies_survive_the_wire(case):
    compiled = case.compiled()
    raw = {each: reply_json(reply, compiled.by_id[each].question) for each, reply in case.replies.items()}

    assert parse_answers(compiled, orjson.loads(orjson.dumps(raw))) == case.replies


class GoingBack(RuleBasedStateMachine):
    """A client that remembers nothing but the last state: it answers, changes, takes back and reloads."""

    @initialize(case=cases())
    def start(self, case):
        self.case = case
        self.compiled = case.compiled()
        self.given = {}
        self.answers = {}

    @rule(data=st.data())
    def answer_or_change(self, data):
        question = data.draw(st.sampled_from(self.case.questionnaire.questions))
        self.given[question.id] = data.draw(replies_to(question))
        self.send(self.answers | {question.id: reply_json(self.given[question.id], question)})

    @precondition(lambda self: self.given)
    @rule(data=st.data())
    def take_back(self, data):
        question = data.draw(st.sampled_from(sorted(self.given)))
        del self.given[question]
        self.send({each: reply for each, reply in self.answers.items() if each != question})

    @rule()
    def reload(self):
        self.send(self.answers)

    def send(self, raw):
        answers = parse_answers(self.compiled, orjson.loads(orjson.dumps(raw)))
        self.last = wire(self.compiled, answers)
        self.answers = orjson.loads(self.last)["answers"]

    @invariant()
    def the_state_is_that_of_a_fresh_start_with_the_same_answers(self):
        if self.answers:
            assert self.last == wire(self.case.compiled(), self.given)

    @invariant()
    def an_answer_counts_exactly_while_its_question_is_on_the_path(self):
        if self.answers:
            counted = self.case.world.counted(self.given)
            assert set(self.answers) == set(self.given)
            assert set(orjson.loads(self.last)["set_aside"]) == set(self.given) - set(counted)


TestGoingBack = GoingBack.TestCase
TestGoingBack.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)
