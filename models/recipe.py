"""How to fit: the hyper-parameters, each with the value that did well on validation periods (models/README.md)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Recipe:
    """Weights say how much a block of features counts beside an identity, which counts 1."""

    epochs: int = 40
    components: int = 48
    seed: int = 7
    learning_rate: float = 0.05
    most_draws: int = 30
    rows_per_epoch: int = 200_000
    feature_weight: float = 0.5
    context_feature_weight: float = 0.3
    trait_weight: float = 0.15
    past_weight: float = 1.0
    ease_regularisation: float = 200.0
    evened_regularisation: float = 20.0

    def differs_from(self, other: "Recipe") -> bool:
        """Whether somebody set it otherwise: what a validation period chooses, and the seed, do not count."""
        return replace(self, **_unset(other)) != other


def recipe_in(told: Mapping[str, object]) -> Recipe | None:
    """The one that a manifest tells; None if it was written by a version that knew other settings."""
    shipped = asdict(Recipe())
    if told.keys() != shipped.keys() or any(type(told[name]) is not type(value) for name, value in shipped.items()):
        return None
    return Recipe(**told)  # type: ignore[arg-type]  # each of the type of the shipped one


def _unset(recipe: Recipe) -> dict[str, Any]:
    return {name: value for name, value in asdict(recipe).items() if name == "seed" or name.endswith("regularisation")}
