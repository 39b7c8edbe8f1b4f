"""Baskets become matrices: what was bought, what is known beside it, and LightFM's rows, one per bought item."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.baskets import Basket, ProductFacts
from models.vocabulary import Vocabulary
from service.cross_sell.factors import Context

Rows = NDArray[np.intp]
Keeps = Callable[[NDArray[np.integer], NDArray[np.integer]], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Case:
    """One item held out of a basket: what else was in it, and the item, as positions."""

    context: Context
    target: int


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """Baskets as rows, float32 ones: `bought` and `past` (baskets, products), `traits` (baskets, traits).

    `attribute_of` (traits,) numbers the attribute that each trait is a value of.
    """

    bought: sparse.csr_matrix
    past: sparse.csr_matrix
    traits: sparse.csr_matrix
    attribute_of: Rows

    def items(self) -> tuple[Rows, Rows]:
        """Each item of a basket with at least two: the basket's row and the product's position."""
        sizes = np.diff(self.bought.indptr)
        rows = np.repeat(np.arange(len(sizes)), sizes)
        several = sizes[rows] > 1
        return rows[several], self.bought.indices[several].astype(np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Rows of (context, item) for LightFM: `contexts` (rows, products) without the item, `past`, `traits`, `items`."""

    contexts: sparse.csr_matrix
    past: sparse.csr_matrix
    traits: sparse.csr_matrix
    items: Rows


def orders_of(baskets: Sequence[Basket], vocabulary: Vocabulary) -> Orders:
    """The baskets' matrices, with such products as the vocabulary knows to be sold."""
    products = len(vocabulary.skus)
    covered: dict[int, Rows] = {}
    for basket in baskets:  # a shopper's baskets share one mapping of values
        if id(basket.values) not in covered:
            covered[id(basket.values)] = vocabulary.trait_rows(basket.values)
    attributes = sorted({trait.attribute for trait in vocabulary.traits})
    return Orders(
        bought=indicator((vocabulary.sold_rows(basket.skus) for basket in baskets), products),
        past=indicator((vocabulary.rows(basket.past) for basket in baskets), products),
        traits=indicator((covered[id(basket.values)] for basket in baskets), len(vocabulary.traits)),
        attribute_of=np.array([attributes.index(trait.attribute) for trait in vocabulary.traits], dtype=np.intp),
    )


def cases_of(baskets: Iterable[Basket], vocabulary: Vocabulary) -> Iterator[Case]:
    """Hold each item out in turn, of baskets with at least two products that the vocabulary knows to be sold."""
    for basket in baskets:
        rows = vocabulary.sold_rows(basket.skus)
        if len(rows) > 1:
            traits, past = vocabulary.trait_rows(basket.values), vocabulary.rows(basket.past)
            yield from (Case(Context(rows[rows != row], traits, past), int(row)) for row in rows)


def examples_of(orders: Orders, most: int, random: np.random.Generator) -> Examples:
    """At most so many of the orders' items, each with its basket as context, and what its shopper consented to.

    Consent is dropped at random, so that one model serves every subset of it: half of the rows go without past orders;
    of the rows with values, a third goes without any, a third keeps all, and a third some of the attributes.
    """
    rows, items = orders.items()
    if len(rows) > most:
        picked = np.sort(random.choice(len(rows), most, replace=False))
        rows, items = rows[picked], items[picked]
    keep_past = random.random(len(rows)) < 1 / 2
    return Examples(
        contexts=_without(orders.bought[rows], items),
        past=_kept(orders.past[rows], lambda row, _: keep_past[row]),
        traits=_some_attributes(orders, rows, random),
        items=items,
    )


def features_of(vocabulary: Vocabulary, facts: Mapping[str, ProductFacts]) -> sparse.csr_matrix:
    """What is stated of each product: ones (products, features), the features ascending."""
    features = feature_names(vocabulary, facts)
    column_of = {feature: column for column, feature in enumerate(features)}
    return indicator(
        [np.array(sorted(column_of[each] for each in set(facts[sku].features)), np.intp) for sku in vocabulary.skus],
        len(features),
    )


def feature_names(vocabulary: Vocabulary, facts: Mapping[str, ProductFacts]) -> tuple[str, ...]:
    """All that is stated of any product, ascending: the columns of `features_of`."""
    return tuple(sorted({feature for sku in vocabulary.skus for feature in facts[sku].features}))


def indicator(columns: Iterable[Rows], width: int) -> sparse.csr_matrix:
    """Float32 ones in these columns of each row; takes the rows one by one, and four bytes for each one."""
    indices, ends = array("i"), array("q", [0])
    for row in columns:
        indices.frombytes(row.astype(np.intc).tobytes())
        ends.append(len(indices))
    ones = np.ones(len(indices), np.float32)
    return sparse.csr_matrix((ones, np.asarray(indices), np.asarray(ends)), shape=(len(ends) - 1, width))


def _without(baskets: sparse.csr_matrix, items: Rows) -> sparse.csr_matrix:
    return _kept(baskets, lambda row, column: items[row] != column)


def _some_attributes(orders: Orders, rows: Rows, random: np.random.Generator) -> sparse.csr_matrix:
    share = np.clip(random.uniform(-1, 2, len(rows)), 0, 1)
    attributes = int(orders.attribute_of.max(initial=-1)) + 1
    keep = random.random((len(rows), attributes), dtype=np.float32) < share[:, None]
    return _kept(orders.traits[rows], lambda row, column: keep[row, orders.attribute_of[column]])


def _kept(matrix: sparse.csr_matrix, keeps: Keeps) -> sparse.csr_matrix:
    """The matrix without those entries that `keeps`, given their rows and columns, is false for."""
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    kept = keeps(row, np.asarray(matrix.indices))
    ends = np.concatenate(([0], np.cumsum(np.bincount(row[kept], minlength=matrix.shape[0]))))
    return sparse.csr_matrix((matrix.data[kept], matrix.indices[kept], ends), shape=matrix.shape)
