"""How one call is described in the OpenAPI document: its replies, its problems, who may make it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge

from service.api.body import MalformedJson
from service.api.problems import (
    DETAIL_OF_STATUS,
    MEDIA_TYPE,
    STATUS,
    InternalError,
    InvalidRequest,
    Problem,
    Unauthorised,
    WrongMediaType,
    slug_of,
)

OF_ANY_CALL: tuple[type[Exception], ...] = (BadRequest, InternalError)
OF_A_BODY: tuple[type[Exception], ...] = (MalformedJson, RequestEntityTooLarge, WrongMediaType, InvalidRequest)


@dataclass(frozen=True, slots=True)
class Operation:
    """One call as its caller reads it.

    `refuses` names the exceptions that it may end in, besides the usual ones; `also` other statuses with the same
    reply; `opened_by` the kind of token that it takes, `also_opened_by` others;
    `also_as` other media types, each with an example; `parameters` headers that other methods there do not take.
    """

    name: str
    summary: str
    reply: str
    example: object
    description: str = ""
    status: int = 200
    refuses: tuple[type[Exception], ...] = ()
    opened_by: str | None = None
    also_opened_by: tuple[str, ...] = ()
    guests_too: bool = False
    body: bool = False
    parameters: tuple[Mapping[str, object], ...] = ()
    headers: tuple[str, ...] = ()
    media_type: str = "application/json"
    also_as: tuple[tuple[str, str], ...] = ()
    also: tuple[int, ...] = ()

    def as_openapi(self) -> dict[str, Any]:
        """The OpenAPI operation object, without parameters and body, which come from the schema."""
        described: dict[str, Any] = {
            "operationId": self.name,
            "summary": self.summary,
            "description": self.description,
            "responses": dict.fromkeys((self.status, *self.also), self._success()) | self._problems(),
            "security": self._security(),
        }
        if self.parameters:
            described["parameters"] = [dict(each) for each in self.parameters]
        return described if self.description else {k: v for k, v in described.items() if k != "description"}

    def _success(self) -> dict[str, Any]:
        content = {"schema": {"$ref": f"#/components/schemas/{self.reply}"}, "example": self.example}
        headers = {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Request-Id", *self.headers)}
        others = {kind: {"schema": {"type": "string"}, "example": example} for kind, example in self.also_as}
        return {"description": self.summary, "headers": headers, "content": {self.media_type: content, **others}}

    def _security(self) -> list[dict[str, list[str]]]:
        named: list[dict[str, list[str]]] = [{kind: []} for kind in (self.opened_by, *self.also_opened_by) if kind]
        return [{}, *named] if self.guests_too or not named else named

    def _problems(self) -> dict[int, Any]:
        kinds = (*OF_ANY_CALL, *(OF_A_BODY if self.body else ()), *((Unauthorised,) if self.opened_by else ()))
        by_status: dict[int, list[type[Exception]]] = defaultdict(list)
        for kind in (*kinds, *self.refuses):
            by_status[status_of(kind)].append(kind)
        return {status: _problem_reply(status, by_status[status]) for status in sorted(by_status)}


def status_of(kind: type[Exception]) -> int:
    """The status that an exception of this kind ends in."""
    return kind.code or 500 if issubclass(kind, HTTPException) else STATUS[kind]


def _problem_reply(status: int, kinds: Iterable[type[Exception]]) -> dict[str, Any]:
    examples = {slug_of(kind): {"value": _example(status, kind)} for kind in kinds}
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}
    reply: dict[str, Any] = {"description": ", ".join(examples), "content": {MEDIA_TYPE: content}}
    headers = _headers_of(status)
    return reply | {"headers": headers} if headers else reply


def _example(status: int, kind: type[Exception]) -> Mapping[str, object]:
    detail = DETAIL_OF_STATUS.get(status, "") if issubclass(kind, HTTPException) else first_sentence(kind)
    return Problem(slug_of(kind), status, detail).as_json()


def first_sentence(kind: type[Exception]) -> str:
    """What an exception's docstring says first."""
    return (kind.__doc__ or "").partition("\n")[0]


def _headers_of(status: int) -> dict[str, Any]:
    names = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}
    return {names[status]: {"$ref": f"#/components/headers/{names[status]}"}} if status in names else {}
