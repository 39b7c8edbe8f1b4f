"""What shoppers let the shop capture becomes orders: what they bought, unless an imported order tells of it, too.

A view, or what only lay in a basket, says nothing of what is bought together, and is counted and left out.
"""

import numpy as np
from numpy.typing import NDArray

from models.lines import NOBODY, Lines

SECOND = 1_000_000
ONE_PURCHASE = 3_600 * SECOND  # so long after the one before, a purchase still belongs to the same order
DAY = 24 * 3_600 * SECOND
DAYS_APART = (-1, 0, 1)  # an imported order may state another time of day, its day alone, or a day of another zone


def together(purchases: Lines) -> Lines:
    """Orders of what one shopper bought with no more than an hour between one and the next.

    The purchases are given shopper by shopper and by moment.
    """
    begins = np.ones(len(purchases.orders), np.bool_)
    later = np.diff(purchases.moments) > ONE_PURCHASE
    begins[1:] = (np.diff(purchases.shoppers) != 0) | later
    return purchases._replace(orders=np.cumsum(begins) - 1)


def imported_too(captured: Lines, imported: Lines) -> NDArray[np.bool_]:
    """By captured order: whether an imported one may be the same purchase, which must not count twice.

    It may be if it is the shopper's, or anonymous, shares a product with it, and is of the same day or the next to it.
    """
    shared = _shared(captured, captured.shoppers, imported)
    shared |= _shared(captured, np.full_like(captured.shoppers, NOBODY), imported)
    found = np.zeros(captured.orders.max(initial=-1) + 1, np.bool_)
    found[captured.orders[shared]] = True
    return found


def _shared(captured: Lines, whose: NDArray[np.int32], imported: Lines) -> NDArray[np.bool_]:
    """By captured line: whether an imported line of `whose` (lines,) is of the same product and about the same day."""
    near = np.isin(imported.shoppers, np.unique(whose))
    theirs, mine = imported.of(near), captured._replace(shoppers=whose)
    products, days = (
        2 + max(int(each.max(initial=0)) for each in both)
        for both in ((mine.products, theirs.products), (mine.moments // DAY, theirs.moments // DAY))
    )

    def place(lines: Lines, apart: int = 0) -> NDArray[np.int64]:
        """One number for a shopper, a product, and a day so many days apart."""
        return (lines.shoppers.astype(np.int64) * products + lines.products) * days + lines.moments // DAY + apart

    there = place(theirs)
    shared: NDArray[np.bool_] = np.logical_or.reduce([np.isin(place(mine, apart), there) for apart in DAYS_APART])
    return shared
