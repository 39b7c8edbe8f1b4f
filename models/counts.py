"""What was bought how often, alone and together: the counts that reasons, masks and the popularity baseline rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.baskets import Basket, ProductFacts
from models.dataset import indicator
from models.vocabulary import Vocabulary

AT_LEAST = 10  # orders behind any count of a pair that an artefact tells
MOST_PARTNERS = 100  # kept per product, so that 50,000 products fit
TWICE = 0.25  # of the orders expected by chance: fewer, and nobody wants a second one
TOGETHER = 0.1  # the same for two categories
ALIKE = 0.8  # cosine of what two categories are bought with
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
    """Pairs of categories that stand for each other, symmetric; on the diagonal, whether nobody buys two of one.

    A category stands alone if orders hold two of its products rarely, compared with chance. Two such categories
    replace each other if they are almost never bought together, but with the same others: road and gravel bikes.
    """
    held, orders = _held(baskets, facts, categories), len(baskets)
    there = (held > 0).astype(float)
    together = (there.T @ there).toarray()
    alike = _alike(together)
    share = np.asarray(there.sum(axis=0)).ravel() / orders
    twice = np.asarray((held > 1).sum(axis=0)).ravel()
    alone = _rarely(twice, _expected_twice(share, orders), TWICE)
    apart = _rarely(together, orders * np.outer(share, share), TOGETHER)
    replacing = apart & (alike >= ALIKE) & np.outer(alone, alone)
    np.fill_diagonal(replacing, alone)
    return replacing


def _held(baskets: Sequence[Basket], facts: Mapping[str, ProductFacts], categories: Sequence[str]) -> sparse.csr_matrix:
    """How many products of each category an order holds; bytes by line, not by order and category."""
    column = {category: number for number, category in enumerate(categories)}
    columns = (np.array([column[facts[sku].category] for sku in basket.skus], np.intp) for basket in baskets)
    held = indicator(columns, len(categories))
    held.sum_duplicates()
    return held


def _rarely(found: NDArray[Any], expected: NDArray[np.float64], share: float) -> NDArray[np.bool_]:
    return (expected >= EXPECTED_AT_LEAST) & (found < share * expected)


def _expected_twice(share: NDArray[np.float64], orders: int) -> NDArray[np.float64]:
    """Orders with two or more products of a category, if their number were Poisson, given the share with any."""
    mean = -np.log1p(-np.minimum(share, 1 - 1e-9))
    expected: NDArray[np.float64] = orders * (share - mean * np.exp(-mean))
    return expected


def _alike(together: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cosine of what two categories are bought with, the two themselves left out."""
    others = together.copy()
    np.fill_diagonal(others, 0)
    products = others @ others.T
    squares = np.square(others)
    lengths = np.sqrt(squares.sum(axis=1)[:, None] - squares)  # row i without the column of its partner j
    lengths *= lengths.T
    cosines: NDArray[np.float64] = np.divide(products, lengths, out=np.zeros_like(products), where=lengths > 0)
    return cosines


def _bought(baskets: Sequence[Basket], vocabulary: Vocabulary) -> sparse.csr_matrix:
    rows = (vocabulary.rows(basket.skus) for basket in baskets)
    return indicator(rows, len(vocabulary.skus)).astype(np.int64)


def _partners(together: sparse.csr_matrix, row: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    start, end = together.indptr[row], together.indptr[row + 1]
    columns, orders = together.indices[start:end], together.data[start:end]
    columns, orders = columns[orders >= AT_LEAST], orders[orders >= AT_LEAST]
    kept = np.lexsort((columns, -orders))[:MOST_PARTNERS]
    kept = kept[np.argsort(columns[kept])]
    return columns[kept], orders[kept]
