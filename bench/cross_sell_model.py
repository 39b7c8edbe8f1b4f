"""A made-up shop and model of any size: factors, neighbours and counts as a trained model has them."""

import csv
from pathlib import Path

import numpy as np

from service.cross_sell.arrays import Array
from service.cross_sell.writing import write_artefact

CATEGORIES = 40
NEIGHBOURS = 50
MOST_TOGETHER = 500  # orders with both of two products, so that each of them was in as many at least
SHOP = """currency: EUR
country: DE
locales: [de, en]
categories:
{categories}
attributes:
  size:
    type: text
    label: Größe
"""
PRIVACY = """languages: [de]
purposes:
  cross_sell:
    text: Vorschlagen
    example: Was dazu passt.
    legal_basis: consent
attributes:
  orders:
    label: Bestellungen
    why: Damit nichts zweimal vorgeschlagen wird.
    kind: behaviour
    purposes: [cross_sell]
notices:
  - id: profile
    version: 1
    text: Ein Hinweis.
"""


def sku(number: int) -> str:
    """The sku of a made-up product; they ascend with the number."""
    return f"T-{number:07}"


def write_shop(folder: Path, products: int) -> None:
    """Write shop/ and an empty questionnaires/: products of 40 categories, one in twenty out of stock."""
    shop = folder / "shop"
    shop.mkdir(parents=True)
    (folder / "questionnaires").mkdir()
    described = "".join(f"  c{n:02}:\n    label: Art {n}\n" for n in range(CATEGORIES))
    (shop / "shop.yaml").write_text(SHOP.format(categories=described), encoding="utf-8")
    (shop / "privacy.yaml").write_text(PRIVACY, encoding="utf-8")
    dice = np.random.default_rng(7)
    with (shop / "products.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("sku", "name:de", "name:en", "category", "price", "available", "size"))
        for number in range(products):
            price, there = f"{dice.uniform(5, 900):.2f}", "no" if dice.random() < 1 / 20 else "yes"
            name = f"Ding Nummer {number}"
            table.writerow((sku(number), name, name, f"c{number % CATEGORIES:02}", price, there, f"s{number % 7}"))


def write_model(models: Path, products: int, *, width: int = 64, seed: int = 7, until: str = "2026-02-28") -> Path:
    """Write a model below `models`: LightFM-like factors, EASE-like neighbours and popularity, all three blended."""
    dice = np.random.default_rng(seed)
    partners = _partners(dice, products)
    starts = np.arange(0, products * NEIGHBOURS + 1, NEIGHBOURS, dtype="<i8")
    arrays: dict[str, Array] = {
        "products": np.array([sku(number) for number in range(products)]),
        "popularity": MOST_TOGETHER + dice.zipf(1.5, products).clip(1, 100_000).astype("<i8"),
        "never_together": np.zeros((CATEGORIES, CATEGORIES), np.bool_),
        "pair_starts": starts,
        "pair_products": partners,
        "pair_orders": dice.integers(10, MOST_TOGETHER, products * NEIGHBOURS).astype("<i4"),
        "lightfm_items": _factors(dice, products, width),
        "lightfm_biases": dice.normal(size=products).astype("<f4"),
        "lightfm_context": _factors(dice, products, width),
        "lightfm_past": _factors(dice, products, width),
        "lightfm_traits": np.zeros((0, width), "<f4"),
        "ease_starts": starts,
        "ease_products": partners,
        "ease_weights": dice.random(products * NEIGHBOURS).astype("<f4"),
    }
    return write_artefact(models, arrays, _description(until))


def _factors(dice: np.random.Generator, products: int, width: int) -> Array:
    factors: Array = (dice.normal(size=(products, width)) / np.sqrt(width)).astype("<f4")
    return factors


def _partners(dice: np.random.Generator, products: int) -> Array:
    """For each product some others, ascending and different."""
    steps = dice.integers(1, products // NEIGHBOURS, (products, NEIGHBOURS))
    found: Array = np.cumsum(steps, axis=1).ravel().astype("<i4") - 1
    return found


def _description(until: str) -> dict[str, object]:
    factors = {"kind": "context_factors", "trait_weight": 0.2, "past_weight": 0.2}
    return {
        "scorers": [
            {"name": "lightfm", "weights": [1.0], "opening_weight": 1.0, **factors},
            {"name": "ease", "kind": "neighbours", "weights": [0.5], "opening_weight": 0.5},
            {"name": "popularity", "kind": "popularity", "weights": [0.1], "opening_weight": 0.1},
        ],
        "basket_sizes": [1],
        "traits": [],
        "categories": [f"c{number:02}" for number in range(CATEGORIES)],
        "orders": 1_000_000,
        "window": {"from": "2025-03-01", "until": until},
    }
