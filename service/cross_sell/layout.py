"""Which arrays an artefact holds, of what shape and type, and how they must agree with one another."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import assert_never

import numpy as np

from service.catalogue.product import LONGEST_SKU
from service.cross_sell.arrays import Array
from service.cross_sell.manifest import Manifest, ScorerEntry, ScorerKind
from service.cross_sell.refusal import ArtefactRefused

LONGEST_TEXT = 100  # of a stated feature
WIDEST_TEXT = 4 * max(LONGEST_TEXT, LONGEST_SKU)  # bytes of a fixed-width text
LARGEST = float(np.finfo(np.float32).max)
Form = tuple[str, tuple[int, ...]]

PARTS: Mapping[ScorerKind, tuple[str, ...]] = {
    "context_factors": ("items", "biases", "context", "traits", "past"),
    "neighbours": ("starts", "products", "weights"),
    "popularity": (),
}
FEATURES = "features"
FEATURE_PARTS = ("items", "biases", "context", "past", "bias")


def arrays_of(manifest: Manifest) -> Iterator[str]:
    """The file names that a manifest with these scorers must list, and no others; features all together or not."""
    yield from (
        f"{name}.npy"
        for name in ("products", "popularity", "never_together", "pair_starts", "pair_products", "pair_orders")
    )
    for entry in manifest.scorers:
        yield from (f"{entry.name}_{part}.npy" for part in PARTS[entry.kind])
    if f"{FEATURES}.npy" in manifest.files:
        yield f"{FEATURES}.npy"
        for entry in manifest.scorers:
            if entry.kind == "context_factors":
                yield from (f"{entry.name}_feature_{part}.npy" for part in FEATURE_PARTS)


def agreeing(arrays: Mapping[str, Array], manifest: Manifest) -> Mapping[str, Array]:
    """The same arrays; raises `ArtefactRefused` for the first that has another form or points outside another."""
    for name, (dtype, shape) in _forms(arrays, manifest):
        _check_form(name, arrays[name], dtype, shape)
    skus = arrays["products"]
    if not np.all(skus[:-1] < skus[1:]) or (len(skus) and not skus[0]):
        raise ArtefactRefused("products.npy: the skus do not ascend")
    features = arrays.get(FEATURES, skus[:0])
    if not np.all(features[:-1] < features[1:]):
        raise ArtefactRefused("features.npy: the features do not ascend")
    _check_blend(manifest)
    _check_rows(arrays, ("pair_starts", "pair_products"), len(skus))
    _check_counts(arrays)
    for entry in manifest.scorers:
        if entry.kind == "neighbours":
            _check_rows(arrays, (f"{entry.name}_starts", f"{entry.name}_products"), len(skus))
    return arrays


def _forms(arrays: Mapping[str, Array], manifest: Manifest) -> Iterator[tuple[str, Form]]:
    products, pairs, categories = (
        arrays["products"].shape[0],
        arrays["pair_products"].shape[0],
        len(manifest.categories),
    )
    yield "products", ("U", (products,))
    yield "popularity", ("<i8", (products,))
    yield "never_together", ("|b1", (categories, categories))
    yield "pair_starts", ("<i8", (products + 1,))
    yield "pair_products", ("<i4", (pairs,))
    yield "pair_orders", ("<i4", (pairs,))
    for entry in manifest.scorers:
        for part, form in _forms_of(entry, arrays, products, len(manifest.traits)):
            yield f"{entry.name}_{part}", form
    if FEATURES in arrays:
        features = arrays[FEATURES].shape[0]
        yield FEATURES, ("U", (features,))
        for entry in manifest.scorers:
            if entry.kind == "context_factors":
                width = arrays[f"{entry.name}_items"].shape[-1]
                for part in ("items", "context", "past"):
                    yield f"{entry.name}_feature_{part}", ("<f4", (features, width))
                yield f"{entry.name}_feature_biases", ("<f4", (features,))
                yield f"{entry.name}_feature_bias", ("<f4", (1,))


def _forms_of(
    entry: ScorerEntry, arrays: Mapping[str, Array], products: int, traits: int
) -> Iterator[tuple[str, Form]]:
    match entry.kind:
        case "context_factors":
            width = arrays[f"{entry.name}_items"].shape[-1]
            yield from ((part, ("<f4", (products, width))) for part in ("items", "context", "past"))
            yield "biases", ("<f4", (products,))
            yield "traits", ("<f4", (traits, width))
        case "neighbours":
            known = arrays[f"{entry.name}_products"].shape[0]
            yield "starts", ("<i8", (products + 1,))
            yield "products", ("<i4", (known,))
            yield "weights", ("<f4", (known,))
        case "popularity":
            return
        case _:
            assert_never(entry.kind)


def _check_blend(manifest: Manifest) -> None:
    sizes = manifest.basket_sizes
    if not sizes or any(one >= other for one, other in pairwise(sizes)):
        raise ArtefactRefused("the manifest's basket sizes do not ascend")
    if any(len(entry.weights) != len(sizes) for entry in manifest.scorers):
        raise ArtefactRefused("the manifest does not give every scorer a weight for each basket size")
    for weights in zip(*((*entry.weights, entry.opening) for entry in manifest.scorers), strict=True):
        if not all(map(_is_weight, weights)) or not any(weights):
            raise ArtefactRefused("the manifest gives no scorer a weight above 0, or one a weight below")
    for entry in manifest.scorers:
        if entry.blocks and not (_is_weight(entry.blocks.trait) and _is_weight(entry.blocks.past)):
            raise ArtefactRefused("the manifest gives a block of features a weight below 0, or one beyond all bounds")


def _is_weight(weight: float) -> bool:
    """Whether arrays of float32 can be weighted by it."""
    return 0 <= weight <= LARGEST


def _check_form(name: str, array: Array, dtype: str, shape: tuple[int, ...]) -> None:
    if array.dtype.str != dtype and not (dtype == "U" == array.dtype.kind and array.dtype.itemsize <= WIDEST_TEXT):
        raise ArtefactRefused(f"{name}.npy has another dtype than its place in the artefact needs")
    if array.shape != shape:
        raise ArtefactRefused(f"{name}.npy has another shape than the other arrays need")
    if array.dtype.kind == "f" and not np.all(np.isfinite(array)):
        raise ArtefactRefused(f"{name}.npy holds a number that is not finite")


def _check_rows(arrays: Mapping[str, Array], names: tuple[str, str], products: int) -> None:
    starts, neighbours = (arrays[name] for name in names)
    if starts[0] != 0 or starts[-1] != len(neighbours) or np.any(np.diff(starts) < 0):
        raise ArtefactRefused(f"{names[0]}.npy does not part the pairs by product")
    if len(neighbours) and not 0 <= neighbours.min() <= neighbours.max() < products:
        raise ArtefactRefused(f"{names[1]}.npy names a product that is not there")
    ascends = np.ones(len(neighbours), dtype=bool)
    ascends[1:] = neighbours[1:] > neighbours[:-1]
    ascends[starts[:-1][starts[:-1] < len(neighbours)]] = True
    if not ascends.all():
        raise ArtefactRefused(f"{names[1]}.npy: the products of a row do not ascend")


def _check_counts(arrays: Mapping[str, Array]) -> None:
    """What reasons tell of: no pair was bought together in more orders than either of the two was bought in."""
    popularity, both = arrays["popularity"], arrays["pair_orders"]
    if np.any(popularity < 0) or np.any(both < 0):
        raise ArtefactRefused("it counts fewer orders than none")
    one = np.repeat(popularity, np.diff(arrays["pair_starts"]))
    if np.any(both > np.minimum(one, popularity[arrays["pair_products"]])):
        raise ArtefactRefused("pair_orders.npy counts more orders of two products than of one of them")
