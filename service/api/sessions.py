"""Advice with a memory: a session keeps the answers, so that a shopper may reload, go back and go on elsewhere."""

import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, post_load, validate

from service.advice.advise import advise, parse_answers
from service.advice.compiled import Compiled
from service.advice.insights import Happened, answered, given_out, taken_back
from service.advice.questionnaire import Question
from service.advice.reply import AnswerRefused, BadReply, UnknownOption, parse_reply, reply_json
from service.advice.session import Session, Sessions, UnknownSession
from service.advice.shelf import UnknownQuestionnaire
from service.advice.state import State
from service.api import examples
from service.api.bearer import asked_by, guest_or_shopper, session_token
from service.api.blueprint import Blueprint
from service.api.fields import identifier, locale
from service.api.gpc import opted_out
from service.api.languages import language_for
from service.api.operation import Operation
from service.api.problems import NoSuchQuestion, Unavailable
from service.api.replies import reply
from service.api.rooms import Rooms, Shopfront, the_rooms
from service.api.shapes.words import ANSWER
from service.privacy.credentials import new_token
from service.privacy.subject import ShopperId

blueprint = Blueprint("sessions", __name__, description="Advice that is kept between requests.")

SESSION_ID = {"name": "id", "in": "path", "description": "The session's id.", "example": examples.SESSION_ID}
QUESTION = {"name": "question", "in": "path", "description": "The question's id.", "example": "experience"}
OF_A_SESSION: tuple[type[Exception], ...] = (UnknownSession, UnknownQuestionnaire, Unavailable)


@dataclass(frozen=True, slots=True)
class Start:
    """What a new session is about."""

    questionnaire: str
    locale: str | None
    channel: str


class SessionRequest(Schema):
    """The questionnaire to go through."""

    questionnaire = identifier("The questionnaire's id.")
    locale = locale()
    channel = fields.String(
        load_default="web",
        validate=validate.Regexp(r"^[a-z0-9_-]{1,30}$(?!\n)", error="Small letters, digits, '_' and '-', at most 30."),
        metadata={"description": "Where the shopper is: web, app, shop …"},
    )

    @post_load
    def start(self, data: dict[str, Any], **_: object) -> Start:
        """What the session is about."""
        return Start(**data)


class AnswerRequest(Schema):
    """The answer to one question."""

    value = fields.Raw(required=True, allow_none=True, metadata=ANSWER)


@blueprint.route("/v1/sessions", methods=["POST"])
@blueprint.describes(
    Operation(
        "startSession",
        "A new session, its only key, and the first question.",
        "NewSession",
        examples.NEW_SESSION,
        description="Made with a shopper token, the session sees what that shopper allows at each request.",
        status=201,
        body=True,
        opened_by="shopper",
        guests_too=True,
        refuses=(UnknownQuestionnaire, Unavailable),
        headers=("Content-Language", "Location"),
    )
)
@asked_by(guest_or_shopper)
@blueprint.arguments(SessionRequest(), example={"questionnaire": "road-bike", "locale": "de"})
def start_session(start: Start, who: ShopperId | None) -> Response:
    """Begin."""
    rooms = the_rooms()
    front = rooms.shopfront()
    compiled = front.questionnaires.get(start.questionnaire)
    asked = compiled.questionnaire
    language = language_for(start.locale, request.headers.get("Accept-Language"), asked.languages)
    now = rooms.clock()
    session = Session(
        id=secrets.token_urlsafe(16),
        questionnaire=asked.id,
        version=asked.version,
        locale=language,
        channel=start.channel,
        answers={},
        subject=who,
        created_at=now,
        touched_at=now,
        expires_at=now + rooms.session_lifetime,
    )
    token = new_token("session")
    rooms.stores.versions.keep(compiled, at=now)
    rooms.stores.sessions.start(session, token)
    visit = _Visit(rooms, front, session, compiled)
    state = visit.state()
    visit.count(given_out(state))
    begun = reply({"id": session.id, "token": token, "state": state.as_json()}, status=201, language=language)
    begun.headers["Location"] = f"/v1/sessions/{session.id}"
    return begun


@blueprint.route("/v1/sessions/<id>", parameters=[SESSION_ID])
@blueprint.describes(
    Operation(
        "getSession",
        "The session's state: go on where it was left.",
        "State",
        examples.STATE,
        opened_by="session",
        refuses=OF_A_SESSION,
        headers=("Content-Language",),
    )
)
@asked_by(session_token)
def resume_session(id: str, who: str) -> Response:  # noqa: A002 - the address' own word
    """The state now."""
    visit = _visit(id, who)
    return _told(visit, visit.state())


@blueprint.route("/v1/sessions/<id>/answers/<question>", methods=["PUT"], parameters=[SESSION_ID, QUESTION])
@blueprint.describes(
    Operation(
        "putAnswer",
        "Answer a question, or correct the answer.",
        "State",
        examples.STATE,
        description="An answer that is refused leaves the session as it was.",
        body=True,
        opened_by="session",
        refuses=(*OF_A_SESSION, NoSuchQuestion, UnknownOption, BadReply),
        headers=("Content-Language",),
    )
)
@asked_by(session_token)
@blueprint.arguments(AnswerRequest(), example={"value": "beginner"})
def put_answer(body: dict[str, object], id: str, question: str, who: str) -> Response:  # noqa: A002
    """Take the answer and go on."""
    visit = _visit(id, who)
    asked = visit.question(question)
    raw = body["value"]
    given = None if raw is None else parse_reply(asked, raw)
    value = None if given is None else reply_json(given, asked)
    visit = visit.changed(question, lambda sessions, now: sessions.answer(id, question, value, at=now))
    state = visit.state()
    visit.count((*answered(question, given), *given_out(state)))
    return _told(visit, state)


@blueprint.route("/v1/sessions/<id>/answers/<question>", methods=["DELETE"], parameters=[SESSION_ID, QUESTION])
@blueprint.describes(
    Operation(
        "takeBackAnswer",
        "Take an answer back; one that was never given is no error.",
        "State",
        examples.STATE,
        opened_by="session",
        refuses=(*OF_A_SESSION, NoSuchQuestion),
        headers=("Content-Language",),
    )
)
@asked_by(session_token)
def take_back_answer(id: str, question: str, who: str) -> Response:  # noqa: A002
    """Forget the answer and go on."""
    visit = _visit(id, who)
    visit.question(question)
    before = visit.state()
    visit = visit.changed(question, lambda sessions, now: sessions.take_back(id, question, at=now))
    state = visit.state()
    if question in before.answers:
        visit.count((*taken_back(question, before), *given_out(state)))
    return _told(visit, state)


@dataclass(frozen=True, slots=True)
class _Visit:
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

    def changed(self, question: str, change: Callable[[Sessions, datetime], Session]) -> "_Visit":
        """The visit after an answer was given or taken back; from then on the session belongs to this version."""
        stores, now = self.rooms.stores, self.rooms.clock()
        if self.session.version != self.compiled.version:
            stores.versions.keep(self.compiled, at=now)
            stores.sessions.move_on(self.session.id, self.compiled.version, self.outdated)
        left = tuple(each for each in self.outdated if each != question)
        return replace(self, session=change(stores.sessions, now), outdated=left)

    def state(self) -> State:
        """What the shopper is told."""
        answers = parse_answers(self.compiled, _still_understood(self.compiled, self.session, self.outdated))
        view = self.front.gate.view(None if opted_out() else self.session.subject, "advice_profile", self.rooms.clock())
        state = advise(self.compiled, answers, view, self.session.locale)
        return replace(state, outdated=self.outdated)

    def count(self, happened: Iterable[Happened]) -> None:
        """Count what happened, without the session that it happened in."""
        self.rooms.counting.count(self.compiled, self.rooms.clock(), happened)


def _visit(id: str, token: str) -> _Visit:  # noqa: A002 - the address' own word
    rooms = the_rooms()
    front = rooms.shopfront()
    session = rooms.stores.sessions.find(id, token, at=rooms.clock())
    compiled = front.questionnaires.of_version(session.questionnaire, session.version)
    return _Visit(rooms, front, session, compiled, rooms.stores.versions.outdated(session, compiled))


def _told(visit: _Visit, state: State) -> Response:
    return reply(state.as_json(), language=visit.session.locale)


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
