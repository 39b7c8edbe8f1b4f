"""What goes into an artefact: the arrays, and the manifest's body, which names no clock, host, path or person."""

import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version as installed

import numpy as np

from models.baskets import Gathered, OrdersFrom, ProductFacts
from models.choice import Choice
from models.counts import AT_LEAST, never_together, pairs_of, popularity_of
from models.dataset import feature_names
from models.judge import Verdict
from models.parts import Parts
from models.reference import ClosedTo, reference_of
from models.vocabulary import Vocabulary
from service.cross_sell.arrays import Array
from service.cross_sell.blend import Scorer
from service.cross_sell.factors import ContextFactors
from service.cross_sell.layout import FEATURE_PARTS, FEATURES, LONGEST_TEXT
from service.cross_sell.manifest import ScorerEntry
from service.cross_sell.neighbours import Neighbours

PRESUMED = {"LIGHTFM_NO_CFLAGS": True}  # as the Makefile installs LightFM; what was compiled does not tell its flags
LIBRARIES = ("rectools-lightfm", "numpy", "scipy")


@dataclass(frozen=True, slots=True)
class Provenance:
    """What an artefact was made from, to be told in its manifest. `forced`: why it should not be in service."""

    gathered: Gathered
    facts: Mapping[str, ProductFacts]
    choice: Choice
    verdict: Verdict | None = None
    orders_from: OrdersFrom = "file"
    ledger_head: Mapping[str, object] | None = None
    trials: int = 0

    @property
    def forced(self) -> str | None:
        """Why the gate would have kept it out."""
        return self.verdict.reason if self.verdict else None


def arrays_of(parts: Parts, provenance: Provenance) -> dict[str, Array]:
    """The artefact's arrays by name: counts, and what the scorers that count for anything rest on."""
    baskets, vocabulary = provenance.gathered.baskets, parts.vocabulary
    pairs = pairs_of(baskets, vocabulary)
    categories = categories_of(vocabulary, provenance.facts)
    return {
        "products": np.array(vocabulary.skus),
        "popularity": popularity_of(baskets, vocabulary),
        "never_together": never_together(baskets, provenance.facts, categories),
        "pair_starts": pairs.starts,
        "pair_products": pairs.products,
        "pair_orders": pairs.orders,
        **{
            f"{entry.name}_{part}": array
            for entry, scorer in _told(parts, provenance.choice)
            for part, array in _arrays(scorer)
        },
        **dict(_features(parts, provenance)),
    }


def description_of(parts: Parts, provenance: Provenance) -> dict[str, object]:
    """The manifest's body for a model fitted on these baskets (at least one, by time)."""
    baskets, vocabulary, choice = provenance.gathered.baskets, parts.vocabulary, provenance.choice
    first, last = baskets[0].ordered_at.date(), baskets[-1].ordered_at.date()
    told = [entry for entry, _ in _told(parts, choice)]
    folds_in = any(entry.kind == "context_factors" for entry in told)
    return {
        "scorers": [entry.as_json() for entry in told],
        "basket_sizes": list(choice.weights.sizes),
        "without_weight": sorted(set(parts.scorers) - {entry.name for entry in told}),
        "traits": [trait.as_json() for trait in vocabulary.traits] if folds_in else [],
        "categories": list(categories_of(vocabulary, provenance.facts)),
        "products": _known_by(popularity_of(baskets, vocabulary)),
        "orders": len(baskets),
        "window": {"from": first.isoformat(), "until": last.isoformat()},
        "rows": provenance.gathered.lines.as_json() | {"captured": provenance.gathered.captured.as_json()},
        "orders_from": provenance.orders_from,
        "consent_ledger": dict(provenance.ledger_head) if provenance.ledger_head else None,
        "seed": choice.recipe.seed,
        "recipe": asdict(choice.recipe),
        "tuned_in_trials": provenance.trials,
        "libraries": {"python": platform.python_version(), **{name: installed(name) for name in LIBRARIES}},
        "build": {"threads": 1, "machine": platform.machine(), "presumed": PRESUMED},
        "metrics": provenance.verdict.as_json() if provenance.verdict else {},
        "limits": provenance.verdict.limits_as_json() if provenance.verdict else {},
        "reference": _reference(parts, provenance),
        "exposure": dict(provenance.verdict.exposure) if provenance.verdict else {},
        "forced": provenance.forced,
    }


def categories_of(vocabulary: Vocabulary, facts: Mapping[str, ProductFacts]) -> tuple[str, ...]:
    """The categories that the products belong to, ascending."""
    return tuple(sorted({facts[sku].category for sku in vocabulary.skus}))


def _reference(parts: Parts, provenance: Provenance) -> dict[str, object] | None:
    baskets, facts = provenance.gathered.baskets, provenance.facts
    never = never_together(baskets, facts, categories_of(parts.vocabulary, facts))
    met = reference_of(parts, provenance.choice.weights, baskets, ClosedTo(parts, facts, never))
    return met.as_json() if met else None


def _known_by(orders: Array) -> dict[str, int]:
    """How many products are known by many orders, by few, and by their attributes alone."""
    hot, cold = int(np.count_nonzero(orders >= AT_LEAST)), int(np.count_nonzero(orders == 0))
    return {"hot": hot, "warm": len(orders) - hot - cold, "cold": cold, "hot_from_orders": AT_LEAST}


def _told(parts: Parts, choice: Choice) -> Iterator[tuple[ScorerEntry, Scorer]]:
    for name, scorer in parts.scorers.items():
        weights, opening = choice.weights.by_scorer[name], choice.weights.opening[name]
        if not any((*weights, opening)):
            continue
        match scorer:
            case ContextFactors():
                yield ScorerEntry(name, "context_factors", weights, opening, scorer.weights), scorer
            case Neighbours():
                yield ScorerEntry(name, "neighbours", weights, opening), scorer
            case _:
                yield ScorerEntry(name, "popularity", weights, opening), scorer


def _features(parts: Parts, provenance: Provenance) -> Iterator[tuple[str, Array]]:
    """What products that come later will be judged by; a text longer than an artefact holds is left out."""
    names = feature_names(parts.vocabulary, provenance.facts)
    kept = np.array([len(name) <= LONGEST_TEXT and not name.endswith("\0") for name in names], np.bool_)
    for entry, scorer in _told(parts, provenance.choice):
        if isinstance(scorer, ContextFactors) and scorer.features is not None:
            yield FEATURES, np.array([name for name, keep in zip(names, kept, strict=True) if keep], np.str_)
            for part in FEATURE_PARTS:
                array = getattr(scorer.features, part)
                yield f"{entry.name}_feature_{part}", array if part == "bias" else array[kept]


def _arrays(scorer: Scorer) -> Iterator[tuple[str, Array]]:
    match scorer:
        case ContextFactors(items=items, biases=biases, context=context, traits=traits, past=past):
            yield from (("items", items), ("biases", biases), ("context", context), ("traits", traits), ("past", past))
        case Neighbours(starts=starts, products=products, weights=weights):
            yield from (("starts", starts), ("products", products), ("weights", weights))
        case _:
            return
