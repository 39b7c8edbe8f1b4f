"""`begleiter models report`: how the model in service is doing, from the figures of the running service."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from itertools import pairwise
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import click
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from rich.table import Table

from service.cli.plainly import settings
from service.cross_sell.drift import Met, drift, reference_in
from service.cross_sell.life import Listed, listed
from service.cross_sell.refusal import ArtefactRefused
from service.cross_sell.suggestions import KINDS

WIDE = 120
SECONDS = 10
Labels = dict[str, str]
Sample = tuple[str, Labels, float]


@click.command()
@click.option("--url", help="Where the service answers; http://127.0.0.1 and PORT if left out.")
def report(url: str | None) -> None:
    """Tell how cross-sell is doing since the service was started: drift, and what comes of suggestions.

    Reads the counters of the running service (`/metrics`), which know no ids. What was clicked or bought is what the
    frontends reported by `POST /v1/cross-sell/outcomes`.
    """
    found = settings()
    figures = Figures.of(_fetched(url or f"http://127.0.0.1:{found.port}"))
    console = Console(width=WIDE)
    model = next((each for each in listed(found.models) if each.pointed_at), None)
    _tell_model(console, model)
    _tell_state(console, figures)
    _tell_drift(console, figures, model)
    _tell_outcomes(console, figures)


@dataclass(frozen=True, slots=True)
class Figures:
    """What `/metrics` says of cross-sell."""

    degraded: Counter[str]
    known: Counter[str]
    outcomes: Counter[tuple[str, str]]
    strengths: Mapping[str, float]
    by_model: Mapping[tuple[str, str], Met]

    @classmethod
    def of(cls, text: str) -> "Figures":
        """Read in the Prometheus text format."""
        samples = [
            (sample.name, dict(sample.labels), sample.value)
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        ]
        return cls(
            degraded=_summed(samples, "begleiter_cross_sell_replies_total", "degraded"),
            known=_summed(samples, "begleiter_cross_sell_baskets_total", "known"),
            outcomes=Counter(
                {
                    (labels["kind"], labels["outcome"]): int(value)
                    for name, labels, value in samples
                    if name == "begleiter_suggestions_total"
                }
            ),
            strengths=_strengths(samples),
            by_model=_by_model(samples),
        )


def _strengths(samples: Iterable[Sample], *whose: str) -> dict[str, float]:
    """The cumulative buckets of this model and occasion, or of all, by their upper edges, ascending."""
    found: dict[str, float] = {}
    for name, labels, value in samples:
        mine = not whose or whose == (labels.get("model"), labels.get("occasion"))
        if name == "begleiter_cross_sell_strength_bucket" and mine:
            found[labels["le"]] = found.get(labels["le"], 0) + value
    return dict(sorted(found.items(), key=lambda edge: float(edge[0])))


def _by_model(samples: Sequence[Sample]) -> dict[tuple[str, str], Met]:
    """What was met with each model on each occasion."""
    baskets: Counter[tuple[str, str]] = Counter()
    unknown: Counter[tuple[str, str]] = Counter()
    for name, labels, value in samples:
        if name == "begleiter_cross_sell_baskets_total" and labels["known"] != "empty":
            whose = (labels.get("model", ""), labels.get("occasion", ""))
            baskets[whose] += int(value)
            unknown[whose] += int(value) * (labels["known"] != "all")
    met = {}
    for whose in baskets:
        buckets = [int(value) for value in _strengths(samples, *whose).values()]
        apart = tuple(now - before for before, now in pairwise([0, *buckets]))
        met[whose] = Met(baskets[whose], unknown[whose], apart or Met().strengths)
    return met


def _summed(samples: Iterable[Sample], name: str, label: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for each, labels, value in samples:
        if each == name:
            found[labels[label]] += int(value)
    return found


def _fetched(url: str) -> str:
    if urlsplit(url).scheme not in {"http", "https"}:
        raise click.ClickException("--url begins with http:// or https://")
    try:
        with urlopen(f"{url.rstrip('/')}/metrics", timeout=SECONDS) as answer:  # noqa: S310 - the scheme was looked at
            text: str = answer.read().decode()
    except (URLError, HTTPException, OSError, ValueError):
        raise click.ClickException(f"no service answers at {url}; is it running? name it by --url") from None
    return text


def _tell_model(console: Console, model: Listed | None) -> None:
    if model is None or model.manifest is None:
        console.print("No model is in service; suggestions go by the shop's rules alone.")
        return
    trained = model.trained_at.date().isoformat()
    console.print(f"Model {model.version}, trained {trained} on {model.manifest.orders} orders", highlight=False)


def _tell_state(console: Console, figures: Figures) -> None:
    replies, baskets = figures.degraded.total(), figures.known.total() - figures.known["empty"]
    console.print(f"{replies} replies; {_share(replies - figures.degraded['nothing'], replies)} of them degraded")
    for word in sorted(set(figures.degraded) - {"nothing"}):
        console.print(f"  {word}: {_share(figures.degraded[word], replies)}")
    unknown = baskets - figures.known["all"]
    console.print(
        f"{baskets} baskets with products; {_share(unknown, baskets)} hold one that the model never saw bought"
    )
    _tell_strengths(console, figures)


def _tell_drift(console: Console, figures: Figures, model: Listed | None) -> None:
    if model is None or model.manifest is None:
        return
    try:
        reference = reference_in(model.manifest.everything)
    except ArtefactRefused as refusal:
        console.print(f"What this model tells of its orders cannot be read: {refusal.reason}.", highlight=False)
        return
    if reference is None:
        console.print(
            "This model tells of no orders to compare with; the next `begleiter retrain` makes one that does."
        )
        return
    console.print(f"Beside the orders that it is judged by ({reference.since} to {reference.until}):", highlight=False)
    for occasion, before in reference.met.items():
        for sentence in drift(before, figures.by_model.get((model.version, occasion), Met())):
            console.print(f"  {occasion}: {sentence}", highlight=False, soft_wrap=True)


def _tell_strengths(console: Console, figures: Figures) -> None:
    total = max(figures.strengths.values(), default=0)
    if not total:
        return
    table, before = Table("strength of the first suggestion up to", "share"), 0.0
    for edge, value in figures.strengths.items():
        table.add_row(edge, _share(value - before, total))
        before = value
    console.print(table)


def _tell_outcomes(console: Console, figures: Figures) -> None:
    table = Table("kind", "shown", "clicked", "bought")
    for kind in KINDS:
        shown = figures.outcomes[kind, "shown"]
        rates = [f"{figures.outcomes[kind, each]} ({_share(figures.outcomes[kind, each], shown)})" for each in CAME_OF]
        table.add_row(kind, str(shown), *rates)
    console.print(table)


CAME_OF = ("clicked", "bought")


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.1%}" if whole else "-"
