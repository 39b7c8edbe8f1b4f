"""Topics that a shopper does not want to meet: obeyed without any consent, since that only takes away."""

from collections.abc import Callable, Collection, Mapping
from typing import Protocol, TypeAlias

from service.privacy.subject import ShopperId

Blocking: TypeAlias = Callable[[Collection[str]], Callable[[str], bool]]
"""For some topics: which skus they block."""


class BlockedTopics(Protocol):
    """Where a shopper's blocked topics are kept."""

    def of(self, subject: ShopperId) -> frozenset[str]:
        """The subject's; none of somebody unknown."""
        ...

    def every(self) -> Mapping[ShopperId, frozenset[str]]:
        """Everybody's who blocks anything."""
        ...

    def put(self, subject: ShopperId, topics: Collection[str], is_blocked: Callable[[str], bool]) -> None:
        """Block these and no others, and forget interactions with every sku that is blocked then.

        Raises UnknownShopper.
        """
        ...
