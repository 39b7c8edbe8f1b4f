"""Tokens: opaque, each for one scope, stored as hashes alone, with an end and a way to revoke them."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Literal, Protocol
from uuid import uuid4

from service.privacy.age import Acting
from service.privacy.subject import ShopperId

Scope = Literal["session", "shopper", "shop", "operator"]
PREFIXES = MappingProxyType[Scope, str]({"session": "bgs_", "shopper": "bgt_", "shop": "bgk_", "operator": "bgo_"})
LONGEST_TOKEN = 100


class BadToken(Exception):
    """No token, or one that is unknown, expired, revoked or meant for something else; which of these is not told."""

    def __init__(self) -> None:
        super().__init__("a valid token for this call is expected")


class UnknownCredential(Exception):
    """No credential has this id."""

    def __init__(self) -> None:
        super().__init__("there is no such key")


@dataclass(frozen=True, slots=True)
class Credential:
    """What a token stands for. `id` names it in lists and for revoking; it does not open anything.

    `mark` is the subject's, see `Marked`, where the token was looked up; it is not kept with it.
    """

    id: str
    scope: Scope
    token_hash: str = field(repr=False)
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    subject: ShopperId | None = None
    session: str | None = None
    label: str = ""
    acting: Acting | None = None
    mark: str | None = None

    def is_valid(self, at: datetime) -> bool:
        """Whether it still opens what it was made for."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token, to be shown once, and what is kept of it."""

    token: str = field(repr=False)
    credential: Credential


class Credentials(Protocol):
    """Where credentials are kept."""

    def add(self, credential: Credential) -> None:
        """Keep a new one; raises UnknownShopper."""
        ...

    def find(self, token_hash: str) -> Credential | None:
        """The one with this hash."""
        ...

    def all(self, *scopes: Scope) -> tuple[Credential, ...]:
        """Those of the scopes, oldest first."""
        ...

    def revoke(self, credential_id: str, *, at: datetime) -> None:
        """End it now; a second time changes nothing. Raises UnknownCredential."""
        ...


def issue(  # noqa: PLR0913  the port, the scope, the clock, and what a token may be bound to
    credentials: Credentials,
    scope: Scope,
    *,
    at: datetime,
    lifetime: timedelta | None = None,
    subject: ShopperId | None = None,
    label: str = "",
    acting: Acting | None = None,
    randomness: Callable[[int], str] = secrets.token_urlsafe,
) -> Issued:
    """A new token of the scope, kept as a hash. A shopper's needs its subject; raises UnknownShopper."""
    if (scope == "shopper") != (subject is not None):
        raise ValueError("a shopper token, and no other, is bound to a shopper")
    token = new_token(scope, randomness=randomness)
    expires_at = None if lifetime is None else at + lifetime
    name, kept = uuid4().hex, fingerprint(token)
    credential = Credential(name, scope, kept, at, expires_at, subject=subject, label=label, acting=acting)
    credentials.add(credential)
    return Issued(token, credential)


def authenticate(credentials: Credentials, token: str, scope: Scope, *, at: datetime) -> Credential:
    """What the token stands for, if it is a valid one of this very scope; raises BadToken."""
    if not token.startswith(PREFIXES[scope]) or len(token) > LONGEST_TOKEN:
        raise BadToken
    token_hash = fingerprint(token)
    found = credentials.find(token_hash)
    if found is None or not hmac.compare_digest(found.token_hash, token_hash):
        raise BadToken
    if found.scope != scope or not found.is_valid(at):
        raise BadToken
    return found


def new_token(scope: Scope, *, randomness: Callable[[int], str] = secrets.token_urlsafe) -> str:
    """256 random bits behind the scope's prefix."""
    return PREFIXES[scope] + randomness(32)


def fingerprint(token: str) -> str:
    """What is stored of a token: its sha256 in hex. It holds 256 random bits, so it needs no salt."""
    return sha256(token.encode()).hexdigest()
