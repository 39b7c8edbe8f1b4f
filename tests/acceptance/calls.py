"""The calls that /openapi.json describes, and for each field of their bodies everything that does not belong there."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

VERBS = ("get", "post", "put", "delete")
SAMPLES = {
    "null": [None],
    "boolean": [True, False],
    "number": [0.5, 7.5, -1.5e300],
    "integer": [7],
    "string": ["", "7", "true", "null", "2026-01-01T00:00:00Z"],
    "array": [[], [[]], [None]],
    "object": [{}, {"": None}],
}


@dataclass(frozen=True)
class Call:
    """One operation with the example body that the document gives."""

    method: str
    path: str
    schema: dict | None
    example: object
    scopes: tuple[str, ...]
    needs_a_body: bool = False

    @property
    def scope(self):
        return next(iter(self.scopes), None)

    def __str__(self):
        return f"{self.method} {self.path}"


def calls_of(document) -> list[Call]:
    """Every operation, with its schemas' references resolved."""
    found = []
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            if verb in VERBS:
                body = operation.get("requestBody", {})
                content = body.get("content", {}).get("application/json", {})
                schema = _resolved(content["schema"], document) if content else None
                scopes = tuple(scope for each in operation.get("security", []) for scope in each)
                needs_a_body = body.get("required", False)
                found.append(Call(verb.upper(), path, schema, content.get("example"), scopes, needs_a_body))
    return found


def misfits(call: Call) -> Iterator[tuple[str, object]]:
    """Bodies that the schema forbids, each with the JSON pointer of what is wrong in it."""
    yield from _misfits(call.schema, call.example, "", lambda value: value)


def _misfits(schema, example, pointer, around) -> Iterator[tuple[str, object]]:
    """`around` puts a value in this field's place into a body that is right everywhere else."""
    for value in _foreign(schema):
        yield pointer, around(value)
    if "properties" in schema and isinstance(example, dict):
        yield from _misfit_fields(schema, example, pointer, around)
    if "items" in schema and isinstance(example, list) and example:
        yield from _misfits(schema["items"], example[0], f"{pointer}/0", lambda value: around([value, *example[1:]]))
        if "maxItems" in schema:
            yield pointer, around(example * (schema["maxItems"] + 1))
    if schema.get("minItems"):
        yield pointer, around([])


def _misfit_fields(schema, example, pointer, around) -> Iterator[tuple[str, object]]:
    yield f"{pointer}/surplus", around(example | {"surplus": 1})
    for name in schema.get("required", ()):
        yield f"{pointer}/{name}", around({key: value for key, value in example.items() if key != name})
    for name, inner in schema["properties"].items():
        given = example.get(name, inner.get("default"))
        yield from _misfits(inner, given, f"{pointer}/{name}", lambda value, name=name: around(example | {name: value}))


def _foreign(schema) -> Iterator[object]:
    """Values of every type that the schema does not name, and such as go past its bounds."""
    types = _types(schema)
    for kind, values in SAMPLES.items():
        if kind not in types and not (kind == "integer" and "number" in types):
            yield from values
    if "enum" in schema:
        yield "none of these"
    if "maxLength" in schema and "string" in types:
        yield "x" * (schema["maxLength"] + 1)
    if schema.get("minLength"):
        yield ""
    if "pattern" in schema:
        yield "../?#"
    if schema.get("format") == "date-time":
        yield from ("yesterday", "2026-01-01", "2026-01-01T00:00:00", "9999-99-99T00:00:00Z")
    if "maximum" in schema:
        yield from (schema["maximum"] + 1, schema["minimum"] - 1, 10**30)


def _types(schema) -> set[str]:
    if "oneOf" in schema:
        return {kind for each in schema["oneOf"] for kind in _types(each)}
    kinds = schema["type"]
    return {kinds} if isinstance(kinds, str) else set(kinds)


def _resolved(schema, document):
    if isinstance(schema, dict):
        if "$ref" in schema:
            return _resolved(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
        return {key: _resolved(value, document) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_resolved(each, document) for each in schema]
    return deepcopy(schema)
