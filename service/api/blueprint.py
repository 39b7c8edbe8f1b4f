"""How a resource is declared: what comes in is checked by its schema, what goes out is documented beside it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, TypeVar, cast

import flask_smorest
from marshmallow import Schema

from service.api.incoming import from_body, from_body_if_any, from_query
from service.api.operation import Operation

View = TypeVar("View", bound=Callable[..., object])
READ_FROM = {"json": from_body, "query": from_query, "optional json": from_body_if_any}


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """A resource: its views, and for each what it answers and what it refuses.

    flask-smorest gathers the documentation; at a request nothing of it runs but the schema's own check.
    """

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:  # noqa: ANN401 - flask-smorest's options
        """Answer at an address."""
        return cast("Callable[[View], View]", super().route(rule, **options))

    def arguments(
        self,
        schema: Schema,
        *,
        location: Literal["json", "query", "optional json"] = "json",
        **described: Any,  # noqa: ANN401 - flask-smorest's options
    ) -> Callable[[View], Callable[..., object]]:
        """Check what comes in by a schema instance, and give the view what it makes of it."""
        documented = super().arguments(
            schema,
            location=location.removeprefix("optional "),
            required=not location.startswith("optional"),
            **described,
        )
        read = READ_FROM[location]

        def check(view: View) -> Callable[..., object]:
            @wraps(view)
            def checked(**named: Any) -> object:  # noqa: ANN401 - what the address and the guards give
                return view(read(schema), **named)

            checked._apidoc = documented(view)._apidoc  # type: ignore[attr-defined]  # noqa: SLF001
            return checked

        return check

    def describes(self, operation: Operation) -> Callable[[View], View]:
        """Document a view; adds nothing to what happens at a request."""

        def note(view: View) -> View:
            known: dict[str, Any] = getattr(view, "_apidoc", {})
            view._apidoc = known | {"manual_doc": operation.as_openapi()}  # type: ignore[attr-defined]  # noqa: SLF001
            return view

        return note
