"""What suggestions and models look like."""

from service.api.shapes.words import (
    COUNT,
    NUMBER,
    TEXT,
    TIME,
    YES_NO,
    Shape,
    list_of,
    one_of,
    or_null,
    ref,
    thing,
)
from service.cross_sell.suggestions import DEGRADED, KINDS

LISTED = {
    "version": TEXT,
    "in_service": YES_NO,
    "trained_at": TIME,
    "orders": or_null(COUNT),
    "refused": or_null(TEXT),
}

SHAPES: dict[str, Shape] = {
    "Suggestions": thing(
        suggestions=list_of(ref("Suggestion")),
        basis=ref("Basis"),
        without_consent=or_null(list_of(TEXT)),
        model=or_null(thing(version=TEXT)),
        degraded=or_null(one_of(*DEGRADED)),
        unknown_skus=list_of(TEXT),
    ),
    "Suggestion": thing(
        sku=TEXT,
        name=TEXT,
        price=NUMBER,
        currency=TEXT,
        url=or_null(TEXT),
        image=or_null(TEXT),
        rank=COUNT,
        kind=one_of(*KINDS),
        because=thing(text=TEXT, sku=or_null(TEXT)),
    ),
    "Counted": thing(counted=YES_NO),
    "Models": thing(models=list_of(thing(**LISTED)), refused=or_null(TEXT)),
    "Model": thing(**LISTED, told=or_null({"type": "object"})),
    "PrunedModels": thing(removed=list_of(TEXT), models=list_of(thing(**LISTED)), refused=or_null(TEXT)),
}
