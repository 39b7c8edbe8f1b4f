"""Artefacts made by hand, whose every factor a test can see."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from service.cross_sell.manifest import MANIFEST, sealed
from service.cross_sell.writing import write_artefact
from service.privacy.view import ConsentedValue, ConsentedView


def a_cross_sell_view(*withheld, **values):
    """A view with these consented values, and attributes for which nothing was granted."""
    consented = {name: ConsentedValue(name, value, "crm") for name, value in values.items()}
    return ConsentedView("cross_sell", consented, tuple(withheld))


def some_arrays(*skus, **changed):
    """An artefact's arrays: each product is an axis of its own and says nothing of others, so that nothing is ranked.

    `goes` maps a sku in the basket to the skus that it speaks for, with a strength, `went` a sku of past orders;
    `pairs` are (sku, sku, orders);
    `never` pairs of categories; `traits` maps nothing to nothing unless given as rows of factors.
    """
    skus = tuple(sorted(skus or ("PD-1", "PD-2", "RB-1")))
    given = {
        "goes": {},
        "went": {},
        "pairs": (),
        "categories": (),
        "never": (),
        "traits": (),
        "popularity": range(len(skus), 0, -1),
    }
    given |= changed
    return {
        "products": np.array(skus),
        "popularity": _at_least_bought(skus, given["popularity"], given["pairs"]),
        "never_together": _never(given["categories"], given["never"]),
        **_pairs(skus, given["pairs"]),
        "lightfm_items": np.eye(len(skus), dtype="<f4"),
        "lightfm_biases": np.zeros(len(skus), dtype="<f4"),
        "lightfm_context": _speaks_for(skus, given["goes"]),
        "lightfm_past": _speaks_for(skus, given["went"]),
        "lightfm_traits": np.array(given["traits"], dtype="<f4").reshape(-1, len(skus)),
    }


def a_description(*, categories=(), traits=(), until="2026-02-28", **changed):
    given = {
        "scorers": [a_scorer("lightfm")],
        "basket_sizes": [1],
        "traits": [trait.as_json() for trait in traits],
        "categories": list(categories),
        "orders": 100,
        "window": {"from": "2025-03-01", "until": until},
    }
    return given | changed


def a_scorer(name, *weights, kind="context_factors", opening=1.0, trait_weight=0.5, past_weight=0.25):
    blocks = {"trait_weight": trait_weight, "past_weight": past_weight} if kind == "context_factors" else {}
    return {"name": name, "kind": kind, "weights": list(weights or (1.0,)), "opening_weight": opening, **blocks}


def an_artefact(models: Path, *skus, trait_names=(), until="2026-02-28", **changed) -> Path:
    """The folder of an artefact with these products (by default three), written below `models`, to be spoilt."""
    description = a_description(categories=changed.get("categories", ()), traits=trait_names, until=until)
    folder = write_artefact(models, some_arrays(*skus, **changed), description)
    for file in folder.iterdir():
        file.chmod(0o644)
    return folder


def forge(folder: Path, change: Mapping[str, object]) -> None:
    """Change the manifest as somebody would who knows how it is sealed."""
    body = json.loads((folder / MANIFEST).read_bytes()) | change
    del body["version"]
    (folder / MANIFEST).write_bytes(sealed({name: value for name, value in body.items() if name != "schema"})[1])


def redeclare(folder: Path, name: str, **changed: object) -> None:
    """Have the manifest declare a file as it is now, and what else is wanted of it."""
    content = (folder / name).read_bytes()
    files = json.loads((folder / MANIFEST).read_bytes())["files"]
    told = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    forge(folder, {"files": files | {name: files[name] | told | changed}})


def _at_least_bought(skus, popularity, pairs):
    """Nothing is bought in fewer orders than together with another product."""
    counts = np.array(list(popularity), dtype="<i8")
    for *both, orders in pairs:
        rows = [skus.index(sku) for sku in both]
        counts[rows] = np.maximum(counts[rows], orders)
    return counts


def _never(categories, never):
    apart = np.zeros((len(categories), len(categories)), dtype=bool)
    for one, other in never:
        row, column = categories.index(one), categories.index(other)
        apart[row, column] = apart[column, row] = True
    return apart


def _pairs(skus, pairs):
    row = {sku: number for number, sku in enumerate(skus)}
    both_ways = sorted((row[a], row[b], orders) for x, y, orders in pairs for a, b in ((x, y), (y, x)))
    return {
        "pair_starts": np.searchsorted([first for first, _, _ in both_ways], range(len(skus) + 1)).astype("<i8"),
        "pair_products": np.array([second for _, second, _ in both_ways], dtype="<i4"),
        "pair_orders": np.array([orders for _, _, orders in both_ways], dtype="<i4"),
    }


def _speaks_for(skus, goes):
    context = np.zeros((len(skus), len(skus)), dtype="<f4")
    for sku, others in goes.items():
        for other, strength in others.items():
            context[skus.index(sku), skus.index(other)] = strength
    return context
