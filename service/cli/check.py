"""`begleiter check`: everything that is wrong with the shop's own files, with its place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from service.advice.checking import check as check_meaning
from service.advice.folder import questionnaire_files
from service.advice.reading import read_questionnaire
from service.catalogue.catalogue import Catalogue, load_catalogue
from service.catalogue.feed import PRODUCT_FILES
from service.cli.plainly import settings
from service.documents.problem import Problem, Refused
from service.privacy.register import Register, read_register
from service.settings import Settings
from service.shopfront.files import REGISTER_FILE

CATALOGUE_FILES = ("shop.yaml", *PRODUCT_FILES)


@dataclass(frozen=True, slots=True)
class Shop:
    """What questionnaires are checked against; None where it could not be read."""

    catalogue: Catalogue | None
    register: Register
    problems: tuple[Problem, ...]


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[FILES]")
def check(files: tuple[Path, ...]) -> None:
    """Check questionnaires, privacy.yaml and the shop's files.

    Without FILES: everything in BEGLEITER_SHOP and BEGLEITER_QUESTIONNAIRES. Each complaint is one line,
    file:line:column severity CODE what is wrong; what to do. The exit code is 1 if there is an error.
    """
    found = settings()
    problems = list(dict.fromkeys(_of_files(files, found) if files else _of_everything(found)))
    for problem in problems:
        click.echo(str(problem))
    errors = sum(problem.severity == "error" for problem in problems)
    click.echo(_summary(errors, len(problems) - errors), err=True)
    raise SystemExit(1 if errors else 0)


def _of_everything(found: Settings) -> Iterator[Problem]:
    shop = _shop(found)
    yield from shop.problems
    paths, misplaced = questionnaire_files(found.questionnaires)
    yield from misplaced
    for path in paths:
        yield from _of_questionnaire(path, shop)


def _of_files(files: Iterable[Path], found: Settings) -> Iterator[Problem]:
    shop = _shop(found)
    for path in files:
        if path.is_dir():
            inside, misplaced = questionnaire_files(path)
            yield from misplaced
            yield from _of_files(inside, found)
        elif path.name == REGISTER_FILE:
            yield from _register(path)[1]
        elif path.name in CATALOGUE_FILES:
            yield from _catalogue(path.parent)[1]
        else:
            yield from _of_questionnaire(path, shop)


def _of_questionnaire(path: Path, shop: Shop) -> Iterator[Problem]:
    try:
        questionnaire = read_questionnaire(path)
    except Refused as refusal:
        yield from refusal.problems
        return
    if shop.catalogue is None:
        return  # its own complaint says that there is nothing to check the meaning against
    yield from check_meaning(questionnaire, shop.catalogue, shop.register.attributes)


def _shop(found: Settings) -> Shop:
    catalogue, of_catalogue = _catalogue(found.shop)
    register, of_register = _register(found.shop / REGISTER_FILE)
    return Shop(catalogue, register, (*of_catalogue, *of_register))


def _catalogue(folder: Path) -> tuple[Catalogue | None, tuple[Problem, ...]]:
    try:
        return load_catalogue(folder), ()
    except Refused as refusal:
        return None, refusal.problems


def _register(path: Path) -> tuple[Register, tuple[Problem, ...]]:
    try:
        return read_register(path), ()
    except Refused as refusal:
        return Register.empty(), refusal.problems


def _summary(errors: int, others: int) -> str:
    if errors + others == 0:
        return "Nothing to complain about."
    return f"{errors} {'error' if errors == 1 else 'errors'}, {others} other {'remark' if others == 1 else 'remarks'}."
