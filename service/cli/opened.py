"""One questionnaire opened over a shop to look at it: compiled, or refused with everything that is wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from service.advice.checking import examine
from service.advice.compiled import Compiled
from service.advice.reading import read_questionnaire
from service.cli.plainly import plainly, settings
from service.cli.shop_files import Against
from service.documents.problem import Problem, Refused

Command = Callable[..., Any]


def about_a_questionnaire(command: Command) -> Command:
    """The arguments that play, graph and coverage share."""
    named = click.argument("questionnaire", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    against = click.option(
        "--against",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="FOLDER",
        help="The shop folder, instead of BEGLEITER_SHOP.",
    )
    locale = click.option("--locale", default="", help="The language; the questionnaire's first one unless told.")
    return named(against(locale(command)))


def opened(path: Path, against: Path | None) -> Compiled:
    """The questionnaire over its shop; ends the command with all errors if it cannot be used."""
    with plainly():
        questionnaire = read_questionnaire(path)
        shop = Against.read(against or settings().shop)
        if shop.catalogue is None:
            raise Refused(shop.problems)
        found, compiled = examine(questionnaire, shop.catalogue, shop.register.attributes)
        if compiled is None:
            raise Refused(filter(_is_error, found))
        return compiled


def _is_error(problem: Problem) -> bool:
    return problem.severity == "error"
