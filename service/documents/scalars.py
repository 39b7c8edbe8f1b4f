"""Numbers and yes/no as people write them in a file; None where the text is neither."""

import math
import re

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_LONGEST = 40
_BOOLEANS = {"yes": True, "true": True, "no": False, "false": False}


def number_of(text: str) -> float | None:
    """A finite decimal number with a dot; no thousands separators, no NaN, no infinity."""
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def boolean_of(text: str) -> bool | None:
    """yes, no, true or false in any case."""
    return _BOOLEANS.get(text.lower())
