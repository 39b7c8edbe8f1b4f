"""What a request brings along, checked by a marshmallow schema, with every bad field said at once."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import request
from gunicorn.http.errors import ParseException
from marshmallow import EXCLUDE, Schema, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from service.api.body import MalformedJson, read_json
from service.api.problems import FieldError, InvalidRequest, WrongMediaType, pointer_to


def from_body(schema: Schema) -> object:
    """What the schema makes of the body.

    Raises:
        WrongMediaType: if it is declared as anything but JSON.
        MalformedJson: if it is not JSON with one meaning.
        RequestEntityTooLarge: if it is longer than the app allows.
        InvalidRequest: if it does not meet the schema; unknown fields do not.
    """
    if request.mimetype != "application/json":
        raise WrongMediaType
    try:
        raw = request.get_data(cache=False)
    except (ParseException, OSError):  # chunks that are none, or a caller who is gone
        raise MalformedJson("The body cannot be read to its end.") from None
    if request.content_length is None and len(raw) >= (request.max_content_length or 0):
        raise RequestEntityTooLarge  # werkzeug ends a chunked body at the limit without a word
    value = read_json(raw)
    if not isinstance(value, dict):
        raise InvalidRequest([FieldError("A JSON object is expected.", "")])
    try:
        return schema.load(value)
    except ValidationError as refused:
        raise InvalidRequest([FieldError(said, pointer_to(*steps)) for steps, said in _leaves(refused)]) from None


def from_body_if_any(schema: Schema) -> object:
    """The same, where a request without a body stands for an empty one."""
    if not request.content_length and "Transfer-Encoding" not in request.headers:
        return schema.load({})
    return from_body(schema)


def from_query(schema: Schema) -> object:
    """What the schema makes of the query parameters; unknown ones are none of ours. Raises `InvalidRequest`."""
    try:
        return schema.load(request.args.to_dict(), unknown=EXCLUDE)
    except ValidationError as refused:
        errors = [FieldError(said, parameter=str(steps[0])) for steps, said in _leaves(refused)]
        raise InvalidRequest(errors) from None


def _leaves(refused: ValidationError) -> Iterator[tuple[tuple[object, ...], str]]:
    return _walk(refused.normalized_messages(), ())  # type: ignore[no-untyped-call]


def _walk(tree: Any, steps: tuple[object, ...]) -> Iterator[tuple[tuple[object, ...], str]]:  # noqa: ANN401
    match tree:
        case Mapping():
            for step, branch in tree.items():
                yield from _walk(branch, steps if step == "_schema" else (*steps, step))
        case list() | tuple():
            for message in tree:
                yield from _walk(message, steps)
        case _:
            yield steps, str(tree)
