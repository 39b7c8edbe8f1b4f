"""Other libraries' models on the same baskets and cases: implicit's ALS and BM25, and LightFM as it is usually used."""

from collections.abc import Iterator, Sequence

import numpy as np
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender
from lightfm import LightFM
from numpy.typing import NDArray
from scipy import sparse

from models.dataset import Case, indicator, orders_of
from models.metrics import Ranks, Score, ranks
from models.parts import Parts, Training
from service.cross_sell.factors import Context

MOST_ORDERS = 60_000  # that plain LightFM sees as users, the latest: it needs an embedding for each


def peers(parts: Parts, training: Training, cases: Sequence[Case]) -> Iterator[tuple[str, Ranks]]:
    """The ranks of the cases' items by each peer."""
    bought = orders_of(training.gathered.baskets, parts.vocabulary).bought
    sold = parts.vocabulary.sold
    for name, model in (("item-cosine", CosineRecommender(K=200)), ("bm25", BM25Recommender(K=200))):
        model.fit(bought, show_progress=False)
        yield f"implicit-{name}", ranks(_summed(model.similarity), cases, sold)
    yield "implicit-als", _als(bought, cases, sold)
    yield "lightfm-plain", ranks(_summed(_lightfm(bought)), cases, sold)


def _als(bought: sparse.csr_matrix, cases: Sequence[Case], sold: NDArray[np.bool_]) -> Ranks:
    factors = min(64, bought.shape[1] // 8)
    model = AlternatingLeastSquares(factors=factors, iterations=15, random_state=7, num_threads=1)
    model.fit(bought, show_progress=False)
    baskets = indicator([case.context.basket for case in cases], bought.shape[1])
    folded = model.recalculate_user(np.arange(len(cases)), baskets)
    scores = iter(folded)
    return ranks(lambda _: model.item_factors @ next(scores), cases, sold)


def _lightfm(bought: sparse.csr_matrix) -> NDArray[np.float32]:
    """Orders by products, products compared by the cosine of their embeddings: the usual recipe."""
    latest = sparse.csr_matrix(bought[-MOST_ORDERS:])
    model = LightFM(no_components=48, loss="warp", random_state=7)
    model.fit(latest, epochs=20, num_threads=1)
    items = model.item_embeddings / np.linalg.norm(model.item_embeddings, axis=1, keepdims=True)
    likeness: NDArray[np.float32] = items @ items.T
    np.fill_diagonal(likeness, 0)
    return likeness


def _summed(weights: "sparse.csr_matrix | NDArray[np.float32]") -> Score:
    def score(context: Context) -> NDArray[np.floating]:
        return np.asarray(weights[context.basket].sum(axis=0)).ravel()

    return score
