"""What goes into an artefact: the arrays, and the manifest's body, which names no clock, host, path or person."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version as installed

import numpy as np

from models.baskets import Basket, Gathered, ProductFacts
from models.counts import never_together, pairs_of, popularity_of
from models.fit import Recipe
from models.judge import Verdict
from models.vocabulary import Vocabulary
from service.cross_sell.arrays import Array
from service.cross_sell.factors import ContextFactors

LIBRARIES = ("rectools-lightfm", "numpy", "scipy")
SCORER = "lightfm"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What an artefact was made from, to be told in its manifest. `forced`: why it should not be in service."""

    gathered: Gathered
    recipe: Recipe
    verdict: Verdict | None = None

    @property
    def forced(self) -> str | None:
        """Why the gate would have kept it out."""
        return self.verdict.reason if self.verdict else None


def arrays_of(
    baskets: Sequence[Basket], vocabulary: Vocabulary, facts: Mapping[str, ProductFacts], factors: ContextFactors
) -> dict[str, Array]:
    """The artefact's arrays by name: factors by product and by trait, and counts."""
    pairs = pairs_of(baskets, vocabulary)
    return {
        "products": np.array(vocabulary.skus),
        "popularity": popularity_of(baskets, vocabulary),
        "never_together": never_together(baskets, facts, categories_of(vocabulary, facts)),
        "pair_starts": pairs.starts,
        "pair_products": pairs.products,
        "pair_orders": pairs.orders,
        f"{SCORER}_items": factors.items,
        f"{SCORER}_biases": factors.biases,
        f"{SCORER}_context": factors.context,
        f"{SCORER}_traits": factors.traits,
    }


def description_of(
    baskets: Sequence[Basket], vocabulary: Vocabulary, facts: Mapping[str, ProductFacts], provenance: Provenance
) -> dict[str, object]:
    """The manifest's body for a model fitted on these baskets (at least one, by time)."""
    first, last = baskets[0].ordered_at.date(), baskets[-1].ordered_at.date()
    recipe, verdict = provenance.recipe, provenance.verdict
    return {
        "scorers": [{"name": SCORER, "kind": "context_factors", "weight": 1.0, "trait_weight": recipe.trait_weight}],
        "traits": [trait.as_json() for trait in vocabulary.traits],
        "categories": list(categories_of(vocabulary, facts)),
        "orders": len(baskets),
        "window": {"from": first.isoformat(), "until": last.isoformat()},
        "rows": {"used": provenance.gathered.used, "left_out": dict(provenance.gathered.left_out)},
        "seed": recipe.seed,
        "recipe": asdict(recipe),
        "libraries": {"python": platform.python_version(), **{name: installed(name) for name in LIBRARIES}},
        "metrics": verdict.as_json() if verdict else {},
        "forced": provenance.forced,
    }


def categories_of(vocabulary: Vocabulary, facts: Mapping[str, ProductFacts]) -> tuple[str, ...]:
    """The categories that the products belong to, ascending."""
    return tuple(sorted({facts[sku].category for sku in vocabulary.skus}))
