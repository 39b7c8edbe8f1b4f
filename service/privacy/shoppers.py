"""Shoppers under a pseudonym: the shop's own reference goes through a keyed hash and is never stored."""

import hmac
from datetime import datetime
from typing import Protocol

from service.privacy.secret import Secret
from service.privacy.subject import ShopperId

LONGEST_REFERENCE = 200
A_REFERENCE = f"a reference of 1 to {LONGEST_REFERENCE} printable characters, without spaces around it"
LOST = "\N{REPLACEMENT CHARACTER}"
"""Stands where a character could not be read: two references in which one was lost may be two shoppers."""


class UnknownShopper(Exception):
    """There is no such shopper, or no longer."""

    def __init__(self) -> None:
        super().__init__("there is no such shopper")


class Shoppers(Protocol):
    """Which pseudonyms are known."""

    def ensure(self, shopper: ShopperId, *, at: datetime) -> None:
        """Make the shopper known; one who is already stays as they are."""
        ...

    def is_known(self, shopper: ShopperId) -> bool:
        """Whether anything may be kept under this pseudonym."""
        ...


def is_reference(text: str) -> bool:
    """Whether a shop may call a shopper so."""
    return 0 < len(text) <= LONGEST_REFERENCE and text.isprintable() and text == text.strip() and LOST not in text


def pseudonym(secret: Secret, ref: str) -> ShopperId:
    """The shopper whom the shop calls `ref`: HMAC-SHA256 under a key of its own, cut to 128 bits."""
    digest = hmac.digest(secret.lasting("shopper pseudonym"), ref.encode(), "sha256")
    return ShopperId(digest[:16].hex())
