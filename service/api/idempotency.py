"""Requests that may be sent again: the header by which a caller says that it is the same one."""

from flask import request

from service.api.problems import BadIdempotencyKey

LONGEST_KEY = 200
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A key of your choice: the same request under the same key is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    "example": "2f0c6a52-5b1c-4d2e-9a43-0d8d2c1f7a11",
}


def idempotency_key() -> str | None:
    """The key of this request; raises BadIdempotencyKey."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise BadIdempotencyKey
    return key
