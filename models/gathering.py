"""Lines become baskets: grouped and sorted as arrays, what was imported and what was captured."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

import numpy as np

from models.baskets import NO_VALUES, Baskets, Counted, Gathered, ProductFacts
from models.captured import imported_too, together
from models.lines import NOBODY, Line, Lines, Numbers, lines_of
from service.cross_sell.scoring import MOST_PAST
from service.cross_sell.traits import TraitValue
from service.privacy.interactions import Interaction
from service.privacy.training import TrainingId

ValuesOf = Callable[[TrainingId], Mapping[str, TraitValue]]
Done = tuple[TrainingId, Interaction]


def gather(
    lines: Iterable[Line],
    facts: Mapping[str, ProductFacts],
    values_of: ValuesOf = lambda _: NO_VALUES,
    captured: Iterable[Done] = (),
) -> Gathered:
    """Group lines by order. Equal lines give equal baskets, in whatever order they come.

    What was captured comes shopper by shopper and by moment, and is read after the lines. `values_of` gives what a
    shopper released to be learnt from; it is asked last, once per shopper.
    """
    left_out: Counter[str] = Counter()
    captured_left_out: Counter[str] = Counter()
    numbers: Numbers = {None: NOBODY}
    skus = tuple(sorted(facts))
    imported = lines_of(_usable(lines, facts, left_out), skus, numbers)
    bought = together(lines_of(_bought(captured, facts, captured_left_out), skus, numbers))
    news = bought.of(~imported_too(bought, imported)[bought.orders])
    captured_left_out["in_imported_orders"] = len(bought.orders) - len(news.orders)
    values = tuple(NO_VALUES if shopper is None else values_of(shopper) for shopper in numbers)
    return Gathered(
        _with_past(_grouped(imported.followed_by(news), skus, values)),
        _counted(imported, left_out),
        _counted(news, captured_left_out),
    )


def _usable(lines: Iterable[Line], facts: Mapping[str, ProductFacts], left_out: Counter[str]) -> Iterator[Line]:
    for line in lines:
        reason = _left_out_because(line.sku, facts) or (None if line.quantity > 0 else "quantity_not_above_0")
        if reason is None:
            yield line
        else:
            left_out[reason] += 1


def _bought(captured: Iterable[Done], facts: Mapping[str, ProductFacts], left_out: Counter[str]) -> Iterator[Line]:
    for shopper, done in captured:
        reason = _left_out_because(done.sku, facts) if done.kind == "purchase" else "not_a_purchase"
        if reason is None:
            yield Line(shopper, done.sku, done.at)
        else:
            left_out[reason] += 1


def _left_out_because(sku: str, facts: Mapping[str, ProductFacts]) -> str | None:
    if sku not in facts:
        return "not_in_catalogue"
    return "sensitive" if facts[sku].sensitive else None


def _counted(lines: Lines, left_out: Counter[str]) -> Counted:
    return Counted(len(lines.orders), {reason: left_out[reason] for reason in sorted(left_out) if left_out[reason]})


def _grouped(lines: Lines, skus: tuple[str, ...], values: tuple[Mapping[str, TraitValue], ...]) -> Baskets:
    """One basket for each order, by its earliest moment and then by its number, without its past."""
    order, orders = lines.orders, int(lines.orders.max(initial=-1)) + 1
    moments = np.full(orders, np.iinfo(np.int64).max)
    np.minimum.at(moments, order, lines.moments)
    shoppers = np.zeros(orders, np.int32)
    shoppers[order] = lines.shoppers
    by_time = np.argsort(moments, kind="stable")
    row = np.argsort(by_time)[order]
    rows, products = np.divmod(np.unique(row * len(skus) + lines.products), max(len(skus), 1))
    ends = np.searchsorted(rows, np.arange(orders + 1))
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
