"""What does not fit what is there: by a shop's rule, a tube must have the size of the bike it is laid beside."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from service.catalogue.attribute import Single, Value
from service.catalogue.catalogue import Catalogue
from service.catalogue.companions import CompanionRule, Criteria
from service.catalogue.product import Product
from service.cross_sell.factors import Positions

NOWHERE = np.empty(0, np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class _Stated:
    """Who states an attribute, and who states which value of it, as rows of a model."""

    all: Positions
    by_value: Mapping[Single, Positions]

    def others_than(self, value: Value) -> Positions:
        """The rows that state something else."""
        same = [self.by_value[each] for each in _each(value) if each in self.by_value]
        return np.setdiff1d(self.all, np.concatenate(same)) if same else self.all


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """One side of a rule among a model's rows: `opposite` tells which products stand on the other side."""

    opposite: Callable[[Product], bool]
    stated: Mapping[str, _Stated]

    def misfits(self, there: Iterable[Product]) -> Positions:
        """The rows that disagree with every product there that stands on the other side; none if there is none."""
        each = [self._disagreeing(product) for product in there if self.opposite(product)]
        found = each[0] if each else NOWHERE
        for others in each[1:]:
            found = np.intersect1d(found, others)
        return found

    def _disagreeing(self, product: Product) -> Positions:
        known = ((stated, product.value(attribute)) for attribute, stated in self.stated.items())
        each = [stated.others_than(value) for stated, value in known if value is not None]
        return np.unique(np.concatenate(each)) if each else NOWHERE


@dataclass(frozen=True, slots=True, eq=False)
class Agreements:
    """The rules that ask for agreement, both ways: the tube beside the bike, and the bike beside the tube.

    What somebody does not state disagrees with nothing.
    """

    sides: tuple[_Side, ...]

    @classmethod
    def of(cls, rules: Iterable[CompanionRule], catalogue: Catalogue, at: NDArray[np.int32]) -> "Agreements":
        """The rules over a model's rows; `at` is each row's position in the catalogue, or -1."""
        return cls(tuple(side for rule in rules if rule.match for side in _sides(rule, catalogue, at)))

    def misfits(self, there: Sequence[Product]) -> Iterator[Positions]:
        """Rows that must not be laid beside these products, rule by rule."""
        yield from (rows for side in self.sides if len(rows := side.misfits(there)))


def _sides(rule: CompanionRule, catalogue: Catalogue, at: NDArray[np.int32]) -> Iterator[_Side]:
    bearers = _meeting(catalogue, rule.when) & _meeting(catalogue, rule.among)
    companions = _meeting(catalogue, rule.products)
    for opposite, here in ((rule.speaks_of, companions), (lambda product: product.meets(rule.products), bearers)):
        rows = np.flatnonzero((at >= 0) & here[at])
        yield _Side(opposite, MappingProxyType({name: _stated(name, catalogue, rows, at) for name in rule.match}))


def _meeting(catalogue: Catalogue, criteria: Criteria) -> NDArray[np.bool_]:
    """By product of the catalogue whether it meets all of these."""
    products = catalogue.products
    found = np.ones(len(products), np.bool_)
    for attribute, values in criteria.items():
        column = products.stated(attribute)
        if column is not None:
            found &= column.is_any_of(values)
        else:
            found &= np.fromiter((sku in values for sku in products.skus), np.bool_) if attribute == "sku" else False
    return found


def _stated(attribute: str, catalogue: Catalogue, rows: Positions, at: NDArray[np.int32]) -> _Stated:
    column = catalogue.products.stated(attribute)
    if column is None:
        return _Stated(NOWHERE, MappingProxyType({}))
    same = column.identities()[at[rows]]
    by_value: dict[Single, list[Positions]] = {}
    for identity in np.unique(same[same >= 0]):
        here = rows[same == identity]
        value = column.at(int(at[here[0]]))
        for each in () if value is None else _each(value):
            by_value.setdefault(each, []).append(here)
    each_value = {value: np.concatenate(parts) for value, parts in by_value.items()}
    everybody = np.unique(np.concatenate([NOWHERE, *each_value.values()]))
    return _Stated(everybody, MappingProxyType(each_value))


def _each(value: Value) -> tuple[Single, ...]:
    return value if isinstance(value, tuple) else (value,)
