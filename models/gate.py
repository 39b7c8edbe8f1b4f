"""The gate: what a model must keep to besides being good, and how it compares with the one in service."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from models.baskets import Basket, ProductFacts
from models.choice import without_consent
from models.dataset import Case, cases_of
from models.judge import ERRORS_AHEAD, FEWEST_CASES, Measure, lead_of
from models.metrics import Score, ranks
from models.parts import Parts
from service.cross_sell.artefact import Artefact
from service.cross_sell.factors import NONE, Context, Floats
from service.cross_sell.told import Told

TOP, TOP_FEW = 10, 5
MOST_CONTEXTS = 2_000
LEAST_OVERLAP = 0.5
MOST_LEAK = 0.2
LEAST_COVERAGE = 0.2
MOST_POPULAR = 3.0


def one_sidedness(
    score: Score, cases: Sequence[Case], sold: NDArray[np.bool_], bought: NDArray[np.int64]
) -> dict[str, Measure]:
    """Whether it shows a fair part of what is sold, and not merely what sells most.

    Coverage: the share of products bought in at least ten orders that any of the lists shows. Popularity bias: how much
    more often a suggested product was bought than those that shoppers took (geometric means of the first five).
    """
    lists = [best_of(score(case.context), sold, case.context.basket) for case in _some(cases)]
    common = np.flatnonzero(bought >= TOP)
    shown = np.unique(np.concatenate(lists)) if lists else NONE
    logarithms = np.log1p(bought)
    suggested = np.mean([logarithms[best[:TOP_FEW]].mean() for best in lists])
    taken = np.mean([logarithms[case.target] for case in _some(cases)])
    coverage = len(np.intersect1d(shown, common)) / max(len(common), 1)
    possible = min(1.0, TOP * len(lists) / max(len(common), 1))
    return {
        "coverage": Measure(coverage, LEAST_COVERAGE * possible, "it shows too few of the products", at_least=True),
        "popularity_bias": Measure(
            float(np.exp(suggested - taken)), MOST_POPULAR, "it suggests what sells anyway, not what belongs together"
        ),
    }


def substitute_leak(
    score: Score, parts: Parts, facts: Mapping[str, ProductFacts], never: Mapping[str, frozenset[str]]
) -> dict[str, Measure]:
    """Among the first five beside one product: the share of those that stand for it, before the service masks them.

    `never` maps a category to those from which nobody buys beside it.
    """
    skus = parts.vocabulary.skus
    asked = [row for row in np.flatnonzero(parts.vocabulary.sold) if never.get(facts[skus[row]].category)]
    leaks = [
        facts[skus[other]].category in never[facts[skus[row]].category]
        for row in asked[:MOST_CONTEXTS]
        for other in best_of(score(_alone(int(row))), parts.vocabulary.sold, np.array([row]))[:TOP_FEW]
    ]
    share = float(np.mean(leaks)) if leaks else 0.0
    return {"substitute_leak": Measure(share, MOST_LEAK, "it proposes what replaces the product in the basket")}


def churn(score: Score, parts: Parts, bought: NDArray[np.int64], in_service: Artefact) -> dict[str, Measure]:
    """How much of the ten beside one product stays, for products without a new order since the model in service."""
    old = in_service.positions
    same = [
        (row, old[sku])
        for row, sku in enumerate(parts.vocabulary.skus)
        if bought[row] and sku in old and in_service.popularity[old[sku]] == bought[row]
    ]
    if not same:
        return {}
    overlaps = [_overlap(score, parts, row, in_service, before) for row, before in same[:MOST_CONTEXTS]]
    overlap = float(np.mean(overlaps))
    wrong = "its lists change although nothing new was bought"
    return {"kept_without_new_orders": Measure(overlap, LEAST_OVERLAP, wrong, at_least=True)}


def behind_in_service(
    fitted: Callable[[Sequence[Basket]], tuple[Parts, Score]], baskets: Sequence[Basket], in_service: Artefact
) -> dict[str, Measure]:
    """By how many standard errors the model in service finds the orders since then better than ours would have.

    Ours is fitted on what the one in service could know. Nothing is said while there are too few orders since.
    """
    until = date.fromisoformat(Told(in_service.manifest.everything).inner("window").text("until"))
    before = [basket for basket in baskets if basket.ordered_at.date() <= until]
    since = [basket for basket in baskets if basket.ordered_at.date() > until]
    if not before or len(since) * 2 < FEWEST_CASES:
        return {}
    parts, score = fitted(before)
    cases = [without_consent(case) for case in cases_of(since, parts.vocabulary) if _knows(in_service, case, parts)]
    if len(cases) < FEWEST_CASES:
        return {}
    places = np.array([in_service.positions.get(sku, -1) for sku in parts.vocabulary.skus])
    both = parts.vocabulary.sold & (places >= 0)
    ahead, error = lead_of(ranks(score, cases, both), ranks(_as_ours(in_service, places), cases, both))
    wrong = "the model in service finds newer orders better, by so many standard errors"
    return {"behind_in_service": Measure(-ahead / error if error else 0.0, ERRORS_AHEAD, wrong)}


def best_of(scores: NDArray[np.floating], allowed: NDArray[np.bool_], basket: NDArray[np.intp]) -> NDArray[np.intp]:
    """The ten best allowed positions outside the basket, best first, ties by position."""
    masked = np.where(allowed, scores, -np.inf)
    masked[basket] = -np.inf
    ranked: NDArray[np.intp] = np.argsort(-masked, kind="stable")[:TOP]
    return ranked[masked[ranked] > -np.inf]


def _overlap(score: Score, parts: Parts, row: int, in_service: Artefact, before: int) -> float:
    now = {parts.vocabulary.skus[best] for best in best_of(score(_alone(row)), parts.vocabulary.sold, np.array([row]))}
    sold = in_service.popularity > 0
    then = {in_service.skus[best] for best in best_of(in_service.scores(_alone(before)), sold, np.array([before]))}
    return len(now & then) / max(len(now | then), 1) if now or then else 1.0


def _as_ours(in_service: Artefact, places: NDArray[np.intp]) -> Score:
    def score(context: Context) -> Floats:
        basket = np.sort(places[context.basket])
        scores: Floats = in_service.scores(Context(basket, NONE))[places]
        return scores

    return score


def _knows(in_service: Artefact, case: Case, parts: Parts) -> bool:
    skus = (parts.vocabulary.skus[row] for row in (*case.context.basket, case.target))
    return all(sku in in_service.positions for sku in skus)


def _alone(row: int) -> Context:
    return Context(np.array([row]), NONE)


def _some(cases: Sequence[Case]) -> Sequence[Case]:
    return cases[:: max(1, len(cases) // MOST_CONTEXTS)]
