"""Every error on the wire, in one form (RFC 9457): which status an exception gets, and the body that tells of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import orjson
from flask import Response
from werkzeug.exceptions import HTTPException

from service.api.body import MalformedJson

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "5"
MOST_ERRORS = 50
LONGEST_POINTER = 200


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field: its JSON pointer (RFC 6901) in the body, or the name of a query parameter."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None

    def as_json(self) -> dict[str, str]:
        """The entry in a problem's `errors`."""
        place = {"parameter": self.parameter} if self.pointer is None else {"pointer": self.pointer}
        return {key: value for key, value in place.items() if value is not None} | {"detail": self.detail}


class InvalidRequest(Exception):
    """The request is readable, and some of its fields are not what the documented schema asks for."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("Some fields are missing, unknown or of the wrong kind; see errors.")
        self.errors = tuple(errors)


class WrongMediaType(Exception):
    """The body is declared as something else than JSON."""

    def __init__(self) -> None:
        super().__init__("Send the body as application/json.")


class Unauthorised(Exception):
    """No token, or one that opens nothing here."""

    def __init__(self, *, token_sent: bool) -> None:
        self.token_sent = token_sent
        super().__init__(
            "This token is unknown, expired or of another kind."
            if token_sent
            else "This call needs a token: send it as 'Authorization: Bearer …'."
        )


class NoSuchSession(Exception):
    """No session of this id belongs to the token; a foreign one and none at all are told alike."""

    def __init__(self) -> None:
        super().__init__("There is no such session, or it is not yours.")


class InternalError(Exception):
    """Something in the service failed; the log says where, the reply says no more."""

    def __init__(self) -> None:
        super().__init__("Something failed inside the service. The log has an entry under this X-Request-Id.")


STATUS: dict[type[Exception], int] = {
    MalformedJson: 400,
    Unauthorised: 401,
    NoSuchSession: 404,
    WrongMediaType: 415,
    InvalidRequest: 422,
    InternalError: 500,
}

DETAIL_OF_STATUS = {
    400: "The request cannot be understood.",
    404: "There is nothing at this address.",
    405: "This address does not answer that method; see the Allow header.",
    413: "The body is larger than 64 KiB.",
    431: "The request's headers are too large.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What goes wrong for a caller, ready to be written."""

    slug: str
    status: int
    detail: str
    errors: tuple[FieldError, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """The problem's kind in words."""
        return self.slug.replace("-", " ").capitalize()

    def as_json(self) -> dict[str, object]:
        """The members of RFC 9457, and `errors`."""
        return {
            "type": f"/problems/{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "errors": [error.as_json() for error in self.errors[:MOST_ERRORS]],
        }

    def as_reply(self) -> Response:
        """The HTTP reply."""
        return Response(self.as_bytes(), self.status, self.headers, content_type=MEDIA_TYPE)

    def as_bytes(self) -> bytes:
        """The body."""
        return orjson.dumps(self.as_json())


def slug_of(kind: type[BaseException]) -> str:
    """An exception's name as the last part of its problem's type: `UnknownOption` -> `unknown-option`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__).lower()


def pointer_to(*steps: object) -> str:
    """The JSON pointer along these keys; cut to the parent where a key that somebody sent is too long to repeat."""
    pointer = ""
    for step in steps:
        longer = f"{pointer}/{str(step).replace('~', '~0').replace('/', '~1')}"
        if len(longer) > LONGEST_POINTER:
            break
        pointer = longer
    return pointer


def problem_of(error: Exception, status: Mapping[type[Exception], int] = STATUS) -> Problem | None:
    """What an exception means on the wire, or None if it is nothing that a caller can be told about."""
    if isinstance(error, HTTPException):
        return _of_http(error)
    kind = next((kind for kind in type(error).__mro__ if kind in status), None)
    if kind is None:
        return None
    return Problem(slug_of(kind), status[kind], _sentence(str(error)), _errors_of(error), _headers_of(error))


def _of_http(error: HTTPException) -> Problem:
    code = error.code or 500
    headers = tuple((name, value) for name, value in error.get_headers() if name != "Content-Type")
    return Problem(slug_of(type(error)), code, DETAIL_OF_STATUS.get(code, error.name + "."), (), headers)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "…")) else ".")


def _errors_of(error: Exception) -> tuple[FieldError, ...]:
    errors = getattr(error, "errors", ())
    return tuple(each for each in errors if isinstance(each, FieldError))


def _headers_of(error: Exception) -> tuple[tuple[str, str], ...]:
    if isinstance(error, Unauthorised):
        reason = ', error="invalid_token"' if error.token_sent else ""
        return (("WWW-Authenticate", f'Bearer realm="begleiter"{reason}'),)
    return (("Retry-After", RETRY_AFTER),) if STATUS.get(type(error)) == HTTPStatus.SERVICE_UNAVAILABLE else ()
