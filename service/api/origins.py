"""Which other origins' pages may call the API (CORS): those that the operator named, never with the shop's keys."""

from collections.abc import Collection

from flask import Response, request

ALLOWED = (
    ("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE"),
    ("Access-Control-Allow-Headers", "Accept-Language, Authorization, Content-Type, Idempotency-Key"),
    ("Access-Control-Max-Age", "600"),
)
EXPOSED = "Content-Language, X-Request-Id, Retry-After"
NEVER = ("/v1/shoppers/", "/v1/models", "/v1/preview")


class Origins:
    """Lets pages of these origins call the shopper's part of the API; without origins nothing is added at all."""

    def __init__(self, origins: Collection[str]) -> None:
        self._allowed = frozenset(origins)

    def admit(self, response: Response) -> None:
        """Add what a browser asks for before it shows the reply to a page of another origin."""
        if not self._allowed or not request.path.startswith("/v1/") or request.path.startswith(NEVER):
            return
        response.vary.add("Origin")
        origin = request.headers.get("Origin")
        if origin is None or origin not in self._allowed:
            return
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response.headers.extend(ALLOWED)
