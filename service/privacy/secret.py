"""The service's secret, from which every key is derived: given by the operator, or kept in a file of its own.

A secret that was rotated holds its generations, the current one first, parted by white space. What is signed anew takes
the current one; what stored rows are found by, a shopper's pseudonym for one, takes the first that there ever was.
"""

import fcntl
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

FILE_NAME = "secret.key"
SHORTEST = 32


class SecretUnusable(Exception):
    """A generation of the secret is too short to be one, or its file cannot be trusted."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Never printed. Whoever loses it can no longer find a shopper by the shop's reference."""

    _bytes: bytes = field(repr=False)
    _former: tuple[bytes, ...] = field(default=(), repr=False)
    _file: Path | None = field(default=None, repr=False, compare=False)

    def derived(self, use: str) -> bytes:
        """A key for one use, 32 bytes; keys for different uses tell nothing about each other."""
        return _key(self._bytes, use)

    def lasting(self, use: str) -> bytes:
        """A key that no rotation changes, for what is found again by its keyed hash."""
        return _key(self._generations[-1], use)

    def every(self, use: str) -> tuple[bytes, ...]:
        """The key of each generation, the current one first, to know what was signed before a rotation."""
        return tuple(_key(each, use) for each in self._generations)

    def reread(self) -> "Secret":
        """With the generations that somebody put before these in its file since; itself where there are none.

        Itself too where the operator gave it, where its file cannot be trusted now, or holds another secret.
        """
        if self._file is None:
            return self
        try:
            found = _checked(self._file.read_bytes(), self._file, file=self._file)
        except (OSError, SecretUnusable):
            return self
        mine, theirs = (secret.every("whether one goes on with the other") for secret in (self, found))
        return found if theirs[-len(mine) :] == mine else self

    @property
    def _generations(self) -> tuple[bytes, ...]:
        return (self._bytes, *self._former)


def load_secret(given: str | None, folder: Path) -> Secret:
    """The given secret (BEGLEITER_SECRET), else the one in `folder/secret.key`, made with mode 0600 at first need.

    Raises SecretUnusable.
    """
    if given:
        return _checked(given.encode(), "BEGLEITER_SECRET")
    path = folder / FILE_NAME
    if not path.exists():
        _make(path)
    return _checked(path.read_bytes(), path, file=path)


def rotate(folder: Path) -> int:
    """Put a new generation before those in `folder/secret.key`, and give how many there are now.

    The file is written beside and renamed: a crash leaves the old one or the new one. Raises SecretUnusable.
    """
    path = folder / FILE_NAME
    if not path.exists():
        _make(path)
    with _alone(folder):
        known = path.read_bytes()
        _checked(known, path)
        generations = [new_generation().encode(), *known.split()]
        _written_beside(path, b"\n".join(generations) + b"\n").replace(path)
        _flush(folder)
    return len(generations)


def new_generation() -> str:
    """A secret nobody knows yet."""
    return secrets.token_hex(32)


def _key(generation: bytes, use: str) -> bytes:
    return hmac.digest(generation, b"begleiter\0" + use.encode(), "sha256")


def _checked(content: bytes, where: object, *, file: Path | None = None) -> Secret:
    generations = content.split()
    if not generations or min(map(len, generations)) < SHORTEST:
        raise SecretUnusable(
            f"{where} holds fewer than {SHORTEST} characters in a row; make one with: openssl rand -hex 32"
        )
    return Secret(generations[0], tuple(generations[1:]), file)


def _make(path: Path) -> None:
    """Two processes may try at once: each writes beside, and only the first link takes the name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = _written_beside(path, new_generation().encode() + b"\n")
    try:
        path.hardlink_to(beside)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _written_beside(path: Path, content: bytes) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return beside


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One rotation at a time: the second one waits, and adds to what the first one made."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
