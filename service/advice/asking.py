"""The next question, in the shopper's language and with what each option would leave."""

from collections.abc import Sequence

from service.advice.compiled import Compiled
from service.advice.judged import Judged
from service.advice.narrowing import Situation, settled
from service.advice.phrases import Phrases
from service.advice.questionnaire import Question
from service.advice.reply import Picked
from service.advice.state import Asked, Ends, Prefill


def asked(compiled: Compiled, here: Situation, question_id: str, phrases: Phrases) -> Asked:
    """The question as it is put in this situation."""
    judged = compiled.by_id[question_id]
    proposal = here.gathered.proposed.get(question_id)
    return Asked(
        phrase=phrases.questions[question_id],
        range=_ends(judged, here),
        prefilled=None if proposal is None else Prefill(proposal.value, proposal.source),
        left_by_options=tuple(_counts(compiled, here, judged)),
    )


def _counts(compiled: Compiled, here: Situation, judged: Judged) -> Sequence[int]:
    """For every option the models left once it is chosen alone; answers that come back onto the path count then."""
    question, options = judged.question, judged.options
    if options and len(here.path.counted) < len(here.gathered.replies):
        replies = here.gathered.replies
        return [settled(compiled, replies | {question.id: Picked((each,))}).remaining for each in options]
    if question.effect == "prefer":
        return [here.remaining] * len(options)
    return [compiled.models.count(each.staying & here.left) for each in options.values()]


def _ends(judged: Judged, here: Situation) -> Ends | None:
    question = judged.question
    if judged.slides is not None:
        extent = judged.slides.extent(here.left)
        return None if extent is None else Ends(_clamped(extent[0], question), _clamped(extent[1], question))
    if question.low is None and question.high is None:
        return None
    return Ends(question.low, question.high)


def _clamped(number: float, question: Question) -> float:
    raised = number if question.low is None else max(number, question.low)
    return raised if question.high is None else min(raised, question.high)
