"""The shop's own server: tokens for its signed-in shoppers, and what its silos know of them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Response
from marshmallow import Schema, fields, post_load, validate

from service.api import examples
from service.api.bearer import asked_by, shop
from service.api.blueprint import Blueprint
from service.api.fields import Moment, Scalar, identifier, storable
from service.api.operation import Operation
from service.api.problems import NoSuchShopper, Unavailable
from service.api.replies import reply
from service.api.rooms import the_rooms
from service.api.times import rfc3339
from service.privacy.credentials import Credential, issue
from service.privacy.profile import IncomingValue, accept
from service.privacy.shoppers import pseudonym

TOKEN_LIFETIME = timedelta(hours=1)
LONGEST_REF = 200
MOST_VALUES = 200
REF = {
    "name": "ref",
    "in": "path",
    "description": "The shop's own reference of the shopper.",
    "example": "customer-1042",
}

blueprint = Blueprint("shoppers", __name__, description="For the shop's server alone, with its key.")


class Value(Schema):
    """One value with its origin."""

    attribute = identifier("The attribute's id.")
    value = Scalar(required=True, validate=storable, metadata={"type": ["string", "number", "boolean"]})
    source = identifier("The silo that it comes from.")
    source_ref = fields.String(
        required=True,
        validate=[validate.Length(min=1, max=LONGEST_REF), storable],
        metadata={"description": "Its place there."},
    )
    collected_at = Moment(required=True, metadata={"description": "When it was collected there."})

    @post_load
    def incoming(self, data: dict[str, Any], **_: object) -> IncomingValue:
        """The value as the profile takes it."""
        return IncomingValue(**data)


class Delivery(Schema):
    """Values of one shopper."""

    values = fields.List(fields.Nested(Value()), required=True, validate=validate.Length(min=1, max=MOST_VALUES))


@blueprint.route("/v1/shoppers/<ref>/tokens", methods=["POST"], parameters=[REF])
@blueprint.describes(
    Operation(
        "issueShopperToken",
        "A token for this shopper's browser, good for an hour.",
        "ShopperToken",
        examples.SHOPPER_TOKEN,
        description="The reference is not stored: the shopper is known by a keyed hash of it.",
        status=201,
        opened_by="shop",
        refuses=(NoSuchShopper, Unavailable),
    )
)
@asked_by(shop)
def issue_token(ref: str, who: Credential) -> Response:  # noqa: ARG001 - that the shop asks is enough
    """Issue a token, and make the shopper known."""
    rooms = the_rooms()
    now = rooms.clock()
    subject = pseudonym(rooms.secret, _checked(ref))
    rooms.stores.shoppers.ensure(subject, at=now)
    issued = issue(rooms.stores.credentials, "shopper", at=now, lifetime=TOKEN_LIFETIME, subject=subject)
    return reply({"token": issued.token, "expires_at": rfc3339(now + TOKEN_LIFETIME)}, status=201)


@blueprint.route("/v1/shoppers/<ref>/attributes", methods=["PUT"], parameters=[REF])
@blueprint.describes(
    Operation(
        "putAttributes",
        "Deliver profile values; only what a consent covers is stored.",
        "Acceptance",
        examples.ACCEPTANCE,
        body=True,
        opened_by="shop",
        refuses=(NoSuchShopper, Unavailable),
    )
)
@asked_by(shop)
@blueprint.arguments(Delivery(), example=examples.DELIVERY)
def put_attributes(body: dict[str, Any], ref: str, who: Credential) -> Response:  # noqa: ARG001
    """Take what may be taken."""
    rooms = the_rooms()
    values: Sequence[IncomingValue] = body["values"]
    subject = pseudonym(rooms.secret, _checked(ref))
    taken = accept(rooms.stores.profiles, rooms.shopfront().register, subject, values, at=rooms.clock())
    refused = [{"index": each.index, "attribute": each.attribute, "reason": each.reason} for each in taken.refused]
    return reply({"accepted": taken.accepted, "refused": refused})


def _checked(ref: str) -> str:
    if len(ref) > LONGEST_REF:
        raise NoSuchShopper
    return ref
