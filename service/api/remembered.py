"""Answers worth remembering: kept only under the shopper's consent to that attribute, and then asked no more."""

from dataclasses import dataclass
from typing import Any

from flask import Response
from marshmallow import Schema, fields, post_load

from service.advice.compiled import Compiled
from service.advice.registered import PURPOSE
from service.advice.remembering import SHOPPER, value_of
from service.advice.reply import AnswerRefused, Reply, parse_reply
from service.advice.shelf import UnknownQuestionnaire
from service.api import examples_of_rights as examples
from service.api.bearer import asked_by, shopper
from service.api.blocking import blocked_categories
from service.api.blueprint import Blueprint
from service.api.fields import identifier
from service.api.gpc import opted_out
from service.api.operation import Operation
from service.api.problems import FieldError, InvalidRequest, Unavailable
from service.api.replies import reply
from service.api.rooms import Rooms, Shopfront, the_rooms
from service.api.shapes.words import ANSWER
from service.privacy.profile import IncomingValue, accept
from service.privacy.subject import ShopperId

blueprint = Blueprint("remembered", __name__, description="Nobody enters anything twice who does not want to.")


@dataclass(frozen=True, slots=True)
class Worth:
    """An answer that the shopper wants to be remembered."""

    questionnaire: str
    question: str
    value: object


class RememberRequest(Schema):
    """One answer to one question."""

    questionnaire = identifier("The questionnaire's id.")
    question = identifier("The question's id.")
    value = fields.Raw(required=True, metadata=ANSWER)

    @post_load
    def worth(self, data: dict[str, Any], **_: object) -> Worth:
        """What is to be remembered."""
        return Worth(**data)


@blueprint.route("/v1/me/remembered", methods=["POST"])
@blueprint.describes(
    Operation(
        "rememberAnswer",
        "Remember an answer that the state offers in `remember`, if the shopper consents to it.",
        "Remembered",
        examples.REMEMBERED,
        description="Stored only under a current consent to the attribute for advice with the profile; it then answers "
        'that question, and each that asks the profile for the attribute, with `prefilled.source` "shopper". A later '
        "answer replaces it. Under `Sec-GPC: 1` nothing is stored, nor of a questionnaire that is about something "
        "sensitive, or about nothing but what the shopper blocks. Whether anything was known before is not told.",
        body=True,
        opened_by="shopper",
        refuses=(UnknownQuestionnaire, Unavailable),
    )
)
@asked_by(shopper)
@blueprint.arguments(RememberRequest(), example=examples.REMEMBER)
def remember(worth: Worth, who: ShopperId) -> Response:
    """Keep it, if that is allowed."""
    rooms = the_rooms()
    front = rooms.shopfront()
    compiled = front.questionnaires.get(worth.questionnaire)
    attribute, given = _answer(compiled, worth)
    may_be = not opted_out() and not _is_touchy(compiled, blocked_categories(rooms, front, who))
    return reply({"stored": may_be and _kept(rooms, front, who, worth, attribute, given)})


def _is_touchy(compiled: Compiled, blocked: frozenset[str]) -> bool:
    """Whether the questionnaire is about something sensitive, or about nothing but what the shopper blocks."""
    wanted = compiled.questionnaire.candidates
    named = {value.text for each in wanted if each.attribute.text == "category" for value in each.values}
    return compiled.is_sensitive or (bool(named) and named <= blocked)


def _answer(compiled: Compiled, worth: Worth) -> tuple[str, Reply]:
    """The attribute that the answer is remembered as, and the answer; raises InvalidRequest."""
    found = compiled.by_id.get(worth.question)
    wanted = None if found is None else found.question.remember_as
    if found is None or wanted is None:
        raise InvalidRequest([FieldError("No question of this id whose answer is remembered.", "/question")])
    try:
        return wanted.text, parse_reply(found.question, worth.value)
    except AnswerRefused as refused:
        raise InvalidRequest([FieldError(f"{refused}.", "/value")]) from None


def _kept(rooms: Rooms, front: Shopfront, who: ShopperId, worth: Worth, attribute: str, given: Reply) -> bool:  # noqa: PLR0913, PLR0917
    declared = front.register.attributes.get(attribute)
    value = None if declared is None else value_of(given, declared.kind)
    if value is None:
        return False
    now = rooms.clock()
    incoming = IncomingValue(attribute, value, SHOPPER, f"{worth.questionnaire}/{worth.question}", now)
    taken = accept(rooms.stores.profiles, front.register, who, [incoming], at=now, purpose=PURPOSE)
    return taken.accepted == 1
