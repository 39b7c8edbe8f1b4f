"""Fitting the scorers of neighbours in closed form: EASE and conditional probabilities, pruned to the strongest."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from service.cross_sell.neighbours import Neighbours

Dense = NDArray[np.float64]
MOST_WEIGHTS = 4_000_000  # in one scorer, so that 50,000 products keep 80 neighbours each and 2,000 keep all
LARGEST_EASE = 5_000  # products that one matrix is inverted for: the most sold; the others have no such neighbours
SUPPORT = 3  # orders with both products, below which nothing is concluded
DOUBT = 5.0  # orders without the other product that every product is thought to have beside its own


def ease(bought: sparse.csr_matrix, regularisation: float, *, evened: bool = False) -> Neighbours:
    """Embarrassingly shallow autoencoder (Steck 2019, equation 8) of baskets (rows) and products (columns).

    `evened`: a basket of n products counts 1/n, so that large ones do not drown what goes into small ones.
    """
    kept = _most_sold(bought)
    together = _together(bought[:, kept], evened=evened).toarray()
    together[np.diag_indices_from(together)] += regularisation
    inverse = np.linalg.inv(together)
    weights = -inverse / inverse.diagonal()
    np.fill_diagonal(weights, 0)
    return _placed(weights, kept, bought.shape[1])


def conditional(bought: sparse.csr_matrix, *, pairs_alone: bool = False) -> Neighbours:
    """How likely the column is in a basket with the row, from at least three such baskets, shrunk by doubt.

    `pairs_alone`: from baskets of two products only, since what is missing from a small basket tells as well.
    """
    sizes = np.diff(bought.indptr)
    matrix = bought[sizes == 2] if pairs_alone else bought  # noqa: PLR2004  a pair is two
    together = _together(matrix).tocsr()
    orders = together.diagonal()
    together.setdiag(0)
    together.data[together.data < SUPPORT] = 0
    together.eliminate_zeros()
    rows = np.repeat(np.arange(together.shape[0]), np.diff(together.indptr))
    together.data /= orders[rows] + DOUBT
    return _pruned(together)


def _together(bought: sparse.csr_matrix, *, evened: bool = False) -> sparse.csr_matrix:
    counted = bought.astype(np.float64)
    if evened:
        sizes = np.diff(counted.indptr)
        counted.data /= np.sqrt(np.repeat(sizes, sizes))
    return sparse.csr_matrix(counted.T @ counted)


def _most_sold(bought: sparse.csr_matrix) -> NDArray[np.intp]:
    orders = np.asarray(bought.sum(axis=0)).ravel()
    best = np.argsort(-orders, kind="stable")[: min(LARGEST_EASE, np.count_nonzero(orders))]
    return np.sort(best)


def _placed(weights: Dense, kept: NDArray[np.intp], products: int) -> Neighbours:
    """The weights among the kept products as rows of all products, the strongest in either direction."""
    most = max(1, MOST_WEIGHTS // max(len(kept), 1))
    if most < len(kept):
        threshold = np.partition(np.abs(weights), -most, axis=1)[:, -most]
        weights = np.where(np.abs(weights) >= threshold[:, None], weights, 0)
    found = sparse.coo_matrix(np.round(weights, 6))
    places = (kept[found.row], kept[found.col])
    return _neighbours(sparse.csr_matrix((found.data, places), shape=(products, products)))


def _pruned(weights: sparse.csr_matrix) -> Neighbours:
    most = max(1, MOST_WEIGHTS // max(weights.shape[0], 1))
    for row in np.flatnonzero(np.diff(weights.indptr) > most):
        told = weights.data[weights.indptr[row] : weights.indptr[row + 1]]
        told[np.argsort(-told, kind="stable")[most:]] = 0
    weights.eliminate_zeros()
    return _neighbours(weights)


def _neighbours(weights: sparse.csr_matrix) -> Neighbours:
    weights.sort_indices()
    return Neighbours(
        starts=weights.indptr.astype("<i8"),
        products=weights.indices.astype("<i4"),
        weights=weights.data.astype("<f4"),
    )
