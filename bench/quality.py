"""How well the model suggests, beside its baselines: the AdventureWorks protocol, one line per model and task.

python bench/quality.py                 trained to 2013-10-31, tested on the orders after it
python bench/quality.py --validation    trained to 2013-09-30, judged on October: where choices are made
"""

import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from models.baskets import Basket, ProductFacts, gather
from models.dataset import Case, cases_of
from models.fit import Recipe
from models.metrics import Score, metrics_of, ranks
from models.order_file import order_lines
from models.train import Training, write_model
from models.vocabulary import Vocabulary
from service.cross_sell.artefact import open_artefact
from service.cross_sell.factors import Context

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "adventureworks"
EASE_LAMBDA = 50.0
FEATURES = ("subcategory", "model", "product_line")


@dataclass(frozen=True, slots=True)
class Period:
    """Train on orders of `first` <= date < `cut`, judge on those of `cut` <= date < `end`."""

    first: datetime
    cut: datetime
    end: datetime


def _day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


ACCESSORIES_ON_SALE = _day(2012, 12, 28)
TEST = Period(ACCESSORIES_ON_SALE, _day(2013, 11, 1), _day(2100, 1, 1))
VALIDATION = Period(ACCESSORIES_ON_SALE, _day(2013, 10, 1), _day(2013, 11, 1))


@dataclass(frozen=True, slots=True)
class Tasks:
    """A: all cases. A2: the held-out item is no bike. A3: A2 with a road bike in the basket."""

    bikes: frozenset[int]
    road_bikes: frozenset[int]

    def of(self, case: Case) -> Iterator[str]:
        """The tasks that the case belongs to."""
        yield "A"
        if case.target not in self.bikes:
            yield "A2"
            if self.road_bikes.intersection(case.context.basket.tolist()):
                yield "A3"


@click.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), default=DATA, show_default=True)
@click.option("--validation", is_flag=True, help="Judge on October 2013 and leave the test orders alone.")
@click.option("--models", type=click.Path(file_okay=False, path_type=Path), help="Keep the artefact in this folder.")
@click.option("--seed", type=int, default=Recipe().seed, show_default=True)
def main(data: Path, validation: bool, models: Path | None, seed: int) -> None:  # noqa: FBT001  click gives flags by name
    """Print NAME TASK HR@5=… HR@10=… MRR=… for the model as it is served, and for its baselines, on the same cases."""
    period = VALIDATION if validation else TEST
    products = _products(data)
    facts = {sku: _facts(product) for sku, product in products.items()}
    lines = [line for line in order_lines(data / "order_lines_online.csv.gz") if period.first <= line.ordered_at]
    trained_on = gather((line for line in lines if line.ordered_at < period.cut), facts)
    judged_on = gather((line for line in lines if period.cut <= line.ordered_at < period.end), facts)
    vocabulary = Vocabulary.of(trained_on.baskets)
    cases = list(cases_of(judged_on.baskets, vocabulary))
    tasks = [frozenset(_tasks(vocabulary, products).of(case)) for case in cases]
    scorers = _baselines(trained_on.baskets, vocabulary)
    with ExitStack() as kept:
        folder = models or Path(kept.enter_context(tempfile.TemporaryDirectory()))
        training = Training(trained_on, facts, Recipe(seed=seed))
        scorers["begleiter"] = open_artefact(write_model(training, folder)).scores
        for name, score in scorers.items():
            found = ranks(score, cases)
            for task in ("A", "A2", "A3"):
                members = np.array([task in each for each in tasks])
                click.echo(f"{name} {task} {metrics_of(found[members])}")


def _products(data: Path) -> dict[str, dict[str, str]]:
    with (data / "products.csv").open(encoding="utf-8", newline="") as file:
        return {row["sku"]: row for row in csv.DictReader(file)}


def _facts(product: Mapping[str, str]) -> ProductFacts:
    stated = tuple(f"{name}={product[name]}" for name in FEATURES if product[name])
    return ProductFacts(category=product["subcategory"], features=stated)


def _tasks(vocabulary: Vocabulary, products: Mapping[str, Mapping[str, str]]) -> Tasks:
    def where(column: str, value: str) -> frozenset[int]:
        return frozenset(row for sku, row in vocabulary.positions.items() if products[sku][column] == value)

    return Tasks(bikes=where("category", "Bikes"), road_bikes=where("subcategory", "Road Bikes"))


def _baselines(baskets: Sequence[Basket], vocabulary: Vocabulary) -> dict[str, Score]:
    bought = np.zeros((len(baskets), len(vocabulary.skus)))
    for row, basket in enumerate(baskets):
        bought[row, vocabulary.rows(basket.skus)] = 1
    together = bought.T @ bought
    counts = together.diagonal()
    return {
        "popularity": lambda _: counts,
        "item-cosine": _summed(_without_itself(together / np.sqrt(np.outer(counts, counts)))),
        "ease": _summed(_ease(together)),
    }


def _ease(together: NDArray[np.float64]) -> NDArray[np.float64]:
    """Embarrassingly shallow autoencoder (Steck 2019, equation 8)."""
    inverse = np.linalg.inv(together + EASE_LAMBDA * np.eye(len(together)))
    return _without_itself(-inverse / inverse.diagonal())


def _without_itself(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    np.fill_diagonal(weights, 0)
    return weights


def _summed(weights: NDArray[np.float64]) -> Score:
    def score(context: Context) -> NDArray[np.floating]:
        total: NDArray[np.float64] = weights[context.basket].sum(axis=0)
        return total

    return score


if __name__ == "__main__":
    main()
