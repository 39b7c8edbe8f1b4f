"""A shopper's own say: giving and withdrawing consent through one shape, and what is allowed now."""

from collections.abc import Sequence
from typing import Any

from flask import Response
from marshmallow import Schema, fields, post_load, pre_load, validate

from service.api import examples
from service.api.audit import head_json
from service.api.bearer import asked_by, shopper, shopper_credential, subject_of
from service.api.blueprint import Blueprint
from service.api.fields import YesNo, identifier
from service.api.gpc import OptedOut, opted_out
from service.api.idempotency import IDEMPOTENCY_KEY, idempotency_key
from service.api.operation import Operation
from service.api.problems import BadIdempotencyKey, Unavailable
from service.api.replies import reply
from service.api.rooms import the_rooms
from service.api.times import rfc3339
from service.privacy.age import GuardianNeeded
from service.privacy.bundles import Bundled, refuse_bundles
from service.privacy.consent import (
    DecidedTwice,
    Decision,
    Grant,
    NothingDecided,
    NoticeOutdated,
    NoticeRef,
    PurposeNotServed,
    Receipt,
    SourceNotDeclared,
    record_event,
    withdraw_everything,
)
from service.privacy.credentials import Credential
from service.privacy.declared import ServedNotice
from service.privacy.idempotency import KeyReused
from service.privacy.ledger import LedgerBroken
from service.privacy.register import UnknownAttribute, UnknownNotice, UnknownPurpose
from service.privacy.shoppers import UnknownShopper
from service.privacy.subject import ShopperId

MOST_DECISIONS = 100
CHANGES: tuple[type[Exception], ...] = (UnknownShopper, KeyReused, BadIdempotencyKey, Unavailable, LedgerBroken)

blueprint = Blueprint("me", __name__, description="What a shopper allows.")


class NoticeReference(Schema):
    """The notice that the shopper was shown."""

    id = identifier("The notice's id.")
    version = identifier("Its version.")
    language = identifier("The language in which it was shown.")

    @post_load
    def noted(self, data: dict[str, Any], **_: object) -> NoticeRef:
        """The notice as the shopper names it."""
        return NoticeRef(**data)


class OneDecision(Schema):
    """One attribute for one purpose, given or not."""

    attribute = identifier("The attribute's id.")
    purpose = identifier("The purpose's id.")
    given = YesNo(required=True)
    source = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(min=1, max=100),
        metadata={"description": "Only values from this source; all declared ones where it is absent."},
    )

    @post_load
    def decided(self, data: dict[str, Any], **_: object) -> Decision:
        """The decision."""
        return Decision(**data)


class ConsentEventRequest(Schema):
    """What was shown and what was decided."""

    notice = fields.Nested(NoticeReference(), required=True)
    decisions = fields.List(
        fields.Nested(OneDecision()), required=True, validate=validate.Length(min=1, max=MOST_DECISIONS)
    )

    @pre_load
    def apart(self, data: Any, **_: object) -> Any:  # noqa: ANN401 - whatever was sent
        """Refuse one tick for several things before anything else is said about it."""
        if isinstance(data, dict):
            refuse_bundles(data.get("decisions"))
        return data


@blueprint.route("/v1/me/consent-events", methods=["POST"], parameters=[IDEMPOTENCY_KEY])
@blueprint.describes(
    Operation(
        "decide",
        "Give, refuse or withdraw consent, each attribute for each purpose.",
        "ConsentEvent",
        examples.CONSENT_EVENT,
        description="Withdrawing acts on the next request. `grants` are what holds after the event. What the register "
        "knows no longer is withdrawn all the same where it is granted.",
        status=201,
        body=True,
        opened_by="shopper",
        refuses=(
            *CHANGES,
            NoticeOutdated,
            UnknownNotice,
            UnknownAttribute,
            UnknownPurpose,
            PurposeNotServed,
            SourceNotDeclared,
            DecidedTwice,
            NothingDecided,
            Bundled,
            GuardianNeeded,
            OptedOut,
        ),
    )
)
@asked_by(shopper_credential)
@blueprint.arguments(ConsentEventRequest(), example=examples.CONSENT_REQUEST)
def decide(body: dict[str, Any], who: Credential) -> Response:
    """Write the event."""
    rooms = the_rooms()
    notice: NoticeRef = body["notice"]
    decisions: Sequence[Decision] = body["decisions"]
    if any(decision.given for decision in decisions):
        _may_give(who)
    receipt = record_event(
        rooms.stores.consents,
        rooms.shopfront().register,
        subject_of(who),
        notice,
        decisions,
        at=rooms.clock(),
        by="guardian" if who.acting == "guardian" else "shopper",
        idempotency_key=idempotency_key(),
    )
    return reply(receipt_json(receipt), status=201)


@blueprint.route("/v1/me/consents")
@blueprint.describes(
    Operation(
        "listConsents",
        "What the shopper allows now.",
        "Consents",
        examples.CONSENTS,
        opened_by="shopper",
        refuses=(Unavailable,),
    )
)
@asked_by(shopper)
def consents(who: ShopperId) -> Response:
    """The grants in force."""
    rooms = the_rooms()
    return reply({"grants": [_grant(each) for each in rooms.stores.consents.current(who, at=rooms.clock())]})


@blueprint.route("/v1/me/consents", methods=["DELETE"])
@blueprint.describes(
    Operation(
        "withdrawAll",
        "Withdraw everything at once.",
        "ConsentEvent",
        examples.WITHDRAWN,
        parameters=(IDEMPOTENCY_KEY,),
        opened_by="shopper",
        refuses=CHANGES,
    )
)
@asked_by(shopper)
def withdraw(who: ShopperId) -> Response:
    """Withdraw every grant in one event."""
    rooms = the_rooms()
    receipt = withdraw_everything(rooms.stores.consents, who, at=rooms.clock(), idempotency_key=idempotency_key())
    return reply(receipt_json(receipt))


def _may_give(who: Credential) -> None:
    if opted_out():
        raise OptedOut
    if who.acting == "minor":
        raise GuardianNeeded


def receipt_json(receipt: Receipt) -> dict[str, object]:
    """An event with what holds after it, on the wire."""
    event = receipt.event
    return {
        "id": event.id,
        "at": rfc3339(event.at),
        "notice": None if event.notice is None else _notice(event.notice),
        "decisions": [
            {
                "attribute": each.attribute,
                "purpose": each.purpose,
                "source": each.source,
                "given": each.given,
                "outcome": each.outcome,
            }
            for each in event.decisions
        ],
        "grants": [_grant(each) for each in receipt.grants],
        "head": head_json(receipt.head),
    }


def _grant(grant: Grant) -> dict[str, object]:
    return {
        "attribute": grant.attribute,
        "purpose": grant.purpose,
        "given_at": rfc3339(grant.given_at),
        "until": None if grant.until is None else rfc3339(grant.until),
        "notice": _notice(grant.notice),
        "sources": grant.sources,
    }


def _notice(notice: ServedNotice) -> dict[str, object]:
    return {"id": notice.id, "version": notice.version, "language": notice.language, "hash": notice.hash}
