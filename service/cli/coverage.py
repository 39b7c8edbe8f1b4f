"""`begleiter coverage`: how a questionnaire parts the products, what it never shows or lacks, and how dialogues go."""

from collections.abc import Mapping
from pathlib import Path

import click
import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from service.advice.coverage import Coverage, coverage_of
from service.advice.coverage_page import page
from service.advice.funnel import Funnel
from service.cli.counted import counted_funnel
from service.cli.funnel import funnel_json, show_funnel
from service.cli.opened import about_a_questionnaire, opened
from service.cli.plainly import plainly

GAPS_LISTED = 12
SKUS_LISTED = 20


@click.command()
@about_a_questionnaire
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="For people or machines.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write one page with charts there.")
def coverage(questionnaire: Path, against: Path | None, locale: str, form: str, html: Path | None) -> None:
    """Show how QUESTIONNAIRE (a file) covers the catalogue.

    By question and answer the share of the models and how evenly the answers part them; models that are never
    shown; the smallest combinations of answers that no product meets. Where the service's database counted dialogues
    of the last thirty days, also how many came to each question and what became of them there.
    """
    compiled = opened(questionnaire, against)
    language = locale or compiled.questionnaire.languages[0]
    found = coverage_of(compiled, language)
    funnel = counted_funnel(compiled, language)
    if html is not None:
        with plainly():
            html.write_text(page(found, funnel), encoding="utf-8")
    if form == "json":
        click.echo(orjson.dumps(as_json(found, funnel), option=orjson.OPT_INDENT_2).decode())
    elif html is None:
        _show(Console(), found)
        if funnel is not None:
            show_funnel(Console(), funnel)


def as_json(found: Coverage, funnel: Funnel | None) -> Mapping[str, object]:
    """The coverage as plain values, and the funnel where dialogues were counted."""
    return {
        "questionnaire": found.questionnaire,
        "models": found.models,
        "questions": [
            {
                "id": each.id,
                "choose": each.kind,
                "effect": each.effect,
                "evenness": round(each.evenness, 4),
                "not_stated": round(each.not_stated, 4),
                "answers": [{"id": part.id, "fits": part.fits, "share": round(part.share, 4)} for part in each.parts],
            }
            for each in found.questions
        ],
        "never_shown": {
            "proven": [product.sku for product in found.unshown.proven],
            "sampled": [product.sku for product in found.unshown.unseen],
            "models_looked_at": found.unshown.looked_at,
            "paths": found.unshown.paths,
        },
        "gaps": {
            "complete": found.gaps.complete,
            "combinations": found.gaps.looked_at,
            "found": [dict(gap.answers) for gap in found.gaps.found],
        },
        "funnel": None if funnel is None else funnel_json(funnel),
    }


def _show(console: Console, found: Coverage) -> None:
    console.print(f"[bold]{escape(found.title)}[/bold]: {found.models} models may be shown")
    for question in found.questions:
        table = Table("answer", "models", "share", title=f"{question.id} ({question.kind}, {question.effect})")
        table.caption = f"evenness {question.evenness:.0%}, not stated {question.not_stated:.0%}"
        for part in question.parts:
            table.add_row(escape(part.text), str(part.fits), f"{part.share:.0%}", style="red" if not part.fits else "")
        console.print(table)
    _show_unshown(console, found)
    _show_gaps(console, found)


def _show_unshown(console: Console, found: Coverage) -> None:
    proven, unseen = ([product.sku for product in each] for each in (found.unshown.proven, found.unshown.unseen))
    for skus, how in ((proven, "proven"), (unseen, f"sampled: {found.unshown.paths} paths")):
        if skus:
            console.print(f"Never shown ({how}): {', '.join(skus[:SKUS_LISTED])}", markup=False)
    if not proven and not unseen:
        console.print(found.unshown.all_shown)


def _show_gaps(console: Console, found: Coverage) -> None:
    gaps = found.gaps
    told = "all" if gaps.complete else f"among {gaps.looked_at} combinations"
    console.print(f"{len(gaps.found)} smallest combinations of answers that no product meets ({told}):")
    for gap in gaps.found[:GAPS_LISTED]:
        console.print(f"  {' + '.join(gap.texts)}", markup=False)
    if len(gaps.found) > GAPS_LISTED:
        console.print("  …")
