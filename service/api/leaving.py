"""Where people left: told by sessions when their time is over, and counted as they are forgotten."""

from collections.abc import Callable
from datetime import datetime

from service.advice.advise import advise, parse_answers
from service.advice.insights import Counting
from service.advice.reply import AnswerRefused
from service.advice.session import Session, Sessions
from service.advice.shelf import UnknownQuestionnaire
from service.api.rooms import Shopfront
from service.privacy.view import ConsentedView

AT_ONCE = 500


def count_left(
    sessions: Sessions, shopfront: Callable[[], Shopfront], counting: Counting, clock: Callable[[], datetime]
) -> None:
    """Forget the sessions that have expired, and count for each the question that was open, if one was.

    One that went on elsewhere, and not here as well, is left there. A session of a version that is not loaded any more
    is forgotten and not counted, and so is what a profile answered: nobody's profile is looked at for this.
    """
    front = shopfront()
    for session in sessions.end_expired(at=clock(), at_most=AT_ONCE):
        _count(session, front, counting)


def _count(session: Session, front: Shopfront, counting: Counting) -> None:
    if session.went_on_elsewhere:
        return
    try:
        compiled = front.questionnaires.of_version(session.questionnaire, session.version)
        if compiled.version != session.version:
            return
        answers = parse_answers(compiled, session.answers)
    except (UnknownQuestionnaire, AnswerRefused):
        return
    state = advise(compiled, answers, ConsentedView.nothing("advice_profile", ()), session.locale)
    if state.question is not None:
        counting.count(compiled, session.touched_at, [("left_here", state.question.id, "")])
