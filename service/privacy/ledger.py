"""The ledger: every decision in one chain of entries, so that no change, gap, swap or cut goes unnoticed.

An entry's hash is an HMAC-SHA256 over its canonical form (RFC 8785), which holds the previous entry's hash and a salted
commitment to the payload, never the payload itself: once payload and salt are shredded, the chain still verifies.
Whoever has no key can change nothing and shred nothing without being found out. A cut tail shows against the head,
which is kept beside the ledger and handed out in every receipt.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

import orjson
import rfc8785

from service.privacy.declared import ServedNotice
from service.privacy.keyring import Keyring, mac, same
from service.privacy.subject import ShopperId

EntryKind = Literal["decision", "expiry", "merge", "erasure"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_GENESIS = "0" * 64
_SALT_BYTES = 32


class LedgerBroken(Exception):
    """The ledger's head is not one that this service wrote; nothing may be appended until somebody looks into it."""

    def __init__(self, what: str = "the ledger's head is not what was written; run `begleiter audit verify`") -> None:
        super().__init__(what)


class KeyUnknown(LedgerBroken):
    """The ledger's head names a key that this process cannot come by: it was started with a former secret."""

    def __init__(self) -> None:
        super().__init__(
            "the ledger's head is signed with a key that this process does not know; restart it with the rotated "
            "secret, or run `begleiter audit verify`"
        )


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that waits to be entered. `payload` is canonical JSON about the subject; an erasure has neither."""

    id: str
    kind: EntryKind
    at: datetime
    subject: ShopperId | None = None
    notice: ServedNotice | None = None
    payload: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is stored. After erasure subject, payload and salt are gone and `shredded` proves by whom.

    `at` is in microseconds since 1970, whatever somebody may have written there.
    """

    position: int
    id: str
    kind: str
    at: int
    subject: ShopperId | None
    notice: ServedNotice | None
    payload: str | None
    salt: str | None
    commitment: str
    key: str
    previous: str
    hash: str
    shredded: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """How far the ledger goes: the last entry's position and hash, signed. Anybody may keep one to compare with."""

    position: int
    hash: str
    key: str
    signature: str


class Ledger(Protocol):
    """Where the ledger is kept."""

    def head(self) -> Head:
        """Where it ends, signed; raises LedgerBroken."""
        ...


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the ledger, at an entry or with the ledger as a whole; tells nothing of what is in it."""

    position: int | None
    what: str

    def __str__(self) -> str:
        """One line to be printed."""
        return self.what if self.position is None else f"entry {self.position}: {self.what}"


@dataclass(frozen=True, slots=True)
class Link:
    """Where the next entry is to be joined on."""

    position: int = 0
    hash: str = _GENESIS


def canonical(value: object) -> str:
    """The value as RFC 8785 writes it."""
    return rfc8785.dumps(value).decode()  # type: ignore[arg-type]  # plain JSON content


def chained(
    keys: Keyring, after: Link, happenings: Iterable[Happening], *, randomness: Callable[[int], str] = secrets.token_hex
) -> tuple[Entry, ...]:
    """The happenings as entries that follow on one another."""
    found: list[Entry] = []
    for happening in happenings:
        entry = _entry(keys, after, happening, randomness)
        after = Link(entry.position, entry.hash)
        found.append(entry)
    return tuple(found)


def head_of(keys: Keyring, link: Link) -> Head:
    """The signed head of a ledger that ends here."""
    form = _head_form(link.position, link.hash, keys.current)
    return Head(link.position, link.hash, keys.current, mac(keys.keys[0], form))


def joined(keys: Keyring, head: Head | None) -> Link:
    """Where to go on; raises LedgerBroken if the head is not one of ours, KeyUnknown if it may be."""
    if head is None:
        return Link()
    if keys.find(head.key) is None:
        raise KeyUnknown
    if not _is_signed(keys, head):
        raise LedgerBroken
    return Link(head.position, head.hash)


def shred_mark(keys: Keyring, entry_hash: str) -> str:
    """What stands beside an entry whose payload was erased; nobody without the key can make one."""
    return mac(keys.keys[0], canonical({"shredded": entry_hash}))


def faults(
    entries: Iterable[Entry],
    head: Head | None,
    keys: Keyring,
    *,
    anchors: Iterable[Head] = (),
    after: Link = Link(),
) -> Iterator[Fault]:
    """Everything wrong with the ledger, entry by entry and then against its head and the heads kept elsewhere."""
    kept = _by_position(anchors)
    yield from (Fault(None, "a head that was kept elsewhere is not signed by us") for _ in _unsigned(kept, keys))
    for entry in entries:
        yield from (Fault(entry.position, what) for what in _faults_of(entry, after, keys))
        after = Link(entry.position, entry.hash)
        anchored = kept.pop(entry.position, ())
        yield from (_elsewhere(entry.position) for each in anchored if each.hash != entry.hash)
    yield from _faults_of_end(after, head, keys)
    yield from (
        _cut(position) for position, some in sorted(kept.items()) if any(_is_signed(keys, each) for each in some)
    )


def _faults_of(entry: Entry, after: Link, keys: Keyring) -> Iterator[str]:
    if entry.position != after.position + 1:
        yield f"does not follow on entry {after.position}"
    if entry.previous != after.hash:
        yield "names another predecessor"
    key = keys.find(entry.key)
    if key is None:
        yield "is signed with an unknown key"
    elif not same(mac(key, _form(entry)), entry.hash):
        yield "was changed"
    yield from _faults_of_payload(entry, keys)


def _faults_of_payload(entry: Entry, keys: Keyring) -> Iterator[str]:
    if entry.shredded is not None:
        if (entry.subject, entry.payload, entry.salt) != (None, None, None):
            yield "is marked as erased and still tells something"
        if not any(same(mac(key, canonical({"shredded": entry.hash})), entry.shredded) for key in keys.keys):
            yield "is marked as erased by somebody else"
    elif entry.payload is None or entry.salt is None:
        yield "has lost its payload without an erasure"
    elif not same(_commitment(entry.salt, entry.payload), entry.commitment):
        yield "has another payload than was committed to"
    elif orjson.loads(entry.payload).get("subject") != entry.subject:
        yield "names another subject than its payload"


def _faults_of_end(end: Link, head: Head | None, keys: Keyring) -> Iterator[Fault]:
    if head is None:
        if end.position:
            yield Fault(None, "the head is missing")
    elif not _is_signed(keys, head):
        yield Fault(None, "the head is not signed by us")
    elif (head.position, head.hash) != (end.position, end.hash):
        yield Fault(None, f"the head says {head.position} entries, the ledger ends at {end.position}: its end was cut")


def _entry(keys: Keyring, after: Link, happening: Happening, randomness: Callable[[int], str]) -> Entry:
    salt = randomness(_SALT_BYTES)
    entry = Entry(
        position=after.position + 1,
        id=happening.id,
        kind=happening.kind,
        at=(happening.at - _EPOCH) // timedelta(microseconds=1),
        subject=happening.subject,
        notice=happening.notice,
        payload=happening.payload,
        salt=salt,
        commitment=_commitment(salt, happening.payload or ""),
        key=keys.current,
        previous=after.hash,
        hash="",
    )
    signed = replace(entry, hash=mac(keys.keys[0], _form(entry)))
    return (
        signed if happening.payload is not None else replace(signed, salt=None, shredded=shred_mark(keys, signed.hash))
    )


def _form(entry: Entry) -> str:
    """What is signed of an entry."""
    notice = entry.notice
    return canonical(
        {
            "at": str(entry.at),
            "commitment": entry.commitment,
            "id": entry.id,
            "key": entry.key,
            "kind": entry.kind,
            "notice": notice and [notice.id, notice.version, notice.language, notice.hash],
            "position": str(entry.position),
            "previous": entry.previous,
        }
    )


def _head_form(position: int, entry_hash: str, key_id: str) -> str:
    return canonical({"hash": entry_hash, "head": str(position), "key": key_id})


def _is_signed(keys: Keyring, head: Head) -> bool:
    key = keys.find(head.key)
    form = _head_form(head.position, head.hash, head.key)
    return key is not None and same(mac(key, form), head.signature)


def _by_position(heads: Iterable[Head]) -> dict[int, tuple[Head, ...]]:
    found: dict[int, tuple[Head, ...]] = {}
    for head in heads:
        found[head.position] = (*found.get(head.position, ()), head)
    return found


def _unsigned(kept: dict[int, tuple[Head, ...]], keys: Keyring) -> Iterator[Head]:
    return (head for some in kept.values() for head in some if not _is_signed(keys, head))


def _elsewhere(position: int) -> Fault:
    return Fault(position, "is not the one that a head kept elsewhere names")


def _cut(position: int) -> Fault:
    return Fault(None, f"a head kept elsewhere names entry {position}, which is gone: the end was cut")


def _commitment(salt: str, payload: str) -> str:
    return mac(salt.encode(), payload)
