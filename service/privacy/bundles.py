"""One tick for several things is no consent: what names more than one attribute, purpose or source at once."""

from collections.abc import Mapping

EVERYTHING = frozenset({"*", "all", "any", "everything", "alle", "alles"})
PARTS = ("attribute", "purpose", "source")


class Bundled(Exception):
    """A decision names several things at once, or everything; each attribute and purpose is decided by itself."""

    def __init__(self, index: int = 0) -> None:
        super().__init__("each attribute and each purpose is decided by itself: one decision for each, and no wildcard")
        self.index = index


def refuse_bundles(decisions: object) -> None:
    """Raise Bundled for the first decision that is one, as it came over the wire."""
    if isinstance(decisions, list):
        for index, decision in enumerate(decisions):
            if isinstance(decision, Mapping) and _is_bundle(decision):
                raise Bundled(index)


def _is_bundle(decision: Mapping[str, object]) -> bool:
    return any(f"{part}s" in decision or _names_several(decision.get(part)) for part in PARTS)


def _names_several(named: object) -> bool:
    if isinstance(named, list | Mapping):
        return True
    return isinstance(named, str) and (named.lower() in EVERYTHING or "*" in named or "," in named)
