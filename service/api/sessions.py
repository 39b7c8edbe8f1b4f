"""Advice with a memory: a session keeps the answers, so that a shopper may reload, go back and go on elsewhere."""

import secrets
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, post_load, validate

from service.advice.insights import answered, given_out, refused, taken_back
from service.advice.reply import BadReply, UnknownOption, parse_reply, reply_json
from service.advice.session import Session, UnknownSession
from service.advice.shelf import UnknownQuestionnaire
from service.api import examples
from service.api.bearer import asked_by, guest_or_marked, session_token
from service.api.blueprint import Blueprint
from service.api.fields import identifier, locale
from service.api.languages import language_for
from service.api.operation import Operation
from service.api.problems import NoSuchQuestion, Unavailable
from service.api.rooms import the_rooms
from service.api.shapes.words import ANSWER
from service.api.visit import Visit, begun, told, visit_by
from service.privacy.credentials import new_token
from service.privacy.subject import Marked

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
@asked_by(guest_or_marked)
@blueprint.arguments(SessionRequest(), example={"questionnaire": "road-bike", "locale": "de"})
def start_session(start: Start, who: Marked | None) -> Response:
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
        subject=None if who is None else who.id,
        created_at=now,
        touched_at=now,
        expires_at=now + rooms.session_lifetime,
        mark=None if who is None else who.mark,
    )
    token = new_token("session")
    rooms.stores.versions.keep(compiled, at=now)
    rooms.stores.sessions.start(session, token)
    visit = Visit(rooms, front, session, compiled)
    state = visit.state()
    visit.count(given_out(state))
    return begun(visit, token, state)


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
    visit = visit_by(id, who)
    return told(visit, visit.state())


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
    visit = visit_by(id, who)
    asked = visit.question(question)
    raw = body["value"]
    given = None if raw is None else parse_reply(asked, raw)
    value = None if given is None else reply_json(given, asked)
    said = answered(question, given) if given is not None else refused(question, visit.state())
    visit = visit.changed(question, lambda sessions, now: sessions.answer(id, question, value, at=now))
    state = visit.state()
    visit.count((*said, *given_out(state)))
    return told(visit, state)


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
    visit = visit_by(id, who)
    visit.question(question)
    before = visit.state()
    visit = visit.changed(question, lambda sessions, now: sessions.take_back(id, question, at=now))
    state = visit.state()
    if question in before.answers:
        visit.count((*taken_back(question, before), *given_out(state)))
    return told(visit, state)
