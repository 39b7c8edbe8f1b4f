"""Baskets become LightFM's matrices: one row per bought item, its features the rest of the basket."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.baskets import Basket, ProductFacts
from models.vocabulary import Vocabulary
from service.cross_sell.factors import Context

CONSENT_KEPT = 0.5


@dataclass(frozen=True, slots=True)
class Case:
    """One item held out of a basket: what else was in it, and the item, as positions."""

    context: Context
    target: int


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a block of features counts beside an identity, which counts 1."""

    trait: float
    feature: float


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Rows of (context features, item, rest of the basket) and the items' own features, all float32.

    `users` (rows, products + traits): there is a row per held-out item and none per person. `items` (products,
    products + features): identity first. `interactions`: 1 for the item that was bought; 0, which trains nothing
    but keeps WARP from drawing it as a negative, for the rest of its basket.
    """

    users: sparse.csr_matrix
    items: sparse.csr_matrix
    interactions: sparse.coo_matrix
    products: int


def cases_of(baskets: Sequence[Basket], vocabulary: Vocabulary) -> Iterator[Case]:
    """Hold each item out in turn, of baskets with at least two products that the vocabulary knows."""
    for basket in baskets:
        rows, traits = vocabulary.rows(basket.skus), vocabulary.trait_rows(basket.values)
        if len(rows) > 1:
            yield from (Case(Context(rows[rows != row], traits), int(row)) for row in rows)


def examples_of(
    baskets: Sequence[Basket], vocabulary: Vocabulary, facts: Mapping[str, ProductFacts], weights: Weights, seed: int
) -> Examples:
    """The training rows. Half of the rows with consented values go without them, so that one model serves both."""
    cases = list(cases_of(baskets, vocabulary))
    keeps = np.random.default_rng(seed).random(len(cases)) < CONSENT_KEPT
    cases = [case if keep else _without_traits(case) for case, keep in zip(cases, keeps, strict=True)]
    return Examples(
        users=_users(cases, vocabulary, weights.trait),
        items=_items(vocabulary, facts, weights.feature),
        interactions=_interactions(cases, len(vocabulary.skus)),
        products=len(vocabulary.skus),
    )


def _without_traits(case: Case) -> Case:
    return Case(Context(case.context.basket, case.context.traits[:0]), case.target)


def _users(cases: Sequence[Case], vocabulary: Vocabulary, trait_weight: float) -> sparse.csr_matrix:
    products = len(vocabulary.skus)
    columns = [np.concatenate((case.context.basket, products + case.context.traits)) for case in cases]
    matrix = _indicator(columns, products + len(vocabulary.traits))
    matrix.data[matrix.indices >= products] = trait_weight
    return matrix


def _items(vocabulary: Vocabulary, facts: Mapping[str, ProductFacts], weight: float) -> sparse.csr_matrix:
    products = len(vocabulary.skus)
    numbers = count(products)
    features = sorted({feature for sku in vocabulary.skus for feature in facts[sku].features})
    column_of = dict(zip(features, numbers, strict=False))
    columns = [
        np.array([position, *(column_of[feature] for feature in facts[sku].features)], dtype=np.intp)
        for position, sku in enumerate(vocabulary.skus)
    ]
    matrix = _indicator(columns, products + len(features))
    matrix.data[matrix.indices >= products] = weight
    return matrix


def _interactions(cases: Sequence[Case], products: int) -> sparse.coo_matrix:
    bought = np.array([case.target for case in cases], dtype=np.int32)
    beside = [case.context.basket for case in cases]
    rows = np.concatenate((np.arange(len(cases)), np.repeat(np.arange(len(cases)), [len(rest) for rest in beside])))
    columns = np.concatenate((bought, *beside))
    values = np.concatenate((np.ones(len(cases), np.float32), np.zeros(len(columns) - len(cases), np.float32)))
    return sparse.coo_matrix((values, (rows, columns)), shape=(len(cases), products), dtype=np.float32)


def _indicator(columns: Sequence[NDArray[np.intp]], width: int) -> sparse.csr_matrix:
    ends = np.cumsum([0, *(len(row) for row in columns)])
    indices = np.concatenate((*columns, np.empty(0, np.intp)))
    return sparse.csr_matrix((np.ones(len(indices), np.float32), indices, ends), shape=(len(columns), width))
