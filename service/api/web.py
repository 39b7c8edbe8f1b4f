"""The web application: the blueprints of every resource behind one boundary."""

from collections.abc import Collection
from importlib.metadata import version
from typing import Any

import flask_smorest
from flask import Flask

from service.api import (
    advice,
    audit,
    blocking,
    consents,
    cross_sell,
    handovers,
    insights,
    interactions,
    me,
    merging,
    models,
    operations,
    preview,
    questionnaires,
    register,
    remembered,
    sessions,
    shoppers,
)
from service.api.boundary import Boundary, Web
from service.api.component import components
from service.api.documentation import Documentation
from service.api.log import Log
from service.api.origins import Origins
from service.api.preview_page import PreviewPage
from service.api.references import Reference
from service.api.rooms import Rooms
from service.api.shapes import advice as advice_shapes
from service.api.shapes import cross_sell as cross_sell_shapes
from service.api.shapes import insights as insight_shapes
from service.api.shapes import operations as operation_shapes
from service.api.shapes import preview as preview_shapes
from service.api.shapes import privacy as privacy_shapes

LARGEST_BODY = 64 * 1024
RESOURCES = (
    questionnaires,
    advice,
    sessions,
    handovers,
    cross_sell,
    register,
    consents,
    me,
    remembered,
    interactions,
    blocking,
    audit,
    shoppers,
    merging,
    models,
    insights,
    preview,
    operations,
)

TOKENS = {
    "session": "The token that came with a session; opens that session alone.",
    "shopper": "A short-lived token which the shop's server fetched for a signed-in shopper.",
    "shop": "The shop server's key; never to be sent by a browser. Made by `begleiter keys create --scope shop`.",
    "operator": "The operator's key. Made by `begleiter keys create --scope operator`.",
}
HEADERS = {
    "X-Request-Id": "Names this request in the service's log.",
    "Content-Language": "The language of the reply's texts.",
    "Location": "Where the new resource is.",
    "WWW-Authenticate": "Which kind of token is wanted.",
    "Retry-After": "Seconds to wait before another try.",
}
DESCRIPTION = (
    "A questionnaire narrows a catalogue from a shopper's answers, and a model adds what belongs to it. Both see "
    "only what the shopper consented to. Errors are problem documents (RFC 9457). Texts come in the language of the "
    "request's `locale`, else of `Accept-Language`, else of the questionnaire."
)


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest's registry of what is documented; errors are the boundary's."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave every error to the boundary, which knows one form for all."""


def build(
    rooms: Rooms, *, log: Log, origins: Collection[str] = (), unavailable: tuple[type[Exception], ...] = ()
) -> Flask:
    """The app around opened rooms. Exceptions of the kinds `unavailable` mean that the database does not answer."""
    app = Web("service.api", static_folder=None)
    app.config |= _configuration()
    app.url_map.merge_slashes = False
    app.url_map.converters["ref"] = Reference
    app.extensions["begleiter"] = rooms
    app.boundary = Boundary(log, rooms.metrics, Origins(origins), unavailable)
    api = Api(app)
    _declare(api)
    for resource in RESOURCES:
        api.register_blueprint(resource.blueprint)
    Documentation(api.spec).at(app)
    for component in components():
        component.at(app)
    PreviewPage().at(app)
    return app


def _configuration() -> dict[str, Any]:
    return {
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
        "API_TITLE": "Begleiter",
        "API_VERSION": version("begleiter"),
        "OPENAPI_VERSION": "3.1.0",
        "API_SPEC_OPTIONS": {"info": {"description": DESCRIPTION}, "servers": [{"url": "/"}]},
    }


def _declare(api: Api) -> None:
    for room in (advice_shapes, insight_shapes, preview_shapes, privacy_shapes, cross_sell_shapes, operation_shapes):
        for name, shape in room.SHAPES.items():
            api.spec.components.schema(name, shape)
    for name, text in TOKENS.items():
        api.spec.components.security_scheme(name, {"type": "http", "scheme": "bearer", "description": text})
    for name, text in HEADERS.items():
        api.spec.components.header(name, {"description": text, "schema": {"type": "string"}})
