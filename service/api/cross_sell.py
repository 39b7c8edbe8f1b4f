"""What goes with a basket: the shop's rules first, then the model."""

from typing import Any

import orjson
from flask import Response, request
from marshmallow import Schema, fields, post_load, validate

from service.api import examples
from service.api.bearer import asked_by, guest_or_marked
from service.api.blocking import blocked_categories
from service.api.blueprint import Blueprint
from service.api.cross_sell_figures import OUTCOMES
from service.api.fields import locale
from service.api.languages import language_for
from service.api.operation import Operation
from service.api.plain import PlainSchema
from service.api.problems import Unavailable
from service.api.replies import reply
from service.api.rooms import the_rooms
from service.catalogue.product import LONGEST_SKU
from service.cross_sell.request import OCCASIONS, Request
from service.cross_sell.suggestions import KINDS
from service.privacy.subject import Marked

MOST_SKUS = 100
MOST_SUGGESTIONS = 50

blueprint = Blueprint("cross-sell", __name__, description="What belongs to it.")


class CrossSellRequest(PlainSchema):
    """A basket, or the product that is looked at."""

    basket = fields.List(
        fields.String(validate=validate.Length(min=1, max=LONGEST_SKU)),
        required=True,
        validate=validate.Length(max=MOST_SKUS),
        metadata={"description": "Skus; unknown ones are no error."},
    )
    occasion = fields.String(
        load_default="basket",
        validate=validate.OneOf(OCCASIONS),
        metadata={
            "description": "product: `basket` holds what is looked at; basket: what is in it; after_purchase: what was "
            "just bought, which is not suggested again."
        },
    )
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
        description="First what the shop's rules demand, then what may be used up again, then what the model ranks: "
        "nothing that is owned, out of stock, unfitting, sensitive, blocked, or stands for what is there. A list may "
        "be shorter than `limit`: nothing is suggested that nothing speaks for. Orders are counted from ten on. "
        "`degraded` says what was missing: a model, or something in the basket that it knows; then past orders "
        "speak, where they may be used, else what is popular. Where something of the shopper was used, "
        "`without_consent` lists the skus that would be suggested without it.",
        body=True,
        opened_by="shopper",
        guests_too=True,
        refuses=(Unavailable,),
        headers=("Content-Language",),
    )
)
@asked_by(guest_or_marked)
@blueprint.arguments(CrossSellRequest(), example=examples.CROSS_SELL_REQUEST)
def post_cross_sell(wanted: tuple[Request, str | None], who: Marked | None) -> Response:
    """The suggestions."""
    asked, preferred = wanted
    rooms = the_rooms()
    front = rooms.shopfront()
    rooms.models.refresh()
    language = language_for(preferred, request.headers.get("Accept-Language"), front.catalogue.shop.locales)
    now = rooms.clock()
    view = front.gate.view(who, "cross_sell", now)
    answering = rooms.answering(front.catalogue, front.companions, rooms.models.artefact)
    answer = answering.answer(
        asked, view, language, now, blocked=blocked_categories(rooms, front, who.id if who else None)
    )
    rooms.metrics.cross_sell.replied(asked.occasion, answer.suggestions)
    return reply(orjson.Fragment(answer.body), language=language)


class OutcomeReport(Schema):
    """What came of one suggestion; neither who nor which product."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))


@blueprint.route("/v1/cross-sell/outcomes", methods=["POST"])
@blueprint.describes(
    Operation(
        "reportOutcome",
        "Tell that a suggestion was clicked or bought, to be counted.",
        "Counted",
        examples.COUNTED,
        description="Neither who nor which product: only the kind of suggestion is counted, for `/metrics` and "
        "`begleiter models report`. What was shown is counted with each reply of `POST /v1/cross-sell`.",
        body=True,
    )
)
@blueprint.arguments(OutcomeReport(), example=examples.OUTCOME_REPORT)
def post_outcome(told: dict[str, Any]) -> Response:
    """Count it."""
    the_rooms().metrics.cross_sell.came_of(told["kind"], told["outcome"])
    return reply({"counted": True})
