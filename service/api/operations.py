"""For whoever watches the service: is it alive, can it serve, how is it doing."""

from flask import Response

from service.api import examples
from service.api.blueprint import Blueprint
from service.api.operation import Operation
from service.api.replies import reply
from service.api.rooms import Rooms, the_rooms
from service.privacy.ledger import KeyUnknown, LedgerBroken

blueprint = Blueprint("operations", __name__, description="Alive, ready, and how fast.")


@blueprint.route("/alive")
@blueprint.describes(Operation("alive", "The process answers.", "Alive", {"status": "alive"}))
def alive() -> Response:
    """Whether the process answers at all."""
    return reply({"status": "alive"})


@blueprint.route("/ready")
@blueprint.describes(
    Operation(
        "ready",
        "What can be served, and what was refused and why.",
        "Ready",
        examples.READY,
        description="503, in the same form, while the database's schema or the catalogue is missing, or while the "
        "ledger is signed with a secret that this worker does not know: it was rotated in the environment, and the "
        "worker is to be restarted. A file or model that was refused is named with the reason, a file without the "
        "folder in which it lies (the log has it); what was in force before it still is. While the ledger is refused, "
        "no consent is recorded. Whether the database can be written to is not tried: on a full disk, what only reads "
        "goes on, what writes is answered with 503, and the log names the driver's error.",
        also=(503,),
    )
)
def ready() -> Response:
    """What is in force."""
    rooms = the_rooms()
    front = rooms.shopfront()
    rooms.models.refresh()
    has_schema = rooms.stores.is_current()
    products = len(front.catalogue.products)
    broken = _broken_ledger(rooms) if has_schema else None
    serves = has_schema and products > 0 and not isinstance(broken, KeyUnknown)
    body = {
        "status": "ready" if serves else "not_ready",
        "database": "ready" if has_schema else "not_ready",
        "catalogue": {
            "products": products,
            "version": front.catalogue.version,
            "refused": [each.without_folder for each in front.catalogue_refused],
        },
        "questionnaires": {
            "published": sorted(front.questionnaires.published),
            "refused": [each.without_folder for each in (*front.questionnaires.refused, *front.refused)],
        },
        "model": {
            "version": rooms.models.artefact.version if rooms.models.artefact else None,
            "refused": rooms.models.refused,
        },
        "ledger": {"refused": str(broken) if broken else None},
    }
    return reply(body, status=200 if serves else 503)


def _broken_ledger(rooms: Rooms) -> LedgerBroken | None:
    try:
        rooms.stores.ledger.head()
    except LedgerBroken as broken:
        return broken
    return None


@blueprint.route("/metrics")
@blueprint.describes(
    Operation(
        "metrics",
        "Counts and durations by route template and status, for Prometheus.",
        "Figures",
        "# TYPE begleiter_request_seconds histogram\n",
        media_type="text/plain",
    )
)
def metrics() -> Response:
    """All workers' figures."""
    figures = the_rooms().metrics
    return Response(figures.text(), content_type=figures.CONTENT_TYPE)
