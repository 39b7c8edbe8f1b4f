"""Which models there are and which is in service, for whoever runs it."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from service.api import examples
from service.api.bearer import asked_by, operator
from service.api.blueprint import Blueprint
from service.api.operation import Operation
from service.api.problems import Unavailable
from service.api.replies import reply
from service.api.rooms import Rooms, the_rooms
from service.api.times import rfc3339
from service.cross_sell.life import Listed, UnknownModel, activate, listed, shown
from service.cross_sell.pointer import prune
from service.cross_sell.refusal import ArtefactRefused
from service.privacy.credentials import Credential

VERSION = {
    "name": "version",
    "in": "path",
    "description": "The model's version, as `GET /v1/models` lists it.",
    "example": "2026-05-04-1f2e3d4c5b6a7988",
}

MOST_KEPT = 1_000

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


@blueprint.route("/v1/models/<version>", parameters=[VERSION])
@blueprint.describes(
    Operation(
        "showModel",
        "What one model says of itself: data, metrics beside baselines, limits, recipe, and why it was forced.",
        "Model",
        examples.MODEL,
        description="`told` is its manifest without the list of files; null if the manifest is refused.",
        opened_by="operator",
        refuses=(UnknownModel, Unavailable),
    )
)
@asked_by(operator)
def show_model(version: str, who: Credential) -> Response:  # noqa: ARG001 - that the operator asks is enough
    """The model."""
    rooms = the_rooms()
    rooms.models.refresh()
    found = shown(rooms.models_folder, version)
    return reply({**_one(found, in_service=version == _in_service(rooms)), "told": found.told})


class PruneRequest(Schema):
    """How many models stay on the disk."""

    keep = fields.Integer(
        load_default=5,
        strict=True,
        validate=validate.Range(1, MOST_KEPT),
        metadata={"description": "Newest first; the one in service always stays."},
    )


@blueprint.route("/v1/models/prune", methods=["POST"])
@blueprint.describes(
    Operation(
        "pruneModels",
        "Remove older models; the one in service always stays.",
        "PrunedModels",
        examples.PRUNED_MODELS,
        body=True,
        opened_by="operator",
        refuses=(ArtefactRefused, Unavailable),
    )
)
@asked_by(operator)
@blueprint.arguments(PruneRequest(), example=examples.PRUNE_REQUEST)
def prune_models(told: dict[str, Any], who: Credential) -> Response:  # noqa: ARG001 - that the operator asks is enough
    """Remove them."""
    rooms = the_rooms()
    removed = prune(rooms.models_folder, told["keep"])
    return reply({"removed": removed, **_told(rooms)})


def _told(rooms: Rooms) -> dict[str, object]:
    rooms.models.refresh()
    in_service = _in_service(rooms)
    return {
        "models": [_one(each, in_service=each.version == in_service) for each in listed(rooms.models_folder)],
        "refused": rooms.models.refused,
    }


def _in_service(rooms: Rooms) -> str | None:
    artefact = rooms.models.artefact
    return artefact.version if artefact else None


def _one(each: Listed, *, in_service: bool) -> dict[str, object]:
    return {
        "version": each.version,
        "in_service": in_service,
        "trained_at": rfc3339(each.trained_at),
        "orders": each.manifest.orders if each.manifest else None,
        "refused": each.refused,
    }
