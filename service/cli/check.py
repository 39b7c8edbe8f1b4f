"""`begleiter check`: everything that is wrong with the shop's own files, with its place."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from service.advice.checking import check as check_meaning
from service.advice.folder import questionnaire_files
from service.advice.reading import read_questionnaire
from service.cli.missing_texts import missing_texts, tell_missing
from service.cli.plainly import settings
from service.cli.profile_use import collected_for_nothing
from service.cli.shop_files import Against, of_catalogue, of_register
from service.cli.tell import FORMATS, tell
from service.documents.problem import Complaints, Problem, Refused
from service.settings import Settings
from service.shopfront.files import CATALOGUE_FILES, REGISTER_FILE


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[FILES]")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", help="text for people, json or github for machines."
)
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Check against the products and privacy.yaml of this shop folder instead of BEGLEITER_SHOP.",
)
@click.option("--texts", is_flag=True, help="Only list which texts are missing, by language.")
def check(files: tuple[Path, ...], form: str, against: Path | None, *, texts: bool) -> None:
    """Check questionnaires, privacy.yaml and the shop's files.

    Without FILES: everything in BEGLEITER_SHOP and BEGLEITER_QUESTIONNAIRES. Each complaint is one line,
    file:line:column severity CODE what is wrong; what to do. The exit code is 1 if there is an error.
    What each CODE means stands in questionnaires/README.md, with an example.
    """
    found = settings()
    shop = against or found.shop
    if texts:
        tell_missing(missing_texts(_every_file(files, found, shop)), form)
        return
    problems = list(dict.fromkeys(_problems(files, found, Against.read(shop))))
    if not files:
        problems += collected_for_nothing(shop / REGISTER_FILE, found.questionnaires)
    tell(problems, form)
    raise SystemExit(1 if any(problem.severity == "error" for problem in problems) else 0)


def _problems(files: Iterable[Path], found: Settings, shop: Against) -> Iterator[Problem]:
    if not files:
        yield from shop.problems
        files = [found.questionnaires]
    elif shop.catalogue is None:
        yield from shop.problems  # they say why nothing's meaning can be checked
    for path in files:
        yield from _of_file(path, shop)


def _of_file(path: Path, shop: Against) -> Iterator[Problem]:
    if path.is_dir() or not path.exists():
        inside, misplaced = questionnaire_files(path)
        yield from misplaced
        for each in inside:
            yield from _of_questionnaire(each, shop)
    elif path.name == REGISTER_FILE:
        yield from of_register(path)[1]
    elif path.name in CATALOGUE_FILES:
        yield from of_catalogue(path.parent)[1]
    else:
        yield from _of_questionnaire(path, shop)


def _of_questionnaire(path: Path, shop: Against) -> Iterator[Problem]:
    noted = Complaints()
    try:
        questionnaire = read_questionnaire(path, noted)
    except Refused as refusal:
        yield from refusal.problems
        return
    if shop.catalogue is None:
        yield from noted.problems
        return
    yield from check_meaning(questionnaire, shop.catalogue, shop.register.attributes, noted.problems)


def _every_file(files: Iterable[Path], found: Settings, shop: Path) -> Iterator[Path]:
    """The YAML files that hold texts."""
    for path in files or (shop / "shop.yaml", shop / REGISTER_FILE, found.questionnaires):
        if path.is_dir():
            yield from questionnaire_files(path)[0]
        elif path.is_file() and path.suffix == ".yaml":
            yield path
