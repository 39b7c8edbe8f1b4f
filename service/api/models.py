"""Which models there are, for whoever runs the service."""

from flask import Response

from service.api import examples
from service.api.bearer import asked_by, operator
from service.api.blueprint import Blueprint
from service.api.operation import Operation
from service.api.problems import Unavailable
from service.api.replies import reply
from service.api.rooms import the_rooms
from service.cross_sell.pointer import published
from service.privacy.credentials import Credential

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
    rooms = the_rooms()
    rooms.models.refresh()
    artefact = rooms.models.artefact
    in_service = artefact.version if artefact else None
    versions = published(rooms.models_folder)
    body = {
        "models": [{"version": each, "in_service": each == in_service} for each in versions],
        "refused": rooms.models.refused,
    }
    return reply(body)
