"""What goes with a basket: the shop's rules first, then the model."""

from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, post_load, validate

from service.api import examples
from service.api.bearer import asked_by, guest_or_shopper
from service.api.blueprint import Blueprint
from service.api.fields import locale
from service.api.languages import language_for
from service.api.operation import Operation
from service.api.problems import Unavailable
from service.api.replies import reply
from service.api.rooms import the_rooms
from service.cross_sell.request import Request
from service.cross_sell.suggest import suggest
from service.privacy.subject import ShopperId

MOST_SKUS = 100
LONGEST_SKU = 100
MOST_SUGGESTIONS = 50

blueprint = Blueprint("cross-sell", __name__, description="What belongs to it.")


class CrossSellRequest(Schema):
    """A basket, or the product that is looked at."""

    basket = fields.List(
        fields.String(validate=validate.Length(min=1, max=LONGEST_SKU)),
        required=True,
        validate=validate.Length(max=MOST_SKUS),
        metadata={"description": "Skus; unknown ones are no error."},
    )
    occasion = fields.String(load_default="basket", validate=validate.OneOf(("product", "basket", "after_purchase")))
    limit = fields.Integer(load_default=5, strict=True, validate=validate.Range(1, MOST_SUGGESTIONS))
    locale = locale()

    @post_load
    def wanted(self, data: dict[str, Any], **_: object) -> tuple[Request, str | None]:
        """What the room is asked for, and in which language."""
        return Request(tuple(data["basket"]), data["occasion"], data["limit"]), data["locale"]


@blueprint.route("/v1/cross-sell", methods=["POST"])
@blueprint.describes(
    Operation(
        "suggest",
        "What goes with the basket, and why.",
        "Suggestions",
        examples.SUGGESTIONS,
        description="`degraded` says what was missing: no model, or nothing in the basket that it knows.",
        body=True,
        opened_by="shopper",
        guests_too=True,
        refuses=(Unavailable,),
        headers=("Content-Language",),
    )
)
@asked_by(guest_or_shopper)
@blueprint.arguments(CrossSellRequest(), example=examples.CROSS_SELL_REQUEST)
def post_cross_sell(wanted: tuple[Request, str | None], who: ShopperId | None) -> Response:
    """The suggestions."""
    asked, preferred = wanted
    rooms = the_rooms()
    front = rooms.shopfront()
    rooms.models.refresh()
    language = language_for(preferred, request.headers.get("Accept-Language"), front.catalogue.shop.locales)
    view = front.gate.view(who, "cross_sell", rooms.clock())
    found = suggest(asked, rooms.models.artefact, front.catalogue, front.companions, view, language)
    return reply(found.as_json(), language=language)
