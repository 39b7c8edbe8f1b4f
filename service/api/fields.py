"""Fields of requests: as strict as JSON is typed, and bounded in size."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

LONGEST_ID = 100
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


class YesNo(fields.Boolean):
    """true or false; no number and no word stands for them."""

    def _deserialize(self, value: object, *_: Any, **__: Any) -> bool:  # noqa: ANN401 - marshmallow's signature
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=None)
        return value


class Moment(fields.AwareDateTime):
    """An RFC 3339 time with its offset, between 1970 and 2200."""

    def __init__(self, **described: Any) -> None:  # noqa: ANN401 - marshmallow's signature
        super().__init__(format="iso", validate=_is_sane, **described)


class Answers(fields.Field[Mapping[str, object]]):
    """Answers by question; what each of them may be, only the questionnaire knows."""

    def _deserialize(self, value: object, *_: Any, **__: Any) -> Mapping[str, object]:  # noqa: ANN401 - marshmallow's
        if not isinstance(value, dict):
            raise ValidationError("An object of answers by question is expected.")
        return value


class Scalar(fields.Field[str | float | bool]):
    """A text, a number or a truth value."""

    def _deserialize(self, value: object, *_: Any, **__: Any) -> str | float | bool:  # noqa: ANN401 - marshmallow's
        if not isinstance(value, str | int | float | bool):
            raise ValidationError("A text, a number, true or false is expected.")
        return value


def storable(text: object) -> None:
    """Refuse the character that no database takes."""
    if isinstance(text, str) and "\0" in text:
        raise ValidationError("A text without NUL characters is expected.")


def _is_sane(moment: datetime) -> None:
    if not EARLIEST <= moment <= LATEST:
        raise ValidationError("A time between 1970 and 2200 is expected.")


def identifier(description: str, *, required: bool = True) -> fields.String:
    """The id of something that a file declares."""
    bounds = validate.Length(min=1, max=LONGEST_ID)
    return fields.String(required=required, validate=bounds, metadata={"description": description})


def locale() -> fields.String:
    """The language that is wanted."""
    return fields.String(
        load_default=None,
        validate=validate.Regexp(
            r"^[A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8}){0,4}$(?!\n)", error="A BCP 47 tag such as 'de-AT' is expected."
        ),
        metadata={"description": "BCP 47; Accept-Language counts where it is absent", "example": "de"},
    )
