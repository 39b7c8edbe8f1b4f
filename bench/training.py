"""What training costs at a million simulated order lines: time per epoch beside plain LightFM.fit, and peak memory.

python bench/training.py [--lines 1000000] [--products 10000]
python bench/training.py --lines 10000000 --gather     only how long gathering takes, and its peak memory
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache, partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import click
import numpy as np
from lightfm import LightFM

from bench.quality_data import day
from models.baskets import ProductFacts
from models.dataset import examples_of, features_of, orders_of
from models.fit import fit, interactions_of, item_features_of, user_features
from models.gathering import gather
from models.lines import Line
from models.parts import Training, fit_parts
from models.recipe import Recipe
from models.vocabulary import Vocabulary
from service.privacy.secret import Secret
from service.privacy.subject import ShopperId
from service.privacy.training import training_id

EPOCHS = 3
KINDS = 50
ITEMS_PER_ORDER = 3.4


@click.command()
@click.option("--lines", default=1_000_000, show_default=True)
@click.option("--products", default=10_000, show_default=True)
@click.option("--gather", "only_gather", is_flag=True, help="Stop when the baskets are gathered.")
def main(lines: int, products: int, *, only_gather: bool) -> None:
    """Print the seconds per epoch of ours and of LightFM.fit on the same matrices, their ratio, and the peak memory."""
    kinds = {f"P{number:06}": f"k{number % KINDS}" for number in range(products)}
    facts = {sku: ProductFacts(kind, features=(f"kind={kind}",)) for sku, kind in kinds.items()}
    gathered = gather(_simulated(lines, products), facts, lambda shopper: {"taste": shopper[-1]})
    click.echo(f"{gathered.lines.used} lines, {len(gathered.baskets)} orders, {products} products")
    click.echo(f"gathered in {time.process_time():.0f} s; peak memory {_peak():.2f} GB (at most 2)")
    if only_gather:
        return
    recipe = Recipe(epochs=EPOCHS, rows_per_epoch=sys.maxsize)
    vocabulary = Vocabulary.of(gathered.baskets)
    orders, features = orders_of(gathered.baskets, vocabulary), features_of(vocabulary, facts)
    ours = _seconds(lambda: fit(orders, features, recipe)) / EPOCHS
    examples = examples_of(orders, sys.maxsize, np.random.default_rng(7))
    interactions = interactions_of(examples, np.arange(len(vocabulary.skus)))
    users, items = user_features(examples, features, recipe), item_features_of(features, vocabulary.sold, recipe)
    plain = LightFM(no_components=recipe.components, loss="warp", max_sampled=recipe.most_draws, random_state=7)
    theirs = _seconds(lambda: plain.fit(interactions, users, items, epochs=EPOCHS, num_threads=1)) / EPOCHS
    click.echo(f"seconds per epoch: ours {ours:.1f}, LightFM.fit {theirs:.1f}, ratio {ours / theirs:.2f} (at most 1.5)")
    fit_parts(Training(gathered, facts, Recipe(epochs=1)), gathered.baskets, Recipe(epochs=1))
    click.echo(f"peak memory with every scorer fitted: {_peak():.2f} GB (at most 3)")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _simulated(lines: int, products: int) -> Iterator[Line]:
    """Orders whose products lie near one another, popular ones more often: as many lines as wanted."""
    random = np.random.default_rng(1)
    named = cache(partial(training_id, Secret(b"a bench's secret")))
    order = told = 0
    while told < lines:
        count = min(1 + int(random.poisson(ITEMS_PER_ORDER - 1)), lines - told)
        first = int(products * random.random() ** 2)
        near = {(first + int(step)) % products for step in random.integers(-30, 30, count)}
        at = day(2025, 1, 1) + timedelta(minutes=order)
        shopper = named(ShopperId(f"s{order % 50_000}"))
        for row in sorted(near):
            yield Line(shopper, f"P{row:06}", at, f"O{order}")
        told += len(near)
        order += 1


if __name__ == "__main__":
    main()
