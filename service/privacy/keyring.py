"""The keys that the ledger is signed with: one for each generation of the secret, told apart by their ids."""

import hmac
from dataclasses import dataclass, field

from service.privacy.secret import Secret


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys that entries may be signed with; the first signs new ones."""

    keys: tuple[bytes, ...] = field(repr=False)
    _secret: Secret | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, secret: Secret) -> "Keyring":
        """The ledger's own keys, one for each generation, which tell nothing about those for other uses."""
        return cls(secret.every("ledger"), secret)

    @property
    def current(self) -> str:
        """The id of the key that signs."""
        return _key_id(self.keys[0])

    def find(self, key_id: str) -> bytes | None:
        """The key with this id."""
        return next((key for key in self.keys if same(_key_id(key), key_id)), None)

    def knowing(self, key_id: str) -> "Keyring":
        """Itself if it has this key, else one from the secret as it is now: it may have been rotated since."""
        if self._secret is None or self.find(key_id) is not None:
            return self
        return Keyring.of(self._secret.reread())


def mac(key: bytes, text: str) -> str:
    """HMAC-SHA256 in hex."""
    return hmac.digest(key, text.encode(), "sha256").hex()


def same(one: str, other: str) -> bool:
    """Whether two texts are equal; how long it takes tells nothing of where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def _key_id(key: bytes) -> str:
    return mac(key, "key id")[:8]
