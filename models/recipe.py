"""How to fit: the hyper-parameters, each with the value that did well on validation periods (models/README.md)."""

from dataclasses import dataclass


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
