"""Order lines: what was bought together, and the one way by which a model may learn from it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from service.privacy.subject import ShopperId

ORDERS = "orders"
MODEL_TRAINING = "model_training"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of an order; `line` tells the lines of an order apart. Without a shopper it is anonymous."""

    order_id: str
    line: int
    shopper: ShopperId | None
    sku: str
    quantity: float
    unit_price: float | None
    ordered_at: datetime


class Orders(Protocol):
    """Where order lines are kept."""

    def add(self, lines: Iterable[OrderLine]) -> int:
        """Keep the lines, all or none, and say how many were new; a line that is known already is left as it is."""
        ...

    def consented_lines(self, *, at: datetime, anonymous: bool = False) -> Iterator[OrderLine]:
        """Lines of shoppers who let models learn from their orders now, order by order, line by line.

        Anonymous lines only if told to. Streams: memory does not grow with the number of lines.
        """
        ...
