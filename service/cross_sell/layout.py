"""Which arrays an artefact holds, of what shape and type, and how they must agree with one another."""

from collections.abc import Iterator, Mapping

import numpy as np

from service.cross_sell.arrays import Array
from service.cross_sell.manifest import Manifest
from service.cross_sell.refusal import ArtefactRefused

WIDEST_SKU = 400  # bytes of a fixed-width text: 100 characters
Form = tuple[str, tuple[int, ...]]

PARTS_OF_CONTEXT_FACTORS = ("items", "biases", "context", "traits")


def arrays_of(manifest: Manifest) -> Iterator[str]:
    """The file names that a manifest with these scorers must list, and no others."""
    yield from (
        f"{name}.npy"
        for name in ("products", "popularity", "never_together", "pair_starts", "pair_products", "pair_orders")
    )
    for entry in manifest.scorers:
        yield from (f"{entry.name}_{part}.npy" for part in PARTS_OF_CONTEXT_FACTORS)


def agreeing(arrays: Mapping[str, Array], manifest: Manifest) -> Mapping[str, Array]:
    """The same arrays; raises `ArtefactRefused` for the first that has another form or points outside another."""
    for name, (dtype, shape) in _forms(arrays, manifest):
        _check_form(name, arrays[name], dtype, shape)
    skus = arrays["products"]
    if not np.all(skus[:-1] < skus[1:]) or (len(skus) and not skus[0]):
        raise ArtefactRefused("products.npy: the skus do not ascend")
    if not all(entry.weight >= 0 for entry in manifest.scorers) or not any(entry.weight for entry in manifest.scorers):
        raise ArtefactRefused("the manifest gives no scorer a weight above 0, or one a weight below")
    _check_pairs(arrays, len(skus))
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
        width = arrays[f"{entry.name}_items"].shape[-1]
        yield f"{entry.name}_items", ("<f4", (products, width))
        yield f"{entry.name}_biases", ("<f4", (products,))
        yield f"{entry.name}_context", ("<f4", (products, width))
        yield f"{entry.name}_traits", ("<f4", (len(manifest.traits), width))


def _check_form(name: str, array: Array, dtype: str, shape: tuple[int, ...]) -> None:
    if array.dtype.str != dtype and not (dtype == "U" == array.dtype.kind and array.dtype.itemsize <= WIDEST_SKU):
        raise ArtefactRefused(f"{name}.npy has another dtype than its place in the artefact needs")
    if array.shape != shape:
        raise ArtefactRefused(f"{name}.npy has another shape than the other arrays need")
    if array.dtype.kind == "f" and not np.all(np.isfinite(array)):
        raise ArtefactRefused(f"{name}.npy holds a number that is not finite")


def _check_pairs(arrays: Mapping[str, Array], products: int) -> None:
    starts, neighbours = arrays["pair_starts"], arrays["pair_products"]
    if starts[0] != 0 or starts[-1] != len(neighbours) or np.any(np.diff(starts) < 0):
        raise ArtefactRefused("pair_starts.npy does not part the pairs by product")
    if len(neighbours) and not 0 <= neighbours.min() <= neighbours.max() < products:
        raise ArtefactRefused("pair_products.npy names a product that is not there")
