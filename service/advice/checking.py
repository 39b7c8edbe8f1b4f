"""Checks a questionnaire's meaning against the catalogue and the privacy register, and lists everything at once.

Codes: BG-Q011 condition on an unknown question, Q012 on a later one, Q013 on an answer that it does not offer,
Q014 unknown attribute, Q015 value that no product states, Q016 no candidates, Q017 another type is needed,
Q020 profile attribute or purpose, Q022 rule without a match (warning), Q030 author test failed, Q031 author test not
understood; Q021, Q036 and Q037 stand in `remembering`. What could be published all the same, but is odd, stands in
`checks`.
"""

from collections.abc import Callable, Iterable, Iterator

from service.advice.author_tests import check_tests
from service.advice.checks.bands import check_bands
from service.advice.checks.companions import check_companions
from service.advice.checks.missing import check_missing
from service.advice.checks.options import check_options
from service.advice.checks.order import check_order
from service.advice.checks.reach import check_reach
from service.advice.checks.shown import check_shown
from service.advice.compiled import Compiled, compile_questionnaire
from service.advice.conditions import Condition, mentions
from service.advice.questionnaire import Choice, CompanionWish, FromProfile, Near, Question, Questionnaire, Span, Within
from service.advice.registered import PURPOSE, Registered
from service.advice.remembering import check_remembering
from service.advice.vocabulary import Vocabulary, by_attribute
from service.advice.words import Word
from service.catalogue.catalogue import Catalogue
from service.documents.problem import Complaints, Place, Problem, did_you_mean

ODDITIES: tuple[Callable[[Compiled, Complaints], None], ...] = (
    check_options,
    check_bands,
    check_missing,
    check_reach,
    check_companions,
    check_shown,
    check_order,
)
"""What `begleiter check` looks for beyond what a questionnaire needs to be published."""


def check(
    questionnaire: Questionnaire,
    catalogue: Catalogue,
    register_attributes: Registered,
    noted: Iterable[Problem] = (),
) -> Iterator[Problem]:
    """Everything wrong with the questionnaire's meaning and everything odd about it, in the order of the file.

    Without errors in the meaning the author tests are run, and answers and products that nobody can reach are named.
    What was `noted` while the file was read is put in its place among the rest.
    """
    found, compiled = examine(questionnaire, catalogue, register_attributes)
    complaints = Complaints([*noted, *found])
    if compiled is not None:
        look_for_oddities(compiled, complaints)
    yield from complaints.problems


def look_for_oddities(compiled: Compiled, complaints: Complaints) -> None:
    """Note what could be published all the same; in a large catalogue this takes longest."""
    for look in ODDITIES:
        look(compiled, complaints)


def examine(
    questionnaire: Questionnaire, catalogue: Catalogue, register_attributes: Registered
) -> tuple[tuple[Problem, ...], Compiled | None]:
    """The same, with the questionnaire compiled for the tests; None if errors kept it from being compiled."""
    complaints = Complaints()
    vocabulary = Vocabulary.of(catalogue, questionnaire.candidates)
    _candidates(questionnaire, vocabulary, complaints)
    _questions(questionnaire, vocabulary, register_attributes, complaints)
    for wish in questionnaire.goes_with:
        _companion(wish, vocabulary, complaints.within(f"rule '{wish.id}'"))
    if complaints.has_errors:
        return complaints.problems, None
    compiled = compile_questionnaire(questionnaire, catalogue)
    check_tests(compiled, complaints)
    return complaints.problems, compiled


def _wanted(questionnaire: Questionnaire) -> Place:
    """Where the candidates are named; the beginning if they are not."""
    wanted = questionnaire.candidates
    return wanted[0].attribute.at if wanted else questionnaire.at


def _candidates(questionnaire: Questionnaire, vocabulary: Vocabulary, complaints: Complaints) -> None:
    where = complaints.within("candidates")
    for one_of in questionnaire.candidates:
        vocabulary.fit(one_of, where)
    if not where.has_errors and not vocabulary.candidates:
        where.add(_wanted(questionnaire), "BG-Q016", "no product of the catalogue is a candidate; name other values")
    if questionnaire.same_product is not None:
        vocabulary.attribute(questionnaire.same_product, complaints.within("same_product"), "text")


def _questions(
    questionnaire: Questionnaire, vocabulary: Vocabulary, register: Registered, complaints: Complaints
) -> None:
    for place, question in enumerate(questionnaire.questions):
        where = complaints.within(f"question '{question.id}'")
        _asks(question, vocabulary, where)
        if question.only_if is not None:
            _condition(question.only_if, questionnaire.questions[:place], questionnaire.questions, where)
        if question.from_profile is not None:
            _from_profile(question.from_profile, register, where)
        check_remembering(question, register, where, is_sensitive=vocabulary.is_sensitive)


def _asks(question: Question, vocabulary: Vocabulary, complaints: Complaints) -> None:
    match question.asks:
        case Choice(options):
            for option in options:
                for fit in option.fits:
                    vocabulary.fit(fit, complaints.within(f"answer '{option.id}'"))
        case Near(attribute) | Span(attribute):
            vocabulary.attribute(attribute, complaints, "number")
        case Within(low, high):
            vocabulary.attribute(low, complaints, "number")
            vocabulary.attribute(high, complaints, "number")


def _condition(
    condition: Condition, earlier: Iterable[Question], every: Iterable[Question], complaints: Complaints
) -> None:
    before = {question.id: question for question in earlier}
    names = [question.id for question in every]
    for tested, options in mentions(condition):
        if tested.text in before:
            _tested(before[tested.text], tested, options, complaints)
        elif tested.text in names:
            message = f"only_if tests '{tested.text}', which is not asked before; move that question up"
            complaints.add(tested.at, "BG-Q012", message)
        else:
            hint = did_you_mean(tested.text, before) or f"; asked before are: {', '.join(before) or 'none'}"
            complaints.add(tested.at, "BG-Q011", f"only_if tests '{tested.text}', which is no question{hint}")


def _tested(question: Question, tested: Word, options: tuple[Word, ...] | None, complaints: Complaints) -> None:
    offered = [option.id for option in question.options]
    if options is None and question.choose != "number":
        remedy = f"name answers: {', '.join(offered)}" if offered else "test another question"
        complaints.add(tested.at, "BG-Q013", f"'{question.id}' is not answered by one number; {remedy}")
    for option in options or ():
        if option.text not in offered:
            hint = did_you_mean(option.text, offered) or f"; it offers: {', '.join(offered) or 'no options'}"
            complaints.add(option.at, "BG-Q013", f"'{question.id}' has no answer '{option.text}'{hint}")


def _from_profile(source: FromProfile, register: Registered, complaints: Complaints) -> None:
    registered = register.get(source.attribute.text)
    if registered is None:
        hint = did_you_mean(source.attribute.text, register) or "; register it in privacy.yaml first"
        complaints.add(source.attribute.at, "BG-Q020", f"the register has no attribute '{source.attribute.text}'{hint}")
    elif PURPOSE not in registered.purposes:
        message = f"'{source.attribute.text}' may not serve '{PURPOSE}'; allow it in privacy.yaml or ask without"
        complaints.add(source.attribute.at, "BG-Q020", message)
    if source.purpose.text != PURPOSE:
        message = f"a questionnaire uses profiles for '{PURPOSE}' only, not for '{source.purpose.text}'; write that"
        complaints.add(source.purpose.at, "BG-Q020", message)


def _companion(wish: CompanionWish, vocabulary: Vocabulary, complaints: Complaints) -> None:
    before = len(complaints.found)
    for one_of in (*wish.when, *wish.products):
        vocabulary.fit(one_of, complaints)
    for attribute in wish.match:
        vocabulary.attribute(attribute, complaints)
    if len(complaints.found) > before:
        return
    shop = vocabulary.catalogue.shop
    chosen, offered = by_attribute(wish.when, shop), by_attribute(wish.products, shop)
    if not any(product.meets(chosen) for product in vocabulary.candidates):
        complaints.add(wish.at, "BG-Q022", "no candidate meets 'when', so it never applies; change it", "warning")
    if not any(product.meets(offered) for product in vocabulary.catalogue.products):
        complaints.add(wish.at, "BG-Q022", "no product meets 'products', so nothing is offered; change it", "warning")
