"""Advice without memory: the state of a dialogue for the answers that the request brings along."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from marshmallow import Schema, post_load, validate

from service.advice.advise import advise, parse_answers
from service.advice.insights import given_out
from service.advice.reply import BadReply, UnknownOption, UnknownQuestion
from service.advice.shelf import UnknownQuestionnaire
from service.api import examples
from service.api.bearer import asked_by, guest_or_marked
from service.api.blocking import unblocked
from service.api.blueprint import Blueprint
from service.api.fields import Answers, identifier, locale
from service.api.languages import language_for
from service.api.operation import Operation
from service.api.problems import Unavailable
from service.api.replies import reply
from service.api.rooms import the_rooms
from service.api.shapes.words import ANSWER
from service.privacy.subject import Marked

MOST_ANSWERS = 200

blueprint = Blueprint("advice", __name__, description="A questionnaire narrows the catalogue.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What advice is asked for."""

    questionnaire: str
    answers: Mapping[str, object]
    locale: str | None


class AdviceRequest(Schema):
    """Answers to a questionnaire, none of which is stored."""

    questionnaire = identifier("The questionnaire's id.")
    answers = Answers(
        load_default=dict,
        validate=validate.Length(max=MOST_ANSWERS),
        metadata={"type": "object", "description": "question -> answer", "additionalProperties": ANSWER},
    )
    locale = locale()

    @post_load
    def wanted(self, data: dict[str, Any], **_: object) -> Wanted:
        """What the engine is asked for."""
        return Wanted(**data)


@blueprint.route("/v1/advice", methods=["POST"])
@blueprint.describes(
    Operation(
        "advise",
        "The next question, what is left and why, for these answers. Nothing is stored.",
        "State",
        examples.STATE,
        body=True,
        opened_by="shopper",
        guests_too=True,
        refuses=(UnknownQuestionnaire, UnknownQuestion, UnknownOption, BadReply, Unavailable),
        headers=("Content-Language",),
    )
)
@asked_by(guest_or_marked)
@blueprint.arguments(AdviceRequest(), example=examples.ADVICE_REQUEST)
def post_advice(wanted: Wanted, who: Marked | None) -> Response:
    """The advice state."""
    rooms = the_rooms()
    front = rooms.shopfront()
    compiled = front.questionnaires.get(wanted.questionnaire)
    answers = parse_answers(compiled, wanted.answers)
    language = language_for(wanted.locale, request.headers.get("Accept-Language"), compiled.questionnaire.languages)
    now = rooms.clock()
    state = advise(compiled, answers, front.gate.view(who, "advice_profile", now), language)
    state = unblocked(state, rooms, front, who.id if who else None)
    rooms.counting.count(compiled, now, given_out(state))
    return reply(state.as_json(), language=language)
