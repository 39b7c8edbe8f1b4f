"""Which other origins' pages may call the API (CORS): those that the operator named, never with the shop's keys."""

from collections.abc import Collection

from flask import Flask, Response, request

ALLOWED = (
    ("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE"),
    ("Access-Control-Allow-Headers", "Accept-Language, Authorization, Content-Type, Idempotency-Key"),
    ("Access-Control-Max-Age", "600"),
)
EXPOSED = "Content-Language, X-Request-Id, Retry-After"
NEVER = ("/v1/shoppers/", "/v1/models")


def allow_origins(app: Flask, origins: Collection[str]) -> None:
    """Let pages of these origins call the shopper's part of the API; without origins nothing is added at all."""
    allowed = frozenset(origins)

    def answer_origin(response: Response) -> Response:
        if not request.path.startswith("/v1/") or request.path.startswith(NEVER):
            return response
        response.vary.add("Origin")
        origin = request.headers.get("Origin")
        if origin in allowed:
            _admit(response, origin)
        return response

    if allowed:
        app.after_request(answer_origin)


def _admit(response: Response, origin: str | None) -> None:
    response.headers["Access-Control-Allow-Origin"] = origin or ""
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        response.headers.extend(ALLOWED)
