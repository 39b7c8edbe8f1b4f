"""What operations and errors look like."""

from service.api.shapes.words import COUNT, TEXT, Shape, described, list_of, one_of, or_null, ref, thing

SHAPES: dict[str, Shape] = {
    "Problem": thing(
        type=described(TEXT, "A relative address that names the kind and tells more about it."),
        title=TEXT,
        status=COUNT,
        detail=TEXT,
        errors=list_of(ref("FieldError")),
    ),
    "FieldError": {
        "type": "object",
        "properties": {
            "pointer": described(TEXT, "JSON pointer (RFC 6901) to the field in the body"),
            "parameter": described(TEXT, "the query parameter, where it is none of the body"),
            "detail": TEXT,
        },
        "required": ["detail"],
        "additionalProperties": False,
    },
    "Alive": thing(status=one_of("alive")),
    "Ready": thing(
        status=one_of("ready", "not_ready"),
        database=one_of("ready", "not_ready"),
        catalogue=thing(products=COUNT, version=TEXT, refused=list_of(TEXT)),
        questionnaires=thing(published=list_of(TEXT), refused=list_of(TEXT)),
        model=thing(version=or_null(TEXT), refused=or_null(TEXT)),
        ledger=thing(refused=or_null(TEXT)),
    ),
    "Figures": {"type": "string"},
}
