"""The shop's own server: tokens for its signed-in shoppers, and what its silos know of them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Response
from marshmallow import Schema, fields, post_load, validate

from service.api import examples
from service.api.bearer import asked_by, shop
from service.api.blueprint import Blueprint
from service.api.fields import Moment, Scalar, YesNo, identifier, storable
from service.api.operation import Operation
from service.api.problems import NoSuchShopper, Unavailable
from service.api.references import REF, checked
from service.api.replies import reply
from service.api.rooms import the_rooms
from service.api.times import rfc3339
from service.privacy.age import acting
from service.privacy.credentials import Credential, issue
from service.privacy.profile import LONGEST_REFERENCE, IncomingValue, accept
from service.privacy.shoppers import pseudonym

TOKEN_LIFETIME = timedelta(hours=1)
MOST_VALUES = 200

blueprint = Blueprint("shoppers", __name__, description="For the shop's server alone, with its key.")


class Value(Schema):
    """One value with its origin."""

    attribute = identifier("The attribute's id.")
    value = Scalar(required=True, validate=storable, metadata={"type": ["string", "number", "boolean"]})
    source = identifier("The silo that it comes from.")
    source_ref = fields.String(
        required=True,
        validate=[validate.Length(min=1, max=LONGEST_REFERENCE), storable],
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


class TokenRequest(Schema):
    """What the shop knows of who is going to use the token; neither is stored beyond the token's own hour."""

    age = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(0, 150),
        metadata={"description": "In years, where it is known: below the age of consent only a guardian may give."},
    )
    guardian = YesNo(load_default=False, metadata={"description": "A guardian acts for the shopper."})


@blueprint.route("/v1/shoppers/<ref:ref>/tokens", methods=["POST"], parameters=[REF])
@blueprint.describes(
    Operation(
        "issueShopperToken",
        "A token for this shopper's browser, good for an hour.",
        "ShopperToken",
        examples.SHOPPER_TOKEN,
        description="The reference is not stored: the shopper is known by a keyed hash of it. A body is optional.",
        status=201,
        body=True,
        opened_by="shop",
        refuses=(NoSuchShopper, Unavailable),
    )
)
@asked_by(shop)
@blueprint.arguments(TokenRequest(), location="optional json", example={"age": 34, "guardian": False})
def issue_token(body: dict[str, Any], ref: str, who: Credential) -> Response:  # noqa: ARG001 - that the shop asks is enough
    """Issue a token, and make the shopper known."""
    rooms = the_rooms()
    now = rooms.clock()
    subject = pseudonym(rooms.secret, checked(ref))
    rooms.stores.shoppers.ensure(subject, at=now)
    acts_as = acting(rooms.shopfront().catalogue.shop.country, body["age"], guardian=body["guardian"])
    issued = issue(
        rooms.stores.credentials, "shopper", at=now, lifetime=TOKEN_LIFETIME, subject=subject, acting=acts_as
    )
    return reply({"token": issued.token, "expires_at": rfc3339(now + TOKEN_LIFETIME)}, status=201)


@blueprint.route("/v1/shoppers/<ref:ref>/attributes", methods=["PUT"], parameters=[REF])
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
    subject = pseudonym(rooms.secret, checked(ref))
    taken = accept(rooms.stores.profiles, rooms.shopfront().register, subject, values, at=rooms.clock())
    refused = [{"index": each.index, "attribute": each.attribute, "reason": each.reason} for each in taken.refused]
    return reply({"accepted": taken.accepted, "refused": refused})
