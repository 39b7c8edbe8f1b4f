"""The next question, in the shopper's language and with what each option would leave."""

from collections.abc import Sequence

from service.advice.compiled import Compiled
from service.advice.judged import Judged
from service.advice.narrowing import Situation, remaining_with
from service.advice.phrases import Phrases
from service.advice.questionnaire import Question, Span
from service.advice.reply import Picked
from service.advice.state import Asked, Ends, Offer, Prefill


def asked(compiled: Compiled, here: Situation, question_id: str, phrases: Phrases) -> Asked:
    """The question as it is put in this situation."""
    judged, phrase = compiled.by_id[question_id], phrases.questions[question_id]
    question = judged.question
    proposal = here.gathered.proposed.get(question_id)
    counts = _counts(compiled, here, judged)
    return Asked(
        id=question_id,
        text=phrase.text,
        help=phrase.help,
        choose=question.choose,
        effect=question.effect,
        not_sure=question.not_sure,
        unit=phrase.unit,
        range=_ends(compiled, here, question),
        prefilled=None if proposal is None else Prefill(proposal.value, proposal.source),
        options=tuple(Offer(option, text, count) for (option, text), count in zip(phrase.options, counts, strict=True)),
    )


def _counts(compiled: Compiled, here: Situation, judged: Judged) -> Sequence[int]:
    """For every option the models left once it is chosen alone; answers that come back onto the path count then."""
    question = judged.question
    if not question.options:
        return ()
    if len(here.path.counted) < len(here.gathered.replies):
        replies = here.gathered.replies
        return [remaining_with(compiled, replies | {question.id: Picked((each.id,))}) for each in question.options]
    if question.effect == "prefer":
        return [here.remaining] * len(question.options)
    counts: list[int] = compiled.universe.layout.count_models(judged.kept & here.live).tolist()
    return counts


def _ends(compiled: Compiled, here: Situation, question: Question) -> Ends | None:
    if isinstance(question.asks, Span):
        extent = compiled.universe.extent(question.asks.attribute.text, here.products(compiled))
        return None if extent is None else Ends(_clamped(extent[0], question), _clamped(extent[1], question))
    if question.low is None and question.high is None:
        return None
    return Ends(question.low, question.high)


def _clamped(number: float, question: Question) -> float:
    raised = number if question.low is None else max(number, question.low)
    return raised if question.high is None else min(raised, question.high)
