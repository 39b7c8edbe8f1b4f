"""Handing a dialogue over: a one-time code with which another device, or somebody in the shop, goes on.

The code is made to be read aloud: twelve consonants in groups of three, of the alphabet of RFC 8628, section 6.1, which
has no vowels, so no words come of it, and nothing that looks like a digit. 20^12 codes and a bound on wrong ones make
guessing hopeless; a keyed hash is all that is stored. Wrong ones are counted in each of many parts of the codes by
itself: nobody can choose which, so who guesses cannot stop others.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from service.advice.session import Session
from service.privacy.view import ShopperId

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
GROUPS, GROUP = 4, 3
GOOD_FOR = timedelta(minutes=10)
CODES_AN_HOUR = 10
HOUR = timedelta(hours=1)
WRONG_CODES, WRONG_CODES_WITHIN = 100, timedelta(minutes=10)
PART_DIGITS, PARTS = 3, 16**3
"""Wrong codes are bounded in each part: of hashes that begin with the same hexadecimal digits."""


class UnknownCode(Exception):
    """There is no such code: it was never made, was used, is over, or its session is gone; which is not told."""

    def __init__(self) -> None:
        super().__init__("there is no such code, or it was used, or its time is over; ask for a new one")


class TooManyCodes(Exception):
    """The session asked for more codes than it may have in an hour. `seconds`: how long until the next."""

    def __init__(self, seconds: int = 1) -> None:
        super().__init__(f"a session may be handed over {CODES_AN_HOUR} times an hour")
        self.seconds = seconds


class TooManyGuesses(Exception):
    """So many wrong codes of the same part came that none of that part is tried for a while. `seconds`: how long."""

    def __init__(self, seconds: int = 1) -> None:
        super().__init__("too many wrong codes were sent; try again later")
        self.seconds = seconds


class Handovers(Protocol):
    """Where codes are kept, as keyed hashes. Of a session's codes only the latest one is good, and only once."""

    def offer(self, session_id: str, code_hash: str, *, at: datetime) -> datetime:
        """Let this code hand the session over, and say until when; raises UnknownSession, TooManyCodes."""
        ...

    def redeem(
        self, code_hash: str, begin: Callable[[Session], Session], token: str, *, by: ShopperId | None, at: datetime
    ) -> Session:
        """Use the code up: what `begin` makes of its session is kept, opened by the token; all of it or nothing.

        Raises UnknownCode, TooManyGuesses, and UnknownShopper where `by` is no longer known.
        """
        ...


def new_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """A code as it is shown: `BCD-FGH-JKL-MNP`."""
    return "-".join("".join(choose(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def code_hash(code: str, key: bytes) -> str:
    """What is stored of a code, under a key of its own; capital or small, with or without hyphens and spaces."""
    return hmac.digest(key, "".join(code.upper().replace("-", " ").split()).encode(), "sha256").hex()


def part_of(code_hash: str) -> str:
    """In which part wrong codes with this hash are counted; without the key nobody can tell."""
    return code_hash[:PART_DIGITS]


def taken_over(handed: Session, *, session_id: str, by: ShopperId | None, at: datetime, lifetime: timedelta) -> Session:
    """The new session: with the answers of the one that is handed over, and of its shopper's only for its shopper."""
    return replace(
        handed,
        id=session_id,
        subject=by if by == handed.subject else None,
        created_at=at,
        touched_at=at,
        expires_at=at + lifetime,
        revision=0,
        handed_over=None,
    )
