"""The next question, in the shopper's language and with what each option would leave."""

from service.advice.compiled import Compiled
from service.advice.judged import Judged
from service.advice.narrowing import Left
from service.advice.phrases import Phrase, Phrases
from service.advice.questionnaire import Question, Span
from service.advice.state import Asked, Ends, Offer, Prefill
from service.catalogue.sets import ProductSet


def asked(compiled: Compiled, question_id: str, left: Left, phrases: Phrases, proposal: Prefill | None) -> Asked:
    """The question as it is put while these products are left."""
    judged, phrase = compiled.by_id[question_id], phrases.questions[question_id]
    question = judged.question
    return Asked(
        id=question_id,
        text=phrase.text,
        help=phrase.help,
        choose=question.choose,
        effect=question.effect,
        not_sure=question.not_sure,
        unit=phrase.unit,
        range=_ends(compiled, question, left),
        prefilled=proposal,
        options=_offers(compiled, judged, phrase, left),
    )


def _offers(compiled: Compiled, judged: Judged, phrase: Phrase, left: Left) -> tuple[Offer, ...]:
    """Every option with the number of models it would leave; a preference leaves all."""
    if judged.question.effect == "prefer" or not phrase.options:
        return tuple(Offer(option, text, left.models) for option, text in phrase.options.items())
    counts: list[int] = compiled.universe.layout.count_models(judged.kept & left.words).tolist()
    texts = zip(phrase.options.items(), counts, strict=True)
    return tuple(Offer(option, text, count) for (option, text), count in texts)


def _ends(compiled: Compiled, question: Question, left: Left) -> Ends | None:
    if isinstance(question.asks, Span):
        products = ProductSet(left.words, compiled.universe.everything.words)
        extent = compiled.universe.extent(question.asks.attribute.text, products)
        return None if extent is None else Ends(_clamped(extent[0], question), _clamped(extent[1], question))
    if question.low is None and question.high is None:
        return None
    return Ends(question.low, question.high)


def _clamped(number: float, question: Question) -> float:
    raised = number if question.low is None else max(number, question.low)
    return raised if question.high is None else min(raised, question.high)
