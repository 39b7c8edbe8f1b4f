"""Who data is about: a shopper under a pseudonymous id, or a guest, of whom nothing is known."""

from typing import NewType

ShopperId = NewType("ShopperId", str)
"""Opaque and pseudonymous; made from the shop's own reference by a keyed hash, never the reference itself."""

Guest = None
"""Somebody without a profile; a `ShopperId | None` that is None."""
