"""The funnel of a questionnaire as a table and as plain values."""

from collections.abc import Mapping
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from service.advice.figures import ROUNDED_TO
from service.advice.funnel import Funnel

PRODUCTS_LISTED = 12


def funnel_json(funnel: Funnel) -> Mapping[str, object]:
    """The funnel as plain values."""
    return {
        "version": funnel.version,
        "is_current": funnel.is_current,
        "from": funnel.since.isoformat(),
        "to": funnel.until.isoformat(),
        "rounded_to": ROUNDED_TO,
        "questions": [
            asdict(step.figures)
            | {"options": [{"id": option, "answered": count} for option, count in step.figures.options]}
            for step in funnel.steps
        ],
        "shortlist_shown": funnel.shortlist_shown,
        "products_chosen": [{"sku": sku, "count": count} for sku, count in funnel.products_chosen],
    }


def show_funnel(console: Console, funnel: Funnel) -> None:
    """Print the funnel."""
    whose = "" if funnel.is_current else ", of another version"
    heads = ("question", "shown", "answered", "not sure", "taken back", "left here", "conflicts", "ways out taken")
    table = Table(*heads, title=f"How dialogues went from {funnel.since} to {funnel.until}{whose}")
    table.caption = f"rounded down to {ROUNDED_TO}s"
    for step in funnel.steps:
        it = step.figures
        counts = (it.shown, it.answered, it.not_sure, it.taken_back, it.left_here, it.conflicts, it.ways_out_taken)
        table.add_row(escape(it.id), *map(str, counts))
    console.print(table)
    console.print(f"The shortlist was shown at the end {funnel.shortlist_shown} times.")
    if funnel.products_chosen:
        listed = (f"{sku} {count}" for sku, count in funnel.products_chosen[:PRODUCTS_LISTED])
        console.print(f"Products chosen: {', '.join(listed)}", markup=False)
