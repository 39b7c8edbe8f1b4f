"""The service's secret, from which every key is derived: given by the operator, or kept in a file of its own."""

import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

FILE_NAME = "secret.key"
SHORTEST = 32


class SecretUnusable(Exception):
    """The secret is too short to be one, or its file cannot be trusted."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Never printed. Whoever loses it can no longer find a shopper by the shop's reference."""

    _bytes: bytes = field(repr=False)

    def derived(self, use: str) -> bytes:
        """A key for one use, 32 bytes; keys for different uses tell nothing about each other."""
        return hmac.digest(self._bytes, b"begleiter\0" + use.encode(), "sha256")


def load_secret(given: str | None, folder: Path) -> Secret:
    """The given secret (BEGLEITER_SECRET), else the one in `folder/secret.key`, made with mode 0600 at first need.

    Raises SecretUnusable.
    """
    if given:
        return _checked(given.encode(), "BEGLEITER_SECRET")
    path = folder / FILE_NAME
    if not path.exists():
        _make(path)
    return _checked(path.read_bytes().strip(), str(path))


def _checked(content: bytes, where: str) -> Secret:
    if len(content) < SHORTEST:
        raise SecretUnusable(f"{where} holds fewer than {SHORTEST} characters; make one with: openssl rand -hex 32")
    return Secret(content)


def _make(path: Path) -> None:
    """Two processes may try at once: each writes beside, and only the first link takes the name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(beside)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
