"""Schemas for the busiest calls: a body that is plainly right is taken quickly, and of any other marshmallow judges."""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, missing

Check = Callable[[Any], bool]
"""Whether a value is plainly right; raises `ValidationError` or says False if marshmallow has to look at it."""

PLAIN: Mapping[type[fields.Field[Any]], type] = {fields.String: str, fields.Integer: int}


class PlainSchema(Schema):
    """A flat schema of texts, whole numbers and lists of them.

    What it takes, and what it says of the rest, is as with any schema: the same fields and validators judge. Only that
    marshmallow's bookkeeping for errors is left out where there are none.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - marshmallow's options
        super().__init__(**options)
        self._checks = {name: _check_of(field) for name, field in self.load_fields.items()}
        self._defaults = {name: field.load_default for name, field in self.load_fields.items()}

    def _deserialize(self, data: Any, **asked: Any) -> Any:  # noqa: ANN401 - marshmallow's signature
        is_known = isinstance(data, dict) and data.keys() <= self._checks.keys() and not asked.get("partial")
        found = self._defaults | data if is_known else {}
        return found if found and self._is_plain(data, found) else super()._deserialize(data, **asked)

    def _is_plain(self, data: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
        try:
            return missing not in found.values() and all(self._checks[name](value) for name, value in data.items())
        except ValidationError:
            return False


def _check_of(field: fields.Field[Any]) -> Check:
    """The check of a field; raises `TypeError` for a kind of field that this module does not know."""
    if field.pre_load or field.post_load or field.data_key or field.attribute or callable(field.load_default):
        raise TypeError(field)
    if type(field) is fields.List:
        return _list_of(_check_of(field.inner), field.validators)
    if type(field) in PLAIN:
        return _of_type(PLAIN[type(field)], field.validators)
    raise TypeError(field)


def _of_type(kind: type, validators: list[Callable[[Any], Any]]) -> Check:
    def check(value: Any) -> bool:  # noqa: ANN401 - whatever was sent
        if type(value) is not kind:
            return False
        for judge in validators:
            judge(value)
        return True

    return check


def _list_of(each: Check, validators: list[Callable[[Any], Any]]) -> Check:
    def check(value: Any) -> bool:  # noqa: ANN401 - whatever was sent
        if type(value) is not list or not all(map(each, value)):
            return False
        for judge in validators:
            judge(value)
        return True

    return check
