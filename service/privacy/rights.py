"""What shoppers may ask for: to see what is kept of them, to take it along, and to have it erased."""

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from uuid import uuid4

from service.privacy.ledger import Head
from service.privacy.secret import Secret
from service.privacy.subject import ShopperId

NEVER = datetime.min.replace(tzinfo=UTC)
Records = Mapping[str, Sequence[Mapping[str, object]]]
"""Everything about one subject, table by table, as plain JSON values."""


@dataclass(frozen=True, slots=True)
class HeldValue:
    """A profile value as it is kept: where from, since when, what it may serve now, and its last use, to the day.

    What is stored and is no JSON is shown as the text that it is.
    """

    attribute: str
    value: object
    source: str
    source_ref: str
    collected_at: datetime
    stored_at: datetime
    purposes: tuple[str, ...]
    used_on: datetime | None
    used_for: str | None
    is_json: bool = True


@dataclass(frozen=True, slots=True)
class Erasure:
    """The receipt of an erasure. `tag` finds its subject again in an old backup, for whoever has the key alone."""

    id: str
    at: datetime
    tag: str


@dataclass(frozen=True, slots=True)
class Erased:
    """An erasure that was done, and the ledger's head after it."""

    erasure: Erasure
    head: Head


class Rights(Protocol):
    """What a subject's rights are exercised on."""

    def held(self, subject: ShopperId, *, at: datetime) -> tuple[HeldValue, ...]:
        """The subject's profile values, by attribute and source."""
        ...

    def records(self, subject: ShopperId) -> Records:
        """Everything about the subject but what opens something."""
        ...

    def erase(self, subject: ShopperId, erasure: Erasure, *, token_hash: str | None) -> Erased:
        """Erase the subject in one transaction, and remember that it was done; raises UnknownShopper."""
        ...

    def erased_by(self, token_hash: str) -> Erased | None:
        """The erasure that was asked for with this token, which opens nothing any more."""
        ...

    def known(self) -> Iterator[tuple[ShopperId, datetime]]:
        """Every subject and since when."""
        ...

    def finish(self, *, at: datetime) -> bool:
        """Scrub what erasures left behind in the database's own files; False if that must be tried again."""
        ...


def new_erasure_id() -> str:
    """An id that tells nothing."""
    return uuid4().hex


def erase(  # noqa: PLR0913  whom, under which secret, when, and by which request
    rights: Rights,
    secret: Secret,
    subject: ShopperId,
    *,
    at: datetime,
    token_hash: str | None = None,
    new_id: Callable[[], str] = new_erasure_id,
) -> Erased:
    """Erase the subject. A crash leaves all or nothing of it; scrubbing is taken up again until it is done.

    Raises UnknownShopper, and StorageFailed if nothing was erased.
    """
    done = rights.erase(subject, Erasure(new_id(), at, erasure_tag(secret, subject)), token_hash=token_hash)
    rights.finish(at=at)
    return done


def erase_again(
    rights: Rights,
    secret: Secret,
    listed: Iterable[Erasure],
    *,
    at: datetime,
    new_id: Callable[[], str] = new_erasure_id,
) -> int:
    """Erase whoever stands in the list and is there all the same, as after a backup was put back; says how many.

    Who came back as a new shopper after their erasure is left alone.
    """
    latest: dict[str, datetime] = {}
    for each in listed:
        latest[each.tag] = max(each.at, latest.get(each.tag, each.at))
    back = [who for who, since in rights.known() if since <= latest.get(erasure_tag(secret, who), NEVER)]
    for subject in back:
        rights.erase(subject, Erasure(new_id(), at, erasure_tag(secret, subject)), token_hash=None)
    rights.finish(at=at)
    return len(back)


def erasure_tag(secret: Secret, subject: ShopperId) -> str:
    """What the erasure list calls the subject: a hash under a key of its own."""
    return hmac.digest(secret.lasting("erasure list"), subject.encode(), "sha256").hex()
