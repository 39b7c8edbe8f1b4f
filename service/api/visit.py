"""A session at one request: its answers, the questionnaire that they belong to, and what its shopper is told."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Response

from service.advice.advise import advise, parse_answers
from service.advice.compiled import Compiled
from service.advice.insights import Happened
from service.advice.questionnaire import Question
from service.advice.reply import AnswerRefused, parse_reply
from service.advice.session import Session, Sessions
from service.advice.state import State
from service.api.blocking import unblocked
from service.api.gpc import opted_out
from service.api.problems import NoSuchQuestion
from service.api.replies import reply
from service.api.rooms import Rooms, Shopfront, the_rooms


@dataclass(frozen=True, slots=True)
class Visit:
    """A session at one request, with the version of its questionnaire that answers it: its own while that is loaded."""

    rooms: Rooms
    front: Shopfront
    session: Session
    compiled: Compiled
    outdated: tuple[str, ...] = ()

    def question(self, name: str) -> Question:
        """The question; raises `NoSuchQuestion`."""
        found = self.compiled.by_id.get(name)
        if found is None:
            raise NoSuchQuestion
        return found.question

    def changed(self, question: str, change: Callable[[Sessions, datetime], Session]) -> "Visit":
        """The visit after an answer was given or taken back; from then on the session belongs to this version."""
        stores, now = self.rooms.stores, self.rooms.clock()
        if self.session.version != self.compiled.version:
            stores.versions.keep(self.compiled, at=now)
            stores.sessions.move_on(self.session.id, self.compiled.version, self.outdated)
        left = tuple(each for each in self.outdated if each != question)
        after = replace(change(stores.sessions, now), mark=self.session.mark)
        return replace(self, session=after, outdated=left)

    def state(self) -> State:
        """What the shopper is told."""
        answers = parse_answers(self.compiled, _still_understood(self.compiled, self.session, self.outdated))
        seen = None if opted_out() else self.session.seen
        view = self.front.gate.view(seen, "advice_profile", self.rooms.clock())
        state = advise(self.compiled, answers, view, self.session.locale)
        return replace(unblocked(state, self.rooms, self.front, seen.id if seen else None), outdated=self.outdated)

    def count(self, happened: Iterable[Happened]) -> None:
        """Count what happened, without the session that it happened in."""
        self.rooms.counting.count(self.compiled, self.rooms.clock(), happened)


def visit_by(session_id: str, token: str) -> Visit:
    """The visit that this token opens; raises UnknownSession and UnknownQuestionnaire."""
    rooms = the_rooms()
    return visit_to(rooms, rooms.shopfront(), rooms.stores.sessions.find(session_id, token, at=rooms.clock()))


def visit_to(rooms: Rooms, front: Shopfront, session: Session) -> Visit:
    """The visit of this session; raises UnknownQuestionnaire."""
    compiled = front.questionnaires.of_version(session.questionnaire, session.version)
    return Visit(rooms, front, session, compiled, rooms.stores.versions.outdated(session, compiled))


def told(visit: Visit, state: State) -> Response:
    """The state as a reply."""
    return reply(state.as_json(), language=visit.session.locale)


def begun(visit: Visit, token: str, state: State) -> Response:
    """A new session as a reply: its address, its only key, and its state."""
    named = {"id": visit.session.id, "token": token, "state": state.as_json()}
    new = reply(named, status=201, language=visit.session.locale)
    new.headers["Location"] = f"/v1/sessions/{visit.session.id}"
    return new


def _still_understood(compiled: Compiled, session: Session, outdated: Collection[str]) -> dict[str, object]:
    """The stored answers, without those that a changed questionnaire no longer takes."""
    questions = {question.id: question for question in compiled.questionnaire.questions}
    return {
        name: raw
        for name, raw in session.answers.items()
        if name in questions and name not in outdated and (raw is None or _is_taken(questions[name], raw))
    }


def _is_taken(question: Question, raw: object) -> bool:
    try:
        parse_reply(question, raw)
    except AnswerRefused:
        return False
    return True
