"""How far the ledger goes: a signed head that an auditor may keep and have the ledger checked against later."""

from flask import Response

from service.api import examples
from service.api.bearer import asked_by, operator
from service.api.blueprint import Blueprint
from service.api.operation import Operation
from service.api.problems import Unavailable
from service.api.replies import reply
from service.api.rooms import the_rooms
from service.privacy.credentials import Credential
from service.privacy.ledger import Head, LedgerBroken

blueprint = Blueprint("audit", __name__, description="For the operator and the auditor.")


@blueprint.route("/v1/audit/head")
@blueprint.describes(
    Operation(
        "getLedgerHead",
        "Where the ledger of consent ends, signed.",
        "LedgerHead",
        examples.HEAD,
        description="Keep it elsewhere: `begleiter audit verify --anchors FILE` finds an end that was cut since then.",
        opened_by="operator",
        refuses=(Unavailable, LedgerBroken),
    )
)
@asked_by(operator)
def head(who: Credential) -> Response:  # noqa: ARG001 - that the operator asks is enough
    """The head."""
    return reply(head_json(the_rooms().stores.ledger.head()))


def head_json(found: Head) -> dict[str, object]:
    """A head as it goes over the wire and into a file of anchors."""
    return {"position": found.position, "hash": found.hash, "key": found.key, "signature": found.signature}
