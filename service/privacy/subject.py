"""Who data is about: a shopper under a pseudonymous id, or a guest, of whom nothing is known."""

from dataclasses import dataclass
from typing import NewType

ShopperId = NewType("ShopperId", str)
"""Opaque and pseudonymous; made from the shop's own reference by a keyed hash, never the reference itself."""

Guest = None
"""Somebody without a profile; a `ShopperId | None` that is None."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A shopper, with the mark that their consents and values had when it was looked up; None where they have none.

    Random, and made anew by the database whenever one of these changes: one mark stands for one state.
    """

    id: ShopperId
    mark: str | None
