"""Tuning the recipe with Optuna: on the orders before the validation period and on it, never on those that judge."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import optuna

from models.blending import merit_of
from models.choice import with_and_without_consent
from models.dataset import cases_of, features_of, orders_of
from models.fit import fit
from models.judge import split
from models.metrics import ranks
from models.parts import NothingToLearn, Training
from models.recipe import Recipe
from models.vocabulary import Vocabulary

MOST_CASES = 8_000


def tuned(training: Training, trials: int, on_trial: Callable[[], None] = lambda: None) -> Recipe:
    """The recipe that finds most of the validation period's items in so many trials, the given one among them.

    Uses the first 80 % of the orders: fits on four fifths of them, and asks for the last fifth. LightFM alone is tuned;
    the blend is chosen afterwards. Equal orders, seed and trials give an equal recipe. `on_trial` follows each trial.

    Raises:
        NothingToLearn: if nothing can be held out.
    """
    earlier, _ = split(training.gathered.baskets)
    fitted_on, validation = split(earlier)
    vocabulary = Vocabulary.of(fitted_on)
    cases = list(with_and_without_consent(cases_of(validation, vocabulary)))[:MOST_CASES]
    orders, features = orders_of(fitted_on, vocabulary), features_of(vocabulary, training.facts)
    if not cases or not len(orders.items()[0]):
        raise NothingToLearn("no later order holds two products, so there is nothing to tune on")

    def merit(trial: optuna.Trial) -> float:
        scorer = fit(orders, features, _drawn(trial, training.recipe))
        on_trial()
        return float(np.mean(merit_of(ranks(scorer.scores, cases, vocabulary.sold))))

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=training.recipe.seed))
    study.enqueue_trial(_told(training.recipe))
    study.optimize(merit, n_trials=trials)
    return _drawn(optuna.trial.FixedTrial(study.best_params), training.recipe)


def _drawn(trial: "optuna.Trial | optuna.trial.FixedTrial", recipe: Recipe) -> Recipe:
    return replace(
        recipe,
        components=trial.suggest_int("components", 16, 96, step=16),
        learning_rate=trial.suggest_float("learning_rate", 0.02, 0.1, log=True),
        most_draws=trial.suggest_int("most_draws", 10, 90, step=20),
        feature_weight=trial.suggest_float("feature_weight", 0.1, 1.0),
        context_feature_weight=trial.suggest_float("context_feature_weight", 0.0, 0.6),
        trait_weight=trial.suggest_float("trait_weight", 0.05, 0.4),
        past_weight=trial.suggest_float("past_weight", 0.3, 1.5),
    )


def _told(recipe: Recipe) -> dict[str, float]:
    return {
        "components": recipe.components,
        "learning_rate": recipe.learning_rate,
        "most_draws": recipe.most_draws,
        "feature_weight": recipe.feature_weight,
        "context_feature_weight": recipe.context_feature_weight,
        "trait_weight": recipe.trait_weight,
        "past_weight": recipe.past_weight,
    }
