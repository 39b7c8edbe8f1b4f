"""Numbers and yes/no as people write them in a file; None where the text is neither."""

import re

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_LONGEST = 40
LARGEST = 1e15
"""What is larger is a slip of the pen; whole numbers to here are exact, and fit wherever they are told."""

_BOOLEANS = {"yes": True, "true": True, "no": False, "false": False}


def number_of(text: str) -> float | None:
    """A decimal number with a dot, of at most a million thousand millions; no thousands separators, no NaN."""
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if abs(number) <= LARGEST else None


def boolean_of(text: str) -> bool | None:
    """yes, no, true or false in any case."""
    return _BOOLEANS.get(text.lower())
