"""The model as the service sees it: products' factors and counts, verified whole before the first use."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from service.cross_sell.arrays import Array, open_array
from service.cross_sell.blend import Blend, Popularity, Scorer, Weighted
from service.cross_sell.factors import BlockWeights, Context, ContextFactors, FeatureFactors, Floats, Positions
from service.cross_sell.layout import FEATURE_PARTS, FEATURES, PARTS, agreeing, arrays_of
from service.cross_sell.manifest import Manifest, ScorerEntry, manifest_in
from service.cross_sell.mapped import MappedFile, altered
from service.cross_sell.neighbours import Neighbours
from service.cross_sell.newcomers import joined, without_neighbours
from service.cross_sell.refusal import ArtefactRefused
from service.cross_sell.traits import Trait


@dataclass(frozen=True, slots=True, eq=False)
class Artefact:
    """A published model. Its arrays are memory-mapped and read-only, so that workers share one copy.

    `skus` ascend, so that a tie broken by position is broken by sku; newcomers ascend behind the others. `bought_once`
    are the categories from which nobody buys two; `learns_from_past`: whether past orders count for anything. No row
    belongs to a person.
    """

    version: str
    skus: tuple[str, ...]
    positions: Mapping[str, int]
    by_popularity: Positions
    popularity: NDArray[np.int64]
    traits: tuple[Trait, ...]
    blend: Blend
    bought_once: frozenset[str]
    learns_from_past: bool
    manifest: Manifest
    _arrays: Mapping[str, Array]
    _files: tuple[MappedFile, ...]

    def altered(self) -> str | None:
        """The file that somebody wrote into since it was opened, if any: then nothing of the model may be read."""
        return altered(self._files)

    def scores(self, context: Context) -> Floats:
        """The blend of all scorers: a score for every product, float32; higher is better."""
        return self.blend.scores(context)

    def was_bought(self, sku: str) -> bool:
        """Whether any order that it learnt from held the product."""
        row = self.positions.get(sku)
        return row is not None and self.popularity.item(row) > 0

    def bought_together(self, one: int, other: int) -> int:
        """How many orders held both products; 0 also when too few did to be told."""
        starts, products = self._arrays["pair_starts"], self._arrays["pair_products"].data
        end = starts.item(one + 1)
        found = bisect_left(products, other, starts.item(one), end)
        return self._arrays["pair_orders"].item(found) if found < end and products[found] == other else 0

    def never_with(self, categories: Iterable[str]) -> frozenset[str]:
        """The categories that stand for these: nobody buys from both, as nobody buys two bikes."""
        known = self.manifest.categories
        rows = [known.index(category) for category in set(categories) if category in known]
        return _named(self.manifest, np.logical_or.reduce(self._arrays["never_together"][rows], axis=0))

    def joined_by(self, newcomers: Mapping[str, Iterable[str]]) -> "Artefact":
        """The artefact with products that it does not know, by sku, in rows behind its own.

        They stand as a model would have them that had seen them in the catalogue and in no order: by those of their
        features that it knows. The same artefact if it knows of no features.
        """
        if not newcomers or not self.skus or FEATURES not in self._arrays:
            return self
        row_of = {str(feature): row for row, feature in enumerate(self._arrays[FEATURES])}
        stated = (sorted({row_of[each] for each in newcomers[sku] if each in row_of}) for sku in sorted(newcomers))
        features, skus = [np.array(rows, np.intp) for rows in stated], (*self.skus, *sorted(newcomers))
        parts = (replace(part, scorer=joined(part.scorer, features)) for part in self.blend.parts)
        popularity = np.concatenate((self.popularity, np.zeros(len(newcomers), np.int64)))
        pair_starts = without_neighbours(self._arrays["pair_starts"], len(newcomers))
        return replace(
            self,
            skus=skus,
            positions={sku: position for position, sku in enumerate(skus)},
            by_popularity=np.argsort(-popularity, kind="stable"),
            popularity=popularity,
            blend=Blend.of(self.blend.sizes, parts),
            _arrays={**self._arrays, "pair_starts": pair_starts},
        )


def open_artefact(folder: Path) -> Artefact:
    """The artefact in a folder.

    Raises:
        ArtefactRefused: with the reason, if anything is missing, foreign, changed, or does not fit together.
    """
    try:
        manifest = manifest_in(folder)
        expected = set(arrays_of(manifest))
        if expected != set(manifest.files):
            raise ArtefactRefused("the manifest does not name the arrays of its scorers")
        files = tuple(MappedFile.at(folder / name) for name in sorted(expected) if (folder / name).exists())
        arrays = {name.removesuffix(".npy"): open_array(folder / name, manifest.files[name]) for name in expected}
    except OSError as failed:
        raise ArtefactRefused(f"it cannot be read ({type(failed).__name__})") from None
    return _joined(manifest, agreeing(arrays, manifest), files)


def _joined(manifest: Manifest, arrays: Mapping[str, Array], files: tuple[MappedFile, ...]) -> Artefact:
    skus = tuple(str(sku) for sku in arrays["products"])
    popularity = arrays["popularity"]
    return Artefact(
        version=manifest.version,
        skus=skus,
        positions={sku: position for position, sku in enumerate(skus)},
        by_popularity=np.argsort(-popularity, kind="stable"),
        popularity=popularity,
        traits=manifest.traits,
        blend=Blend.of(
            manifest.basket_sizes,
            tuple(Weighted(_scorer(entry, arrays), entry.weights, entry.opening) for entry in manifest.scorers),
        ),
        bought_once=_named(manifest, np.diagonal(arrays["never_together"])),
        learns_from_past=any(entry.blocks is not None and entry.blocks.past > 0 for entry in manifest.scorers),
        manifest=manifest,
        _arrays=arrays,
        _files=files,
    )


def _named(manifest: Manifest, categories: NDArray[np.bool_]) -> frozenset[str]:
    return frozenset(manifest.categories[column] for column in np.flatnonzero(categories))


def _scorer(entry: ScorerEntry, arrays: Mapping[str, Array]) -> Scorer:
    parts = {part: arrays[f"{entry.name}_{part}"] for part in PARTS[entry.kind]}
    match entry.kind:
        case "context_factors":
            weights = entry.blocks or BlockWeights(0.0, 0.0)
            return ContextFactors(**parts, weights=weights, features=_features(entry, arrays))
        case "neighbours":
            return Neighbours(**parts)
        case "popularity":
            return Popularity(np.log1p(arrays["popularity"]).astype(np.float32))
        case _:
            assert_never(entry.kind)


def _features(entry: ScorerEntry, arrays: Mapping[str, Array]) -> FeatureFactors | None:
    if FEATURES not in arrays:
        return None
    return FeatureFactors(**{part: arrays[f"{entry.name}_feature_{part}"] for part in FEATURE_PARTS})
