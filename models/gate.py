"""The gate: what a model must keep to besides being good, and how it compares with the one in service."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from models.baskets import Basket, ProductFacts
from models.choice import without_consent
from models.dataset import Case, cases_of
from models.judge import ERRORS_AHEAD, FEWEST_CASES, Measure, a_sample, lead_of
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


@dataclass(frozen=True, slots=True)
class Exposure:
    """What the lists show. By tenths of the products, the most bought first: shares of suggestions and of purchases."""

    coverage: Measure
    popularity_bias: Measure
    suggested: tuple[float, ...]
    taken: tuple[float, ...]

    def measures(self) -> dict[str, Measure]:
        """The figures that must keep limits."""
        return {"coverage": self.coverage, "popularity_bias": self.popularity_bias}

    def as_json(self) -> dict[str, object]:
        """The manifest's form."""
        return {"suggested_by_tenth": list(self.suggested), "taken_by_tenth": list(self.taken)}


def exposure(score: Score, cases: Sequence[Case], sold: NDArray[np.bool_], bought: NDArray[np.int64]) -> Exposure:
    """Whether it shows a fair part of what is sold, and not merely what sells most.

    Coverage: the share of products bought in at least ten orders that any list of ten shows. Popularity bias: how much
    more often a suggested product was bought than those that shoppers took (geometric means of the first five).
    """
    asked = _some(cases)
    lists = [best_of(score(case.context), sold, case.context.basket) for case in asked]
    suggested, taken = np.concatenate([best[:TOP_FEW] for best in lists]), np.array([case.target for case in asked])
    common = np.flatnonzero(bought >= TOP)
    shown = np.intersect1d(np.concatenate(lists), common)
    coverage = len(shown) / max(len(common), 1)
    possible = min(1.0, TOP * len(lists) / max(len(common), 1))
    bias = float(np.exp(np.log1p(bought[suggested]).mean() - np.log1p(bought[taken]).mean()))
    return Exposure(
        coverage=Measure(
            coverage, round(LEAST_COVERAGE * possible, 4), "it shows too few of the products", at_least=True
        ),
        popularity_bias=Measure(bias, MOST_POPULAR, "it suggests what sells anyway, not what belongs together"),
        suggested=_by_tenth(suggested, bought, sold),
        taken=_by_tenth(taken, bought, sold),
    )


def _by_tenth(products: NDArray[np.intp], bought: NDArray[np.int64], sold: NDArray[np.bool_]) -> tuple[float, ...]:
    place = np.empty(len(bought), np.intp)
    place[np.argsort(-bought, kind="stable")] = np.arange(len(bought))
    tenths = np.minimum(place[products] * 10 // max(int(sold.sum()), 1), 9)
    return tuple(round(float(share), 4) for share in np.bincount(tenths, minlength=10) / max(len(products), 1))


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
    fitted: Callable[[Sequence[Basket]], tuple[Parts, Score]],
    baskets: Sequence[Basket],
    in_service: Artefact,
    seed: int,
) -> dict[str, Measure]:
    """By how many standard errors the model in service finds the orders since then better than ours would have.

    Ours is fitted on what the one in service could know. Nothing is said while there are too few orders since.
    The baskets are given by time.
    """
    until = date.fromisoformat(Told(in_service.manifest.everything).inner("window").text("until"))
    cut = bisect_right(baskets, until, key=lambda basket: basket.ordered_at.date())
    before, since = baskets[:cut], baskets[cut:]
    if not before or len(since) * 2 < FEWEST_CASES:
        return {}
    parts, score = fitted(before)
    known = [case for case in cases_of(since, parts.vocabulary) if _knows(in_service, case, parts)]
    cases = [without_consent(case) for case in a_sample(known, seed)]
    if len(cases) < FEWEST_CASES:
        return {}
    places = np.array([in_service.positions.get(sku, -1) for sku in parts.vocabulary.skus])
    both = parts.vocabulary.sold & (places >= 0)
    ahead, error = lead_of(ranks(score, cases, both), ranks(_as_ours(in_service, places), cases, both))
    wrong = "the model in service finds newer orders better, by so many standard errors"
    return {"behind_in_service": _errors_behind(ahead, error, wrong)}


def behind_recipe(ours: Score, theirs: Score, cases: Sequence[Case], sold: NDArray[np.bool_]) -> dict[str, Measure]:
    """By how many standard errors the recipe of the model in service, fitted on the same orders, is ahead of ours.

    For a retraining without enough newer orders: what is in service cannot be asked for those that it learnt from.
    """
    guests = [without_consent(case) for case in cases]
    ahead, error = lead_of(ranks(ours, guests, sold), ranks(theirs, guests, sold))
    wrong = "the recipe of the model in service finds later orders better, by so many standard errors"
    return {"behind_recipe": _errors_behind(ahead, error, wrong)}


def _errors_behind(ahead: float, error: float, wrong: str) -> Measure:
    return Measure(-ahead / error if error else 0.0, ERRORS_AHEAD, wrong)


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
    return len(now & then) / len(then) if then else 1.0


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
