"""Two references of one person: the shop's own server has them made one, as far as both consented to it."""

from functools import partial
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from service.api import examples_of_rights as examples
from service.api.bearer import asked_by, shop
from service.api.blocking import blocked_by
from service.api.blueprint import Blueprint
from service.api.consents import CHANGES, receipt_json
from service.api.idempotency import IDEMPOTENCY_KEY, idempotency_key
from service.api.operation import Operation
from service.api.problems import NoSuchShopper
from service.api.references import REF, a_reference, checked
from service.api.replies import reply
from service.api.rooms import the_rooms
from service.privacy.credentials import Credential
from service.privacy.merging import MergeNotConsented, SameShopper, merge
from service.privacy.shoppers import pseudonym

blueprint = Blueprint("merging", __name__, description="Two identities of one person.")


class MergeRequest(Schema):
    """Whom to merge into the shopper of the address."""

    other = fields.String(
        required=True,
        validate=a_reference,
        metadata={"description": "The shop's reference of the identity that is gone afterwards."},
    )


@blueprint.route("/v1/shoppers/<ref:ref>/merge", methods=["POST"], parameters=[REF, IDEMPOTENCY_KEY])
@blueprint.describes(
    Operation(
        "mergeShoppers",
        "Merge another identity into this shopper, as far as both consented to it.",
        "ConsentEvent",
        examples.MERGED,
        description="Both must have consented to `profile_merge` for one attribute and source. A grant survives only "
        "if both had it, and until the earlier of both ends. The other's values and orders move where both consented "
        "to `profile_merge` for them and a surviving grant covers them; of two values from one source the later "
        "collected stays. Topics that either blocks are blocked afterwards. Everything else of the other is erased, "
        "its tokens and sessions with it; it is unknown afterwards. All of it happens or nothing.",
        body=True,
        opened_by="shop",
        refuses=(*CHANGES, MergeNotConsented, SameShopper, NoSuchShopper),
    )
)
@asked_by(shop)
@blueprint.arguments(MergeRequest(), example={"other": "visitor-7f3a"})
def merge_shoppers(body: dict[str, Any], ref: str, who: Credential) -> Response:  # noqa: ARG001 - that the shop asks is enough
    """Merge, and enter the other's erasure into the list that outlives a backup."""
    rooms = the_rooms()
    now = rooms.clock()
    survivor, other = (pseudonym(rooms.secret, checked(each)) for each in (ref, body["other"]))
    receipt = merge(
        rooms.stores.merges,
        rooms.secret,
        survivor,
        other,
        at=now,
        blocking=partial(blocked_by, rooms.shopfront()),
        idempotency_key=idempotency_key(),
    )
    rooms.stores.rights.finish(at=now)
    return reply(receipt_json(receipt))
