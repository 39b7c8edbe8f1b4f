"""How a resource is declared: what comes in is checked by its schema, what goes out is documented beside it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn, TypeVar, cast

import flask_smorest
from flask import Request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge

from service.api.body import read_json
from service.api.operation import Operation
from service.api.problems import FieldError, InvalidRequest, WrongMediaType, pointer_to

View = TypeVar("View", bound=Callable[..., object])


class StrictParser(FlaskParser):
    """Reads bodies by `read_json` and says every bad field at once, by its pointer."""

    def load_json(self, req: Request, schema: Schema) -> object:  # noqa: ARG002 - webargs' signature
        """The body, which must be declared as JSON.

        Raises:
            WrongMediaType: if it is declared as anything else.
            MalformedJson: if it is not JSON with one meaning.
            RequestEntityTooLarge: if it is longer than the app allows.
        """
        if req.mimetype != "application/json":
            raise WrongMediaType
        raw = req.get_data(cache=False)
        if req.content_length is None and len(raw) >= (req.max_content_length or 0):
            raise RequestEntityTooLarge  # werkzeug ends a chunked body at the limit without a word
        return read_json(raw)

    def handle_error(self, error: ValidationError, *_: object, **__: object) -> NoReturn:
        """Turn marshmallow's tree of messages into a flat list of field errors.

        Raises:
            InvalidRequest: always.
        """
        tree = error.normalized_messages()  # type: ignore[no-untyped-call]
        raise InvalidRequest([found for place in tree for found in _field_errors(place, tree[place])]) from None


def _field_errors(location: str, tree: Any) -> Iterator[FieldError]:  # noqa: ANN401 - marshmallow's nested messages
    for steps, detail in _leaves(tree):
        if location == "json":
            yield FieldError(detail, pointer=pointer_to(*steps))
        else:
            yield FieldError(detail, parameter=str(steps[0]) if steps else location)


def _leaves(tree: Any, steps: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], str]]:  # noqa: ANN401
    match tree:
        case Mapping():
            for step, branch in tree.items():
                yield from _leaves(branch, steps if step == "_schema" else (*steps, step))
        case list() | tuple():
            for message in tree:
                yield from _leaves(message, steps)
        case _:
            yield steps, str(tree)


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """A resource: its views, and for each what it answers and what it refuses."""

    ARGUMENTS_PARSER = StrictParser()

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:  # noqa: ANN401 - flask-smorest's options
        """Answer at an address."""
        return cast("Callable[[View], View]", super().route(rule, **options))

    def arguments(
        self,
        schema: Schema,
        *,
        location: str = "json",
        **described: Any,  # noqa: ANN401 - flask-smorest's options
    ) -> Callable[[View], Callable[..., object]]:
        """Check what comes in by a schema instance, and give the view what it makes of it."""
        return cast(
            "Callable[[View], Callable[..., object]]", super().arguments(schema, location=location, **described)
        )

    def describes(self, operation: Operation) -> Callable[[View], View]:
        """Document a view; adds nothing to what happens at a request."""

        def note(view: View) -> View:
            known: dict[str, Any] = getattr(view, "_apidoc", {})
            view._apidoc = known | {"manual_doc": operation.as_openapi()}  # type: ignore[attr-defined]  # noqa: SLF001
            return view

        return note
