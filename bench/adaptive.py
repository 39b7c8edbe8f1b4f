"""How many questions until few cameras are left: by fixed orders, at random, by greedy entropy and by the engine.

python bench/adaptive.py            needs the camera data in ../shared (or in BEGLEITER_SHARED); about a minute
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the test shop is written by the tests' own importer

import tempfile
from collections.abc import Iterator, Mapping
from functools import partial

import click
import numpy as np

from bench.dialogues import Outcome, Shoppers, World, asked_by, asked_in_order, greedy_entropy, standard_error
from bench.fixed_orders import Order, grown, improved
from service.advice.advise import advise, parse_answers
from service.advice.compiled import Compiled, compile_questionnaire
from service.advice.reading import read_questionnaire
from service.catalogue.catalogue import Catalogue, load_catalogue
from service.documents.problem import Refused
from service.privacy.view import AdviceView, ConsentedView
from tests.cameras.shop_folder import QUESTIONNAIRES, data_file, write_shop

QUESTIONNAIRE = QUESTIONNAIRES / "camera.yaml"
AS_WRITTEN = "show_at_most:"
REFERENCE = "greedy entropy"
NOTHING_KNOWN: AdviceView = ConsentedView.nothing("advice_profile", ())


def next_question(compiled: Compiled, answers: Mapping[str, str]) -> str | None:
    """What the engine asks after these answers."""
    question = advise(compiled, parse_answers(compiled, answers), NOTHING_KNOWN, "en").question
    return None if question is None else question.id


def adaptive_questionnaire(folder: Path) -> Path:
    """The same questionnaire in adaptive order."""
    text = QUESTIONNAIRE.read_text("utf-8")
    path = folder / QUESTIONNAIRE.name
    path.write_text(text.replace(AS_WRITTEN, f"order: adaptive\n{AS_WRITTEN}", 1), "utf-8")
    return path


def best_fixed_order(world: World, shoppers: Shoppers, at_most: int, dice: np.random.Generator) -> Order:
    """The cheapest for these shoppers of three improved orders: one grown by bits left, the file's, one at random."""

    def bits_left(beginning: Order) -> float:
        left = np.bitwise_and.reduce(world.kept[shoppers.rows[:, beginning]], axis=1)
        counts = np.bitwise_count(left).sum(axis=1, dtype=np.int64)
        return float(np.log2(np.maximum(counts, at_most)).mean())

    def questions(order: Order) -> float:
        return asked_in_order(world, shoppers, np.array(order), at_most).mean

    number = len(world.questions)
    starts = (grown(number, bits_left), tuple(range(number)), tuple(dice.permutation(number).tolist()))
    return min((improved(start, questions) for start in starts), key=questions)


def outcomes(
    world: World, shoppers: Shoppers, training: Shoppers, at_most: int, dice: np.random.Generator
) -> Iterator[tuple[str, Outcome]]:
    """Every order but the engine's."""
    number = len(world.questions)
    own = dice.permuted(np.tile(np.arange(number), (len(shoppers.targets), 1)), axis=1)
    yield "random order", asked_in_order(world, shoppers, own, at_most)
    yield "as written", asked_in_order(world, shoppers, np.arange(number), at_most)
    best = best_fixed_order(world, training, at_most, dice)
    click.echo(f"best fixed order: {', '.join(world.questions[question] for question in best)}")
    click.echo(f"its mean in training: {asked_in_order(world, training, np.array(best), at_most).mean:.3f}\n")
    yield "best fixed order", asked_in_order(world, shoppers, np.array(best), at_most)
    yield REFERENCE, asked_by(greedy_entropy(world), world, shoppers, at_most)


def engine_outcome(catalogue: Catalogue, world: World, shoppers: Shoppers, at_most: int) -> Outcome | None:
    """The engine's adaptive order; None while its reader refuses `order: adaptive`."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            questionnaire = read_questionnaire(adaptive_questionnaire(Path(folder)))
        except Refused:
            return None
    compiled = compile_questionnaire(questionnaire, catalogue)
    return asked_by(partial(next_question, compiled), world, shoppers, at_most)


def table(found: Mapping[str, Outcome]) -> Iterator[str]:
    """A line per order; differences are paired, shopper by shopper, with their standard error."""
    reference = found[REFERENCE]
    yield f"{'order':<18} {'mean':>7} {'s.e.':>6} {'never':>7} {'to reference':>13} {'difference':>11} {'s.e.':>6}"
    for name, outcome in found.items():
        difference = outcome.shown - reference.shown
        ratio = outcome.mean / reference.mean - 1
        numbers = f"{outcome.mean:>7.3f} {outcome.error:>6.3f} {1 - outcome.reached.mean():>7.1%} {ratio:>+13.1%}"
        yield f"{name:<18} {numbers} {difference.mean():>+11.3f} {standard_error(difference):>6.3f}"


@click.command()
@click.option("--shoppers", default=3000, show_default=True, help="How many shoppers are judged by.")
@click.option("--training", default=1000, show_default=True, help="How many others the best fixed order is found by.")
@click.option("--at-most", default=5, show_default=True, help="How many cameras may be left in the end.")
@click.option("--seed", default=7, show_default=True)
def main(shoppers: int, training: int, at_most: int, seed: int) -> None:
    """Print the mean number of questions in every order."""
    if not data_file().is_file():
        raise click.ClickException("needs the camera data in ../shared (or in BEGLEITER_SHARED)")
    dice = np.random.Generator(np.random.PCG64(seed))
    with tempfile.TemporaryDirectory() as folder:
        write_shop(Path(folder))
        catalogue = load_catalogue(Path(folder))
    world = World.of(read_questionnaire(QUESTIONNAIRE), catalogue.products)
    learnt_from, judged_by = Shoppers.draw(world, training, dice), Shoppers.draw(world, shoppers, dice)
    click.echo(
        f"{world.products} cameras, {len(world.questions)} questions, until at most {at_most} are left; "
        f"{shoppers} shoppers, {training} others to find the best fixed order, seed {seed}\n"
    )
    found = dict(outcomes(world, judged_by, learnt_from, at_most, dice))
    engine = engine_outcome(catalogue, world, judged_by, at_most)
    if engine is not None:
        found["engine, adaptive"] = engine
    click.echo("\n".join(table(found)))
    if engine is None:
        click.echo("\nThe engine does not read 'order: adaptive' yet, so it has no line.")


if __name__ == "__main__":
    main()
