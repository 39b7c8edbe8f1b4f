"""Lines of orders as arrays of one length, so that memory grows by bytes a line, not by objects."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.privacy.training import TrainingId
from service.storage.batches import batches
from service.storage.columns import micros

BATCH = 20_000
NOBODY = 0

Numbers = dict[TrainingId | None, int]
"""Shoppers, numbered as they come; nobody is 0."""


class Line(NamedTuple):
    """A product that somebody bought, under training's name of them; a captured purchase has no order's id."""

    shopper: TrainingId | None
    sku: str
    ordered_at: datetime
    order_id: str = ""
    quantity: float = 1.0


class Lines(NamedTuple):
    """By line: the number of its order, from 0 without a gap, of its product, its moment, and its shopper's number."""

    orders: NDArray[np.intp]
    products: NDArray[np.int32]
    moments: NDArray[np.int64]
    shoppers: NDArray[np.int32]

    def of(self, picked: NDArray[np.bool_]) -> "Lines":
        """Some of the lines; their orders are numbered anew."""
        _, orders = np.unique(self.orders[picked], return_inverse=True)
        return Lines(orders, self.products[picked], self.moments[picked], self.shoppers[picked])

    def followed_by(self, others: "Lines") -> "Lines":
        """These orders and behind them the others."""
        if len(others.orders) == 0:
            return self
        return Lines(
            np.concatenate((self.orders, others.orders + self.orders.max(initial=-1) + 1)),
            np.concatenate((self.products, others.products)),
            np.concatenate((self.moments, others.moments)),
            np.concatenate((self.shoppers, others.shoppers)),
        )


def lines_of(lines: Iterable[Line], skus: Iterable[str], numbers: Numbers) -> Lines:
    """The lines as arrays, their orders numbered by their ids in order; new shoppers go into `numbers`."""
    position = {sku: number for number, sku in enumerate(skus)}
    parts = [_columns((), position, numbers)]
    parts += [_columns(some, position, numbers) for some in batches(lines, BATCH)]
    ids, products, moments, shoppers = map(np.concatenate, zip(*parts, strict=True))
    _, orders = np.unique(ids, return_inverse=True)
    return Lines(orders, products, moments, shoppers)


def _columns(lines: Sequence[Line], position: Mapping[str, int], numbers: Numbers) -> tuple[NDArray[Any], ...]:
    return (
        np.array([line.order_id for line in lines], np.dtypes.StringDType()),
        np.array([position[line.sku] for line in lines], np.int32),
        np.array([micros(line.ordered_at) for line in lines], np.int64),
        np.array([numbers.setdefault(line.shopper, len(numbers)) for line in lines], np.int32),
    )
