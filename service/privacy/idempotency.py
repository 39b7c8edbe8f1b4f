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
    """The hash of a key, kept per shopper, and the hash of the request that it stands for."""

    key: str
    request_hash: str


def once(key: str | None, request: object) -> Idempotency | None:
    """For a request of plain JSON content that came with a key, which may be any text; None without one."""
    if key is None:
        return None
    return Idempotency(key_hash(key), _hash(orjson.dumps(request, option=orjson.OPT_SORT_KEYS)))


def key_hash(key: str) -> str:
    """What is kept of a key."""
    return _hash(key.encode())


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()
