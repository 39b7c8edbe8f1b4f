"""Topics that a shopper does not want to meet: obeyed without any consent, since that only takes away."""

from collections.abc import Callable, Collection
from typing import Protocol

from service.privacy.subject import ShopperId


class BlockedTopics(Protocol):
    """Where a shopper's blocked topics are kept."""

    def of(self, subject: ShopperId) -> frozenset[str]:
        """The subject's; none of somebody unknown."""
        ...

    def put(self, subject: ShopperId, topics: Collection[str], is_blocked: Callable[[str], bool]) -> None:
        """Block these and no others, and forget interactions with every sku that is blocked then.

        Raises UnknownShopper.
        """
        ...
