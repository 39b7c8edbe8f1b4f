"""How well the model suggests, beside its parts, its baselines and peers: one line per model and task.

python bench/quality.py                     AdventureWorks and Complete Journey, as they stand in models/README.md
python bench/quality.py adventureworks --validation    judged on the validation period, where choices are made

Everything is chosen on the validation period; then one artefact is fitted up to the test period, written, opened, and
scored through the service at every level of consent.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import click
import numpy as np

from bench.quality_adventureworks import adventureworks
from bench.quality_completejourney import complete_journey
from bench.quality_data import World
from bench.quality_peers import peers
from bench.quality_shelves import substitute_leak, whole_baskets
from models.choice import Choice, choose_on, without_consent
from models.dataset import Case, cases_of
from models.metrics import Ranks, Score, metrics_of, ranks
from models.parts import Parts, Training, fit_parts
from models.recipe import Recipe
from models.train import write_parts
from service.cross_sell.artefact import open_artefact

ADVENTUREWORKS = Path(__file__).resolve().parents[2] / "shared" / "data" / "adventureworks"
OURS = "begleiter"
WORLDS: Mapping[str, Callable[[Path], World]] = {
    "adventureworks": adventureworks,
    "complete-journey": lambda _: complete_journey(),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """The cases of a world, the tasks of each, and which products may be ranked."""

    world: World
    parts: Parts
    cases: Sequence[Case]

    def lines(self, name: str, score: Score, level: str) -> Iterator[str]:
        """One line per task at this level of consent."""
        found = ranks(score, [self.world.levels[level](case) for case in self.cases], self.parts.vocabulary.sold)
        yield from self.told(name, found)

    def told(self, name: str, found: Ranks) -> Iterator[str]:
        """One line per task for the ranks of all cases."""
        tasks = [self.world.tasks_of(self.parts.vocabulary, case) for case in self.cases]
        for task in self.world.tasks:
            members = np.array([task in each for each in tasks])
            if members.any():
                metrics = metrics_of(found[members])
                yield f"{name} {task} {metrics}"
                if name == OURS:
                    yield (
                        f"# {task}: {metrics.cases} cases; standard errors HR@5 {metrics.hit_5_error:.4f}, "
                        f"HR@10 {metrics.hit_10_error:.4f}, MRR {metrics.reciprocal_rank_error:.4f}"
                    )


@click.command()
@click.argument("worlds", nargs=-1, type=click.Choice(list(WORLDS)))
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=ADVENTUREWORKS, show_default=True)
@click.option("--validation", is_flag=True, help="Judge on the validation period and leave the test orders alone.")
@click.option("--models", type=click.Path(file_okay=False, path_type=Path), help="Keep the artefacts in this folder.")
@click.option("--seed", type=int, default=Recipe().seed, show_default=True)
@click.option("--peers/--no-peers", "with_peers", default=True, help="Train other libraries' models as well.")
def main(  # noqa: PLR0913, PLR0917  click gives them by name
    worlds: tuple[str, ...],
    data: Path,
    validation: bool,  # noqa: FBT001
    models: Path | None,
    seed: int,
    with_peers: bool,  # noqa: FBT001
) -> None:
    """Print NAME TASK HR@5=… HR@10=… MRR=… for the model as served, by level of consent, its parts and its peers."""
    with ExitStack() as kept:
        folder = models or Path(kept.enter_context(tempfile.TemporaryDirectory()))
        for name in worlds or tuple(WORLDS):
            world = WORLDS[name](data)
            click.echo(f"# {name}")
            for line in figures(world, Recipe(seed=seed), folder / name, validation=validation, with_peers=with_peers):
                click.echo(line)


def figures(world: World, recipe: Recipe, folder: Path, *, validation: bool, with_peers: bool) -> Iterator[str]:
    """The lines of one data set."""
    choice = chosen(world, recipe)
    period = world.validation if validation else world.test
    training = Training(period.learnt(world.gathered), world.facts, choice.recipe)
    parts = fit_parts(training, training.gathered.baskets, choice.recipe)
    judged = Judged(world, parts, _sampled(list(cases_of(period.judged(world.gathered), parts.vocabulary)), world))
    artefact = open_artefact(write_parts(parts, training, folder, choice))
    for level in world.levels:
        yield from judged.lines(OURS if level == "none" else f"{OURS}+{level}", artefact.scores, level)
    for name, scorer in parts.scorers.items():
        yield from judged.lines(name, scorer.scores, next(iter(world.levels)))
    if world.bikes:
        yield from whole_baskets(world, period.judged(world.gathered), artefact, parts)
        yield substitute_leak(world, artefact)
    if with_peers:
        guests = [without_consent(case) for case in judged.cases]
        for name, found in peers(parts, training, guests):
            yield from judged.told(name, found)


def chosen(world: World, recipe: Recipe) -> Choice:
    """What is chosen on the validation period."""
    learnt = world.validation.learnt(world.gathered)
    training = Training(learnt, world.facts, recipe)
    return choose_on(training, learnt.baskets, world.validation.judged(world.gathered))[0]


def _sampled(cases: Sequence[Case], world: World) -> Sequence[Case]:
    if not world.sampled or len(cases) <= world.sampled:
        return cases
    picked = np.random.default_rng(1).choice(len(cases), world.sampled, replace=False)
    return [cases[at] for at in np.sort(picked)]


if __name__ == "__main__":
    main()
