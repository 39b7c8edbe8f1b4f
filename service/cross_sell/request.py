"""What is asked of cross-sell: a basket, where the suggestions will be shown, and how many."""

from dataclasses import dataclass
from typing import Literal, get_args

Occasion = Literal["product", "basket", "after_purchase"]
OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)


@dataclass(frozen=True, slots=True)
class Request:
    """The basket's skus in the shopper's order; unknown ones are no error."""

    basket: tuple[str, ...]
    occasion: Occasion = "basket"
    limit: int = 5
