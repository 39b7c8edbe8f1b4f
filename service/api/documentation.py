"""The API explains itself: the OpenAPI document, a page to read and try it, and a page about each problem."""

import re
from html import escape
from importlib.resources import files
from typing import Any

import orjson
from apispec import APISpec
from flask import Flask, Response, abort, request

from service.api.operation import first_sentence, status_of
from service.api.problems import STATUS, slug_of

SHIPPED = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
OWN = {"docs.css": "text/css", "docs.js": "text/javascript"}
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
A_DAY = "public, max-age=86400"


class Documentation:
    """Pages that never change while the service runs; written once."""

    def __init__(self, spec: APISpec) -> None:
        self._openapi = orjson.dumps(_tidy(spec.to_dict()))

    def at(self, app: Flask) -> None:
        """Serve the pages; they are no part of the document themselves."""
        app.add_url_rule("/openapi.json", "openapi", self.openapi)
        app.add_url_rule("/docs", "docs", self.page)
        app.add_url_rule("/docs/assets/<name>", "docs_asset", self.asset)
        app.add_url_rule("/problems/<path:slug>", "problem_page", self.problem)

    def openapi(self) -> Response:
        """The OpenAPI document."""
        found = Response(self._openapi, content_type="application/json")
        found.add_etag()
        found.headers["Cache-Control"] = "no-cache"
        found.make_conditional(request)
        return found

    def page(self) -> Response:
        """A page that shows the document with files of this machine alone."""
        text = files("service.api").joinpath("static", "docs.html").read_bytes()
        return Response(text, headers={"Content-Security-Policy": CONTENT_POLICY}, content_type="text/html")

    def asset(self, name: str) -> Response:
        """A file of the page."""
        if name not in SHIPPED and name not in OWN:
            abort(404)
        folder = files("flask_swagger_ui").joinpath("dist") if name in SHIPPED else files("service.api") / "static"
        return Response(
            folder.joinpath(name).read_bytes(), headers={"Cache-Control": A_DAY}, content_type=(SHIPPED | OWN)[name]
        )

    def problem(self, slug: str) -> Response:
        """What a problem's `type` says."""
        kind = next((kind for kind in STATUS if slug_of(kind) == slug), None)
        if kind is None:
            abort(404)
        title = escape(re.sub("[-/]", " ", slug).capitalize())
        text = (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
            f"<h1>{title}</h1><p>Status {status_of(kind)}. {escape(first_sentence(kind))}</p>"
        )
        return Response(text, content_type="text/html")


def _tidy(document: dict[str, Any]) -> dict[str, Any]:
    paths = {path: document["paths"][path] for path in sorted(document["paths"])}
    return document | {"paths": paths}
