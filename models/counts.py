"""What was bought how often, alone and together: the counts that reasons, masks and the popularity baseline rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.baskets import Basket, ProductFacts
from models.vocabulary import Vocabulary

AT_LEAST = 10  # orders behind any count of a pair that an artefact tells
MOST_PARTNERS = 100  # kept per product, so that 50,000 products fit
NEVER = 0.1  # of the orders expected if the two were bought independently
EXPECTED_AT_LEAST = 10.0  # below that, never together may be chance


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Products bought together in at least 10 orders, by product: CSR with ascending columns."""

    starts: NDArray[np.int64]
    products: NDArray[np.int32]
    orders: NDArray[np.int32]


def popularity_of(baskets: Sequence[Basket], vocabulary: Vocabulary) -> NDArray[np.int64]:
    """In how many orders each product was bought."""
    counts: NDArray[np.int64] = _bought(baskets, vocabulary).sum(axis=0).A1.astype("<i8")
    return counts


def pairs_of(baskets: Sequence[Basket], vocabulary: Vocabulary) -> Pairs:
    """In how many orders two products were bought together, the 100 most frequent partners of each product."""
    bought = _bought(baskets, vocabulary)
    together = sparse.csr_matrix(bought.T @ bought)
    together.setdiag(0)
    rows = [_partners(together, row) for row in range(together.shape[0])]
    return Pairs(
        starts=np.cumsum([0, *(len(row) for row, _ in rows)]).astype("<i8"),
        products=np.concatenate([np.empty(0, np.int32), *(row for row, _ in rows)]).astype("<i4"),
        orders=np.concatenate([np.empty(0, np.int64), *(orders for _, orders in rows)]).astype("<i4"),
    )


def never_together(
    baskets: Sequence[Basket], facts: Mapping[str, ProductFacts], categories: Sequence[str]
) -> NDArray[np.bool_]:
    """Pairs of categories, a category with itself included, that orders hold less than a tenth as often as by chance.

    Substitutes are of this kind: nobody buys two bikes. A category counts twice when two of its products are there.
    """
    column = {category: number for number, category in enumerate(categories)}
    held = np.zeros((len(baskets), len(categories)), np.float64)
    for row, basket in enumerate(baskets):
        for sku in basket.skus:
            held[row, column[facts[sku].category]] += 1
    there = held > 0
    together = there.T.astype(float) @ there
    np.fill_diagonal(together, (held > 1).sum(axis=0))
    expected = _expected(there.mean(axis=0), len(baskets))
    return (expected >= EXPECTED_AT_LEAST) & (together < NEVER * expected)


def _expected(share: NDArray[np.float64], orders: int) -> NDArray[np.float64]:
    """Orders expected with both, if independent; on the diagonal, with two or more of a Poisson number."""
    mean = -np.log1p(-np.minimum(share, 1 - 1e-9))
    expected = orders * np.outer(share, share)
    np.fill_diagonal(expected, orders * (share - mean * np.exp(-mean)))
    return expected


def _bought(baskets: Sequence[Basket], vocabulary: Vocabulary) -> sparse.csr_matrix:
    rows = [vocabulary.rows(basket.skus) for basket in baskets]
    ends = np.cumsum([0, *(len(row) for row in rows)])
    indices = np.concatenate([*rows, np.empty(0, np.intp)])
    ones = np.ones(len(indices), np.int64)
    return sparse.csr_matrix((ones, indices, ends), shape=(len(rows), len(vocabulary.skus)))


def _partners(together: sparse.csr_matrix, row: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    start, end = together.indptr[row], together.indptr[row + 1]
    columns, orders = together.indices[start:end], together.data[start:end]
    columns, orders = columns[orders >= AT_LEAST], orders[orders >= AT_LEAST]
    kept = np.lexsort((columns, -orders))[:MOST_PARTNERS]
    kept = kept[np.argsort(columns[kept])]
    return columns[kept], orders[kept]
