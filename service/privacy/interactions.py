"""What a shopper looks at, puts into the basket and buys: kept only under the consent to capture behaviour."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, get_args

from service.privacy.orders import ORDERS
from service.privacy.register import Register
from service.privacy.subject import ShopperId

BEHAVIOUR_CAPTURE = "behaviour_capture"
Kind = Literal["view", "basket", "purchase"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Interaction:
    """Something that a shopper did with a product."""

    kind: Kind
    sku: str
    at: datetime


class Interactions(Protocol):
    """Where interactions are kept."""

    def keep(self, subject: ShopperId, done: Interaction, key_hash: str | None, topics: frozenset[str]) -> bool:
        """Keep it if the subject's grant for capturing holds and they block none of its topics, once per key.

        Says whether it is kept.

        Raises KeyReused.
        """
        ...

    def learnable(self, *, at: datetime, since: datetime | None) -> Iterator[tuple[ShopperId, Interaction]]:
        """What was done after `since` by those who let it be captured now, and learnt from now and when they did it.

        Learnt from by the grants that hold and, before these, by the ledger. In the order of shoppers and moments;
        streams.
        """
        ...


def record(  # noqa: PLR0913, PLR0917  the port, what is foreseen, and who did what with what
    interactions: Interactions,
    register: Register,
    subject: ShopperId,
    done: Interaction,
    key_hash: str | None,
    topics: frozenset[str],
) -> bool:
    """Keep it if the register foresees that, and the subject allows it and blocks none of its topics.

    Says whether it is kept. Raises KeyReused.
    """
    if register.behaviour(ORDERS, BEHAVIOUR_CAPTURE) is None:
        return False
    return interactions.keep(subject, done, key_hash, topics)
