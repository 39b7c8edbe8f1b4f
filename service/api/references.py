"""The shop's own references of its shoppers, as they stand in addresses and bodies."""

from marshmallow import ValidationError
from werkzeug.routing import BaseConverter

from service.api.problems import NoSuchShopper
from service.privacy.shoppers import A_REFERENCE, is_reference

REF = {
    "name": "ref",
    "in": "path",
    "description": f"The shop's own reference of the shopper: {A_REFERENCE}, encoded by percent signs.",
    "example": "customer-1042",
}


class Reference(BaseConverter):
    """A part of an address that may hold slashes: `DE%2F4711` is decoded before it is looked up."""

    regex = "(?s:.+?)"
    part_isolating = False


def checked(ref: str) -> str:
    """The reference; raises NoSuchShopper for what cannot be one, as where a character of it could not be decoded."""
    if not is_reference(ref):
        raise NoSuchShopper
    return ref


def a_reference(text: str) -> None:
    """Refuse what no shop may call a shopper; for a field of a schema."""
    if not is_reference(text):
        raise ValidationError(f"{A_REFERENCE.capitalize()} is expected.")
