"""Order lines become baskets: what was bought together, when, and what is left out and why."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from service.catalogue.catalogue import Catalogue
from service.cross_sell.scoring import MOST_PAST
from service.cross_sell.traits import TraitValue
from service.privacy.orders import OrderLine
from service.privacy.subject import ShopperId

NO_VALUES: Mapping[str, TraitValue] = MappingProxyType({})
ValuesOf = Callable[[ShopperId], Mapping[str, TraitValue]]


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What training needs to know of a product; `features` are texts like `model=RB-110`."""

    category: str
    sensitive: bool = False
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Basket:
    """One order: different skus, ascending, and what its shopper consented to (mostly nothing). Not who it was.

    `past` are the latest products of the same shopper's earlier orders, ascending.
    """

    ordered_at: datetime
    skus: tuple[str, ...]
    values: Mapping[str, TraitValue] = field(default_factory=lambda: NO_VALUES)
    past: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathered:
    """The baskets by time, and how many lines went into them or were left out, by reason."""

    baskets: tuple[Basket, ...]
    used: int
    left_out: Mapping[str, int]


def gather(
    lines: Iterable[OrderLine], facts: Mapping[str, ProductFacts], values_of: ValuesOf = lambda _: NO_VALUES
) -> Gathered:
    """Group lines by order. Equal lines give equal baskets, in whatever order they come.

    `values_of` gives what a shopper released to be learnt from; it is asked after the last line, once per order.
    """
    skus: dict[str, set[str]] = defaultdict(set)
    ordered: dict[str, datetime] = {}
    shoppers: dict[str, ShopperId | None] = {}
    left_out: Counter[str] = Counter()
    used = 0
    for line in lines:
        reason = _left_out_because(line, facts)
        if reason is not None:
            left_out[reason] += 1
            continue
        used += 1
        skus[line.order_id].add(line.sku)
        ordered[line.order_id] = min(line.ordered_at, ordered.get(line.order_id, line.ordered_at))
        shoppers[line.order_id] = line.shopper
    by_time = sorted(skus, key=lambda order: (ordered[order], order))
    past = _past(by_time, skus, ordered, shoppers)
    baskets = tuple(
        Basket(ordered[order], tuple(sorted(skus[order])), _values(shoppers[order], values_of), past.get(order, ()))
        for order in by_time
    )
    return Gathered(baskets, used, dict(sorted(left_out.items())))


def _past(
    by_time: Iterable[str],
    skus: Mapping[str, set[str]],
    ordered: Mapping[str, datetime],
    shoppers: Mapping[str, ShopperId | None],
) -> dict[str, tuple[str, ...]]:
    """By order: what its shopper bought at earlier moments, as it will be known when the model is asked."""
    latest: dict[ShopperId, dict[str, datetime]] = defaultdict(dict)
    past = {}
    for order in by_time:
        shopper, at = shoppers[order], ordered[order]
        if shopper is None:
            continue
        bought = latest[shopper]
        before = [sku for sku, when in reversed(bought.items()) if when < at][:MOST_PAST]
        if before:
            past[order] = tuple(sorted(before))
        for sku in sorted(skus[order]):
            bought.pop(sku, None)
            bought[sku] = at
    return past


def facts_of(catalogue: Catalogue) -> dict[str, ProductFacts]:
    """Every product's facts; its features are its category and what is stated in text attributes."""
    told = [name for name, attribute in catalogue.shop.attributes.items() if attribute.kind == "text"]
    facts = {}
    for product in catalogue.products:
        category = catalogue.shop.categories.get(product.category)
        stated = [f"{name}={product.attributes[name]}" for name in told if name in product.attributes]
        sensitive = category is None or category.sensitive
        facts[product.sku] = ProductFacts(product.category, sensitive, (f"category={product.category}", *stated))
    return facts


def _left_out_because(line: OrderLine, facts: Mapping[str, ProductFacts]) -> str | None:
    if line.sku not in facts:
        return "not_in_catalogue"
    if facts[line.sku].sensitive:
        return "sensitive"
    return None if line.quantity > 0 else "quantity_not_above_0"


def _values(shopper: ShopperId | None, values_of: ValuesOf) -> Mapping[str, TraitValue]:
    return NO_VALUES if shopper is None else values_of(shopper)
