"""`begleiter graph`: a questionnaire as a drawing, in Mermaid or SVG."""

from pathlib import Path

import click

from service.advice.graph import Graph
from service.advice.graph_mermaid import mermaid
from service.advice.graph_svg import svg
from service.advice.reading import read_questionnaire
from service.cli.plainly import plainly


@click.command()
@click.argument("questionnaire", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["mermaid", "svg"]), help="As the output's name says, else Mermaid."
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; else the terminal.")
@click.option("--locale", default="", help="The language; the questionnaire's first one unless told.")
def graph(questionnaire: Path, form: str | None, output: Path | None, locale: str) -> None:
    """Draw QUESTIONNAIRE (a file): what is asked after what, and what only under which condition."""
    with plainly():
        found = read_questionnaire(questionnaire)
        drawn = Graph.of(found, locale or found.languages[0])
        wanted = form or ("svg" if output is not None and output.suffix == ".svg" else "mermaid")
        text = svg(drawn) if wanted == "svg" else mermaid(drawn)
        if output is None:
            click.echo(text, nl=False)
        else:
            output.write_text(text, encoding="utf-8")
