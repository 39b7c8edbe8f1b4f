"""Order lines become baskets: grouped and sorted as arrays, so that memory grows by bytes a line, not by objects."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.baskets import NO_VALUES, Baskets, Gathered, ProductFacts
from service.cross_sell.scoring import MOST_PAST
from service.cross_sell.traits import TraitValue
from service.privacy.orders import OrderLine
from service.privacy.subject import ShopperId
from service.storage.batches import batches
from service.storage.columns import micros

ValuesOf = Callable[[ShopperId], Mapping[str, TraitValue]]
BATCH = 20_000
NOBODY = 0


class _Columns(NamedTuple):
    """Order lines as arrays of one length; `products` are positions of skus, shoppers are numbered as they come."""

    order_ids: NDArray[Any]
    products: NDArray[np.int32]
    moments: NDArray[np.int64]
    shoppers: NDArray[np.int32]


def gather(
    lines: Iterable[OrderLine], facts: Mapping[str, ProductFacts], values_of: ValuesOf = lambda _: NO_VALUES
) -> Gathered:
    """Group lines by order. Equal lines give equal baskets, in whatever order they come.

    `values_of` gives what a shopper released to be learnt from; it is asked after the last line, once per shopper.
    """
    left_out: Counter[str] = Counter()
    numbers: dict[ShopperId | None, int] = {None: NOBODY}
    skus = tuple(sorted(facts))
    columns = _columns_of(_usable(lines, facts, left_out), skus, numbers)
    values = tuple(NO_VALUES if shopper is None else values_of(shopper) for shopper in numbers)
    baskets = _with_past(_grouped(columns, skus, values))
    return Gathered(baskets, len(columns.products), dict(sorted(left_out.items())))


def _usable(
    lines: Iterable[OrderLine], facts: Mapping[str, ProductFacts], left_out: Counter[str]
) -> Iterator[OrderLine]:
    for line in lines:
        reason = _left_out_because(line, facts)
        if reason is None:
            yield line
        else:
            left_out[reason] += 1


def _left_out_because(line: OrderLine, facts: Mapping[str, ProductFacts]) -> str | None:
    if line.sku not in facts:
        return "not_in_catalogue"
    if facts[line.sku].sensitive:
        return "sensitive"
    return None if line.quantity > 0 else "quantity_not_above_0"


def _columns_of(lines: Iterable[OrderLine], skus: Iterable[str], numbers: dict[ShopperId | None, int]) -> _Columns:
    position = {sku: number for number, sku in enumerate(skus)}
    parts = [_some_columns((), position, numbers)]
    parts += [_some_columns(some, position, numbers) for some in batches(lines, BATCH)]
    return _Columns(*map(np.concatenate, zip(*parts, strict=True)))


def _some_columns(
    lines: Sequence[OrderLine], position: Mapping[str, int], numbers: dict[ShopperId | None, int]
) -> _Columns:
    return _Columns(
        order_ids=np.array([line.order_id for line in lines], np.dtypes.StringDType()),
        products=np.array([position[line.sku] for line in lines], np.int32),
        moments=np.array([micros(line.ordered_at) for line in lines], np.int64),
        shoppers=np.array([numbers.setdefault(line.shopper, len(numbers)) for line in lines], np.int32),
    )


def _grouped(columns: _Columns, skus: tuple[str, ...], values: tuple[Mapping[str, TraitValue], ...]) -> Baskets:
    """One basket for each order, by its earliest moment and then by its id, without its past."""
    order_ids, order = np.unique(columns.order_ids, return_inverse=True)
    moments = np.full(len(order_ids), np.iinfo(np.int64).max)
    np.minimum.at(moments, order, columns.moments)
    shoppers = np.zeros(len(order_ids), np.int32)
    shoppers[order] = columns.shoppers
    by_time = np.argsort(moments, kind="stable")
    row = np.argsort(by_time)[order]
    rows, products = np.divmod(np.unique(row * len(skus) + columns.products), max(len(skus), 1))
    ends = np.searchsorted(rows, np.arange(len(order_ids) + 1))
    return Baskets(
        skus=skus,
        values=values,
        moments=moments[by_time],
        shoppers=shoppers[by_time],
        products=products.astype(np.int32),
        bought=np.column_stack((ends[:-1], ends[1:])),
    )


def _with_past(baskets: Baskets) -> Baskets:
    """With what each order's shopper bought at earlier moments, as it will be known when the model is asked."""
    past, before = array("i"), np.zeros((len(baskets), 2), np.int64)
    shopper, latest = NOBODY, dict[int, int]()
    for row in np.argsort(baskets.shoppers, kind="stable"):
        if baskets.shoppers[row] == NOBODY:
            continue
        if baskets.shoppers[row] != shopper:
            shopper, latest = baskets.shoppers[row], {}
        at, start = int(baskets.moments[row]), len(past)
        earlier = (product for product, when in reversed(latest.items()) if when < at)
        past.extend(sorted(islice(earlier, MOST_PAST)))
        before[row] = start, len(past)
        for product in baskets.products[slice(*baskets.bought[row])].tolist():
            latest.pop(product, None)
            latest[product] = at
    return replace(baskets, past=np.asarray(past), before=before)
