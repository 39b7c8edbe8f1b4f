"""Which models there are and which is in service, for whoever runs it."""

from flask import Response

from service.api import examples
from service.api.bearer import asked_by, operator
from service.api.blueprint import Blueprint
from service.api.operation import Operation
from service.api.problems import Unavailable
from service.api.replies import reply
from service.api.rooms import Rooms, the_rooms
from service.api.times import rfc3339
from service.cross_sell.life import Listed, UnknownModel, activate, listed
from service.cross_sell.refusal import ArtefactRefused
from service.privacy.credentials import Credential

VERSION = {
    "name": "version",
    "in": "path",
    "description": "The model's version, as `GET /v1/models` lists it.",
    "example": "2026-05-04-1f2e3d4c5b6a7988",
}

blueprint = Blueprint("models", __name__, description="For the operator alone.")


@blueprint.route("/v1/models")
@blueprint.describes(
    Operation(
        "listModels",
        "The models on disk, newest first, and the one in service.",
        "Models",
        examples.MODELS,
        opened_by="operator",
        refuses=(Unavailable,),
    )
)
@asked_by(operator)
def models(who: Credential) -> Response:  # noqa: ARG001 - that the operator asks is enough
    """The models."""
    return reply(_told(the_rooms()))


@blueprint.route("/v1/models/<version>/activate", methods=["POST"], parameters=[VERSION])
@blueprint.describes(
    Operation(
        "activateModel",
        "Put a model into service, an older one or a newer one.",
        "Models",
        examples.MODELS,
        description="Every byte of it is looked at first. This worker has switched when the reply comes, the others do "
        "at their next request.",
        opened_by="operator",
        refuses=(UnknownModel, ArtefactRefused, Unavailable),
    )
)
@asked_by(operator)
def activate_model(version: str, who: Credential) -> Response:  # noqa: ARG001 - that the operator asks is enough
    """Switch to it."""
    rooms = the_rooms()
    activate(rooms.models_folder, version)
    return reply(_told(rooms))


def _told(rooms: Rooms) -> dict[str, object]:
    rooms.models.refresh()
    artefact = rooms.models.artefact
    in_service = artefact.version if artefact else None
    return {
        "models": [_one(each, in_service=each.version == in_service) for each in listed(rooms.models_folder)],
        "refused": rooms.models.refused,
    }


def _one(each: Listed, *, in_service: bool) -> dict[str, object]:
    return {
        "version": each.version,
        "in_service": in_service,
        "trained_at": rfc3339(each.trained_at),
        "orders": each.manifest.orders if each.manifest else None,
        "refused": each.refused,
    }
