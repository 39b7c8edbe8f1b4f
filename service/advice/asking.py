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
    if options and (here.widened or len(here.path.counted) < len(here.gathered.replies)):
        return [_chosen(compiled, here, question.id, each) for each in options]
    if question.effect == "prefer":
        return [here.remaining] * len(options)
    counts = [compiled.models.count(each.staying & here.left) for each in options.values()]
    if 0 in counts and any(each.judged.question.widen for each in here.weighed):
        return [
            count or _chosen(compiled, here, question.id, each) for each, count in zip(options, counts, strict=True)
        ]
    return counts


def _chosen(compiled: Compiled, here: Situation, question: str, option: str) -> int:
    """The models left once the option is chosen, with all that this brings back or widens."""
    return settled(compiled, here.gathered.replies | {question: Picked((option,))}).remaining


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
