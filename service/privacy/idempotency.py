"""The same request twice does one thing: a key that the caller chose, and a hash of what was asked under it."""

from dataclasses import dataclass
from hashlib import sha256

import orjson


class KeyReused(Exception):
    """The key was used before for another request."""

    def __init__(self) -> None:
        super().__init__("this Idempotency-Key was used for another request; choose a new one")


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A key, kept per shopper, and the hash of the request that it stands for."""

    key: str
    request_hash: str


def request_hash(content: object) -> str:
    """The sha256 of plain JSON content, in hex; the order of keys does not matter."""
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
