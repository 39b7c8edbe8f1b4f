"""Fitting the factors: the only place that knows LightFM."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from lightfm import LightFM
from numpy.typing import NDArray
from scipy import sparse

from models.dataset import Examples, Orders, examples_of
from models.recipe import Recipe
from service.cross_sell.factors import BlockWeights, ContextFactors, FeatureFactors, Floats

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """LightFM's embeddings: of context features, of item features, and the latter's biases."""

    context: Floats
    items: Floats
    biases: Floats


def fit(
    orders: Orders, features: sparse.csr_matrix, recipe: Recipe, on_epoch: Callable[[], None] = lambda: None
) -> ContextFactors:
    """Train LightFM with the WARP loss (Weston et al. 2011) and give back factors by product and by trait.

    Each epoch draws its rows and the consent in them anew, and the embeddings are the mean over the second half of the
    epochs (Polyak and Juditsky 1992), which steadies what the last draws happened to be. One thread and one seed: equal
    orders give equal bytes. `features` (products, features) are ones. `on_epoch` is called after every epoch.
    """
    sold = np.asarray(orders.bought.sum(axis=0)).ravel() > 0
    item_features = item_features_of(features, sold, recipe)
    return _unfolded(_learnt(orders, features, item_features, recipe, on_epoch), orders, features, recipe)


def _learnt(
    orders: Orders,
    features: sparse.csr_matrix,
    item_features: sparse.csr_matrix,
    recipe: Recipe,
    on_epoch: Callable[[], None],
) -> Learnt:
    model = LightFM(
        no_components=recipe.components,
        loss="warp",
        learning_rate=recipe.learning_rate,
        max_sampled=recipe.most_draws,
        random_state=recipe.seed,
    )
    random = np.random.default_rng(recipe.seed)
    number_of = np.cumsum(np.asarray(orders.bought.sum(axis=0)).ravel() > 0) - 1
    sums: list[NDArray[np.float64]] = []
    for epoch in range(recipe.epochs):
        examples = examples_of(orders, recipe.rows_per_epoch, random)
        model.fit_partial(
            interactions_of(examples, number_of),
            user_features=user_features(examples, features, recipe),
            item_features=item_features,
            num_threads=1,
        )
        if epoch >= recipe.epochs // 2:
            now = (model.user_embeddings, model.item_embeddings, model.item_biases)
            sums = [part.astype(np.float64) + (sums[at] if sums else 0) for at, part in enumerate(now)]
        on_epoch()
    return Learnt(*_means(sums, recipe.epochs - recipe.epochs // 2))


def user_features(examples: Examples, features: sparse.csr_matrix, recipe: Recipe) -> sparse.csr_matrix:
    """LightFM's user features: the basket, the past and the consented values, as separately weighted blocks."""
    return _stacked(_blocks(examples.contexts, examples.past, examples.traits, features, recipe))


def interactions_of(examples: Examples, number_of: NDArray[np.intp]) -> sparse.coo_matrix:
    """1 for the item that was bought, in its column; 0 for the rest of its basket, so that WARP draws none of it."""
    rows = np.arange(len(examples.items))
    beside = np.repeat(rows, np.diff(examples.contexts.indptr))
    columns = number_of[np.concatenate((examples.items, examples.contexts.indices))]
    values = np.concatenate((np.ones(len(rows), np.float32), np.zeros(len(beside), np.float32)))
    shape = (len(rows), int(number_of[-1]) + 1)
    return sparse.coo_matrix((values, (np.concatenate((rows, beside)), columns)), shape=shape, dtype=np.float32)


def _blocks(
    contexts: sparse.csr_matrix,
    past: sparse.csr_matrix,
    traits: sparse.csr_matrix,
    features: sparse.csr_matrix,
    recipe: Recipe,
) -> Iterator[sparse.csr_matrix]:
    basket, before = _evened(contexts), _evened(past) * np.float32(recipe.past_weight)
    yield basket
    yield basket @ features * np.float32(recipe.context_feature_weight)
    yield before
    yield before @ features * np.float32(recipe.context_feature_weight)
    yield traits * np.float32(recipe.trait_weight)


def _unfolded(learnt: Learnt, orders: Orders, features: sparse.csr_matrix, recipe: Recipe) -> ContextFactors:
    """Factors by product: its own plus its features'; what never occurred has the latter alone."""
    products, stated = features.shape
    sold = np.asarray(orders.bought.sum(axis=0)).ravel() > 0
    ends = np.cumsum([products, stated, products, stated])
    basket, basket_features, past, past_features, traits = np.split(learnt.context, ends)
    own, common = learnt.items[: sold.sum()], learnt.items[sold.sum() :]
    own_bias, common_bias = learnt.biases[: sold.sum()], learnt.biases[sold.sum() :]
    went = np.asarray(orders.past.sum(axis=0)).ravel() > 0
    weight = np.float32(recipe.context_feature_weight)
    return ContextFactors(
        items=_plain(_where(sold, own) + features @ common * np.float32(recipe.feature_weight)),
        biases=_plain(_biases(sold, own_bias) + features @ common_bias * np.float32(recipe.feature_weight)),
        context=_plain(np.where(sold[:, None], basket, 0) + features @ basket_features * weight),
        traits=_plain(traits),
        past=_plain(np.where(went[:, None], past, 0) + features @ past_features * weight),
        weights=BlockWeights(trait=recipe.trait_weight, past=recipe.past_weight),
        features=FeatureFactors(
            items=_plain(common * np.float32(recipe.feature_weight)),
            biases=_plain(common_bias * np.float32(recipe.feature_weight)),
            context=_plain(basket_features * weight),
            past=_plain(past_features * weight),
            bias=_plain(own_bias.mean(keepdims=True)),
        ),
    )


def item_features_of(features: sparse.csr_matrix, sold: Flags, recipe: Recipe) -> sparse.csr_matrix:
    """Identities and weighted features of the products that were sold: no other is ever drawn as a negative."""
    rows = features[np.flatnonzero(sold)] * np.float32(recipe.feature_weight)
    return _stacked((sparse.identity(int(sold.sum()), np.float32, format="csr"), rows))


def _where(sold: Flags, own: Floats) -> Floats:
    placed = np.zeros((len(sold), own.shape[1]), np.float32)
    placed[sold] = own
    return placed


def _biases(sold: Flags, own: Floats) -> Floats:
    placed = np.full(len(sold), own.mean(), np.float32)  # a new product is taken to be like any other
    placed[sold] = own
    return placed


def _means(sums: list[NDArray[np.float64]], count: int) -> Iterator[Floats]:
    yield from ((part / count).astype(np.float32) for part in sums)


def _evened(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows that share one weight among their entries, as `ContextFactors` folds them in."""
    counts = np.diff(matrix.indptr)
    data = matrix.data / np.sqrt(np.repeat(counts, counts), dtype=np.float32)
    return sparse.csr_matrix((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def _stacked(blocks: Iterable[sparse.csr_matrix]) -> sparse.csr_matrix:
    return sparse.csr_matrix(sparse.hstack(list(blocks), format="csr", dtype=np.float32))


def _plain(array: NDArray[np.floating]) -> Floats:
    return np.ascontiguousarray(array, dtype="<f4")
