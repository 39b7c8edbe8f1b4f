"""Going on elsewhere: a session is handed over by a one-time code, to another device or to somebody in the shop."""

import secrets

from flask import Response

from service.advice.handover import TooManyCodes, TooManyGuesses, UnknownCode, code_hash, new_code, taken_over
from service.advice.session import Session, UnknownSession
from service.advice.shelf import UnknownQuestionnaire
from service.api import examples
from service.api.bearer import asked_by, guest_or_shopper, session_token
from service.api.blueprint import Blueprint
from service.api.operation import Operation
from service.api.problems import Unavailable
from service.api.replies import reply
from service.api.rooms import Rooms, the_rooms
from service.api.sessions import SESSION_ID
from service.api.times import rfc3339
from service.api.visit import begun, visit_to
from service.privacy.credentials import new_token
from service.privacy.shoppers import UnknownShopper
from service.privacy.subject import ShopperId

CODE = {
    "name": "code",
    "in": "path",
    "description": "The code as it was shown or read aloud; capital or small, with or without hyphens and spaces.",
    "example": "BCD-FGH-JKL-MNP",
}

blueprint = Blueprint("handovers", __name__, description="A session goes on at another device.")


@blueprint.route("/v1/sessions/<id>/handover", methods=["POST"], parameters=[SESSION_ID])
@blueprint.describes(
    Operation(
        "offerHandover",
        "A one-time code that hands the session over to another device.",
        "Handover",
        examples.HANDOVER,
        description="Good for ten minutes and for one use; a newer code ends an older one. The session itself stays.",
        status=201,
        opened_by="session",
        refuses=(UnknownSession, TooManyCodes, Unavailable),
    )
)
@asked_by(session_token)
def offer_handover(id: str, who: str) -> Response:  # noqa: A002 - the address' own word
    """A code for whoever is to go on."""
    rooms = the_rooms()
    now = rooms.clock()
    session = rooms.stores.sessions.find(id, who, at=now)
    code = new_code()
    until = rooms.stores.handovers.offer(session.id, _hash(rooms, code), at=now)
    return reply({"code": code, "expires_at": rfc3339(until)}, status=201)


@blueprint.route("/v1/handovers/<code>", methods=["POST"], parameters=[CODE])
@blueprint.describes(
    Operation(
        "takeOver",
        "Go on with the session that the code hands over: a new session with its answers and a token of its own.",
        "NewSession",
        examples.NEW_SESSION,
        description="The answers that were given travel, and nothing of a profile: only who sends the token of the "
        "shopper whose session it was goes on as that shopper. A code that is wrong, used or over is 404 alike.",
        status=201,
        opened_by="shopper",
        guests_too=True,
        refuses=(UnknownCode, TooManyGuesses, UnknownQuestionnaire, UnknownShopper, Unavailable),
        headers=("Content-Language", "Location"),
    )
)
@asked_by(guest_or_shopper)
def take_over(code: str, who: ShopperId | None) -> Response:
    """Go on here."""
    rooms = the_rooms()
    front, now = rooms.shopfront(), rooms.clock()

    def begin(handed: Session) -> Session:
        front.questionnaires.of_version(handed.questionnaire, handed.version)  # raises, and the code stays good
        name = secrets.token_urlsafe(16)
        return taken_over(handed, session_id=name, by=who, at=now, lifetime=rooms.session_lifetime)

    token = new_token("session")
    session = rooms.stores.handovers.redeem(_hash(rooms, code), begin, token, by=who, at=now)
    visit = visit_to(rooms, front, session)
    return begun(visit, token, visit.state())


def _hash(rooms: Rooms, code: str) -> str:
    return code_hash(code, rooms.secret.derived("handover code"))
