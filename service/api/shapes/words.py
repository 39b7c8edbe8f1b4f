"""The few words in which replies are described: every field always there, no field besides."""

from collections.abc import Sequence
from typing import Any

Shape = dict[str, Any]

TEXT: Shape = {"type": "string"}
COUNT: Shape = {"type": "integer", "minimum": 0}
NUMBER: Shape = {"type": "number"}
YES_NO: Shape = {"type": "boolean"}
TIME: Shape = {"type": "string", "format": "date-time", "description": "RFC 3339, UTC"}
ANSWER: Shape = {
    "description": "one: an id; many: a list of ids; number: a number; range: {from, to}, either may be absent; "
    'not sure: "not_sure"; null: ask me although my profile would answer it',
    "oneOf": [
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "number"},
        {
            "type": "object",
            "properties": {"from": {"type": ["number", "null"]}, "to": {"type": ["number", "null"]}},
            "additionalProperties": False,
        },
        {"type": "null"},
    ],
}


def thing(**fields: Shape) -> Shape:
    """An object with exactly these fields."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def list_of(shape: Shape) -> Shape:
    """A list of such values."""
    return {"type": "array", "items": shape}


def by_key(shape: Shape, example: object | None = None) -> Shape:
    """An object whose keys are ids."""
    described: Shape = {"type": "object", "additionalProperties": shape}
    return described if example is None else described | {"example": example}


def ref(name: str) -> Shape:
    """The shape of this name."""
    return {"$ref": f"#/components/schemas/{name}"}


def or_null(shape: Shape) -> Shape:
    """The shape, or null."""
    if "$ref" in shape:
        return {"oneOf": [shape, {"type": "null"}]}
    if "enum" in shape:
        return shape | {"type": ["string", "null"], "enum": [*shape["enum"], None]}
    return shape | {"type": [shape["type"], "null"]}


def one_of(*words: str) -> Shape:
    """One of these words."""
    return {"type": "string", "enum": list(words)}


def described(shape: Shape, description: str) -> Shape:
    """The shape with a sentence about it."""
    return shape | {"description": description}


def names(shapes: Sequence[dict[str, Shape]]) -> dict[str, Shape]:
    """All shapes by name."""
    return {name: shape for group in shapes for name, shape in group.items()}
