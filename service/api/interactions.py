"""What a shopper does in the shop, told by its pages; kept under consent alone, and answered alike otherwise."""

from dataclasses import dataclass
from typing import Any

from flask import Response
from marshmallow import Schema, fields, post_load, validate

from service.api import examples_of_rights as examples
from service.api.bearer import anybodys, asked_by
from service.api.blueprint import Blueprint
from service.api.idempotency import IDEMPOTENCY_KEY, idempotency_key
from service.api.operation import Operation
from service.api.problems import BadIdempotencyKey, FieldError, InvalidRequest, Unavailable
from service.api.replies import reply
from service.api.rooms import the_rooms
from service.catalogue.product import LONGEST_SKU
from service.privacy.idempotency import KeyReused, key_hash
from service.privacy.interactions import KINDS, Interaction, Kind, record
from service.privacy.subject import ShopperId

blueprint = Blueprint("interactions", __name__, description="What a shopper does, if they let the shop keep it.")


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done with which product."""

    kind: Kind
    sku: str


class InteractionRequest(Schema):
    """A product was looked at, put into the basket or bought."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    sku = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_SKU))

    @post_load
    def deed(self, data: dict[str, Any], **_: object) -> Deed:
        """What was done."""
        return Deed(**data)


@blueprint.route("/v1/interactions", methods=["POST"], parameters=[IDEMPOTENCY_KEY])
@blueprint.describes(
    Operation(
        "recordInteraction",
        "Tell that a product was looked at, put into the basket or bought; kept only if the shopper allows it.",
        "Recorded",
        examples.RECORDED,
        description="Kept under the shopper's pseudonym while they consent to `orders` for `behaviour_capture`, and "
        "deleted when they withdraw that. What was bought counts as a past order in `POST /v1/cross-sell` while they "
        "consent to `orders` for `cross_sell`, too. Nothing is kept of a guest, of a session without a shopper, under "
        "`Sec-GPC: 1`, nor of a sensitive product or one that the shopper blocks; all these get the same reply.",
        body=True,
        opened_by="shopper",
        also_opened_by=("session",),
        guests_too=True,
        refuses=(KeyReused, BadIdempotencyKey, Unavailable),
    )
)
@asked_by(anybodys)
@blueprint.arguments(InteractionRequest(), example=examples.INTERACTION)
def post_interaction(deed: Deed, who: ShopperId | None) -> Response:
    """Keep it, if that is allowed."""
    rooms = the_rooms()
    front, key = rooms.shopfront(), idempotency_key()
    product = front.catalogue.find(deed.sku) if deed.sku in front.catalogue else None
    if product is None:
        raise InvalidRequest([FieldError("No product has this sku.", "/sku")])
    if who is None or front.catalogue.shop.is_sensitive(product.category):
        return reply({"stored": False})
    done = Interaction(deed.kind, deed.sku, rooms.clock())
    named = None if key is None else key_hash(key)
    topics = front.catalogue.shop.topics_of(product.category)
    return reply({"stored": record(rooms.stores.interactions, front.register, who, done, named, topics)})
