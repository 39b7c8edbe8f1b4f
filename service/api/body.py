"""A request's bytes read as JSON, strictly: one meaning or a refusal, whatever was sent."""

import json

import orjson


class MalformedJson(Exception):
    """The body is not JSON that can be read in one way only."""


def read_json(raw: bytes) -> object:
    """The value that the bytes say.

    orjson refuses what JSON does not know (NaN, Infinity, numbers past a double, lone surrogates, text that is not
    UTF-8, nesting past 1,024); but it lets the last of two equal keys win, so a second look refuses those. That look is
    only needed if there are more colons than fields: each field that was read has one of its own.

    Raises:
        MalformedJson: without any part of the body in its message.
    """
    try:
        value = orjson.loads(raw)
        if raw.count(b":") > _fields(value):
            json.loads(raw, object_pairs_hook=_without_repetition)
    except orjson.JSONDecodeError as refused:
        raise MalformedJson(f"The body is not valid JSON (line {refused.lineno}, column {refused.colno}).") from None
    except RecursionError:
        raise MalformedJson("The body is nested too deeply.") from None
    return value


def _fields(value: object) -> int:
    if isinstance(value, dict):
        return len(value) + sum(_fields(each) for each in value.values() if isinstance(each, dict | list))
    if isinstance(value, list):
        return sum(_fields(each) for each in value if isinstance(each, dict | list))
    return 0


def _without_repetition(pairs: list[tuple[str, object]]) -> None:
    if len({key for key, _ in pairs}) < len(pairs):
        raise MalformedJson("A field is given twice in one object.")
