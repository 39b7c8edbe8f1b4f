"""Runs the examples that an author wrote beside the questions, and says in which state those that fail ended."""

from collections.abc import Iterator, Mapping

from service.advice.advise import advise, parse_answers
from service.advice.compiled import Compiled
from service.advice.narrowing import situation
from service.advice.questionnaire import AuthorTest, Choose, Expectation, Question
from service.advice.replies import gather
from service.advice.reply import NOT_SURE, AnswerRefused, UnknownOption
from service.advice.state import State
from service.advice.words import Word
from service.documents.problem import Complaints, did_you_mean
from service.documents.scalars import number_of
from service.privacy.view import AdviceView, ConsentedView

NONE_LEFT = "none"
"""What `next_question` says when no question may be left."""


_WRITTEN_LIKE: Mapping[Choose, str] = {
    "one": "; name one of its answers",
    "many": "; name some of its answers, like [daily, sport]",
    "number": "; write it like 178",
    "range": "; write it like {from: 500, to: 1500}, either of which may be left out",
}
_REMEDY = "mend what no longer leads there, or change what is expected"


def check_tests(compiled: Compiled, complaints: Complaints) -> None:
    """Complain about every author test that is not understood (BG-Q031) or fails (BG-Q030)."""
    for test in compiled.questionnaire.tests:
        where = complaints.within(f"test '{test.name}'")
        before = len(where.found)
        _check_words(compiled, test, where)
        if len(where.found) == before:
            _run(compiled, test, where)


def _run(compiled: Compiled, test: AuthorTest, complaints: Complaints) -> None:
    raw = {name.text: _typed(compiled.by_id[name.text].question, value) for name, value in test.answers}
    try:
        answers = parse_answers(compiled, raw)
    except AnswerRefused as refused:
        at = next((name.at for name, _ in test.answers if name.text == refused.question), test.at)
        complaints.add(at, "BG-Q031", f"{refused}{_remedy(compiled, test, refused)}")
        return
    state = advise(compiled, answers, _NOBODY, compiled.questionnaire.languages[0])
    left = situation(compiled, gather(compiled, answers, _NOBODY)).products(compiled)
    skus = frozenset(product.sku for product in compiled.universe.products(left))
    failed = list(_failures(test.expect, state, skus))
    if failed:
        told = f"expected {', '.join(failed)}; it ended with {_described(state)}"
        complaints.add(test.at, "BG-Q030", f"{told}; {_REMEDY}")


def _remedy(compiled: Compiled, test: AuthorTest, refused: AnswerRefused) -> str:
    """What to write instead; of a misspelt option the nearest one."""
    question = compiled.by_id[refused.question].question
    offered = [option.id for option in question.options]
    if not isinstance(refused, UnknownOption):
        return _WRITTEN_LIKE[question.choose]
    given = next(value for name, value in test.answers if name.text == refused.question)
    for one in given if isinstance(given, list) else [given]:
        if one not in offered:
            return did_you_mean(str(one), offered) or f"; it offers: {', '.join(offered)}"
    return f"; it offers: {', '.join(offered)}"


def _failures(expect: Expectation, state: State, left: frozenset[str]) -> Iterator[str]:
    if expect.results_at_least is not None and state.remaining < expect.results_at_least:
        yield f"at least {expect.results_at_least} results"
    if expect.results_at_most is not None and state.remaining > expect.results_at_most:
        yield f"at most {expect.results_at_most} results"
    following = NONE_LEFT if state.question is None else state.question.id
    if expect.next_question is not None and expect.next_question.text != following:
        yield f"the next question '{expect.next_question.text}'"
    shown = {each.sku for each in state.shortlist}
    beside = {each.sku for each in state.companions}
    yield from (f"{each.text} among the results" for each in expect.includes if each.text not in left)
    yield from (f"{each.text} not among the results" for each in expect.excludes if each.text in left)
    yield from (f"{each.text} on the shortlist" for each in expect.shortlist if each.text not in shown)
    offered = {each.question for each in state.remember}
    yield from (f"'{each.text}' to be remembered" for each in expect.remember if each.text not in offered)
    yield from (f"{each.text} as a companion" for each in expect.companions if each.text not in beside)


def _described(state: State) -> str:
    following = "no question left" if state.question is None else f"next question '{state.question.id}'"
    shown = ", ".join(each.sku for each in state.shortlist) or "nothing"
    beside = ", ".join(dict.fromkeys(each.sku for each in state.companions)) or "none"
    return f"{state.remaining} results, {following}, shortlist: {shown}, companions: {beside}"


def _check_words(compiled: Compiled, test: AuthorTest, complaints: Complaints) -> None:
    expect = test.expect
    asked = [*(name for name, _ in test.answers), *expect.remember]
    following = expect.next_question
    if following is not None and following.text != NONE_LEFT:
        asked.append(following)
    for name in asked:
        if name.text not in compiled.by_id:
            hint = did_you_mean(name.text, compiled.by_id) or f"; there are: {', '.join(compiled.by_id)}"
            complaints.add(name.at, "BG-Q031", f"no question '{name.text}'{hint}")
    for sku in _skus(expect):
        if sku.text not in compiled.catalogue:
            hint = did_you_mean(sku.text, compiled.catalogue.by_sku) or "; check the spelling"
            complaints.add(sku.at, "BG-Q031", f"no product '{sku.text}'{hint}")


def _skus(expect: Expectation) -> tuple[Word, ...]:
    return (*expect.includes, *expect.excludes, *expect.shortlist, *expect.companions)


def _typed(question: Question, raw: object) -> object:
    """The answer as JSON would bring it; words that are no numbers stay words and are refused."""
    if raw == NOT_SURE or question.choose in ("one", "many"):
        return raw
    if isinstance(raw, Mapping):
        return {end: _number(number) for end, number in raw.items()}
    return _number(raw)


def _number(raw: object) -> object:
    number = number_of(raw) if isinstance(raw, str) else None
    return raw if number is None else number


_NOBODY: AdviceView = ConsentedView.nothing("advice_profile")
