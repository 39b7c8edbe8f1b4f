"""Who is asking: what the bearer token of a request opens (RFC 6750)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import request

from service.advice.session import UnknownSession
from service.api.gpc import opted_out
from service.api.problems import Unauthorised
from service.api.rooms import Rooms, the_rooms
from service.privacy.credentials import LONGEST_TOKEN, PREFIXES, BadToken, Credential, Scope, authenticate
from service.privacy.subject import Marked, ShopperId

View = TypeVar("View", bound=Callable[..., object])


def asked_by(find_out: Callable[[], object]) -> Callable[[View], Callable[..., object]]:
    """Find out who asks before anything else of the request is looked at, and give it to the view as `who`."""

    def guard(view: View) -> Callable[..., object]:
        @wraps(view)
        def guarded(**named: Any) -> object:  # noqa: ANN401 - whatever the address gives
            return view(who=find_out(), **named)

        return guarded

    return guard


def guest_or_marked() -> Marked | None:
    """The shopper of the token with their mark, for the gate; None without one.

    A token that opens nothing is refused, not overlooked. Whose browser says `Sec-GPC: 1` is a guest.
    """
    found = _credential("shopper") if "Authorization" in request.headers else None
    return None if found is None or opted_out() else Marked(subject_of(found), found.mark)


def guest_or_shopper() -> ShopperId | None:
    """The same without the mark."""
    found = guest_or_marked()
    return None if found is None else found.id


def anybodys() -> ShopperId | None:
    """The shopper of a shopper's token or of a session's; None for a guest, and whose browser says `Sec-GPC: 1`.

    A token that opens nothing is refused, not overlooked.
    """
    if not request.headers.get("Authorization", "").partition(" ")[2].strip().startswith(PREFIXES["session"]):
        return guest_or_shopper()
    rooms, opens = the_rooms(), _credential("session")
    try:
        found = rooms.stores.sessions.find(opens.session or "", _token(), at=rooms.clock())
    except UnknownSession:
        raise Unauthorised(token_sent=True) from None
    return None if opted_out() else found.subject


def shopper() -> ShopperId:
    """The shopper of the token."""
    return subject_of(_credential("shopper"))


def subject_of(found: Credential) -> ShopperId:
    """Whom a shopper's token is about."""
    if found.subject is None:
        raise Unauthorised(token_sent=True)
    return found.subject


def shopper_credential() -> Credential:
    """What the shopper's token stands for, with whether a minor or a guardian holds it."""
    return _credential("shopper")


def shop() -> Credential:
    """The shop's own server."""
    return _credential("shop")


def operator() -> Credential:
    """Whoever runs the service."""
    return _credential("operator")


def bearer_token() -> str:
    """The token as it was sent, whatever it opens."""
    return _token()


def session_token() -> str:
    """A token that has the form of a session's; only the session itself knows whether it opens it."""
    token = _token()
    if not token.startswith(PREFIXES["session"]) or len(token) > LONGEST_TOKEN:
        raise Unauthorised(token_sent=True)
    return token


def _credential(scope: Scope) -> Credential:
    rooms: Rooms = the_rooms()
    try:
        return authenticate(rooms.stores.credentials, _token(), scope, at=rooms.clock())
    except BadToken:
        raise Unauthorised(token_sent=True) from None


def _token() -> str:
    header = request.headers.get("Authorization", "")
    kind, _, token = header.partition(" ")
    if kind.lower() != "bearer" or not token.isascii():
        raise Unauthorised(token_sent=bool(header))
    return token.strip()
