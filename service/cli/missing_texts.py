"""The report of missing texts: which language lacks which text, over all files of a shop, broken ones included."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
import orjson

from service.documents.node import Mapping as Lines
from service.documents.node import Node, Scalar, Sequence
from service.documents.problem import Place, Refused, shortened
from service.documents.yaml import read_yaml

LANGUAGES_STAND_UNDER = ("languages", "locales")


@dataclass(frozen=True, slots=True)
class Missing:
    """One text that a language lacks; `shown_instead` is the language that readers get, of its own base if possible."""

    at: Place
    language: str
    text: str
    shown_instead: str


def missing_texts(paths: Iterable[Path]) -> Iterator[Missing]:
    """Every text that does not exist in every language of its file; files that are no YAML are left to `check`."""
    for path in paths:
        try:
            top = read_yaml(path)
        except Refused:
            continue
        languages = tuple(_languages(top))
        for texts in _texts(top, set(languages)):
            yield from _lacking(texts, languages)


def tell_missing(found: Iterable[Missing], form: str) -> None:
    """Print the report by language: places for people, plain values for machines."""
    by_language: dict[str, list[Missing]] = {}
    for each in found:
        by_language.setdefault(each.language, []).append(each)
    if form == "json":
        click.echo(orjson.dumps({tag: [_plain(each) for each in several] for tag, several in by_language.items()}))
        return
    for tag, several in sorted(by_language.items()):
        click.echo(f"{tag}: {len(several)} missing")
        for each in several:
            click.echo(f"  {each.at} '{each.text}' ({each.shown_instead} is shown instead)")
    if not by_language:
        click.echo("No text is missing in any language.")


def _languages(top: Lines) -> Iterator[str]:
    for key in LANGUAGES_STAND_UNDER:
        match top.entries.get(key):
            case Sequence(_, items):
                yield from (item.text for item in items if isinstance(item, Scalar))
            case Scalar(_, text):
                yield text
            case _:
                pass


def _texts(node: Node, languages: set[str]) -> Iterator[Lines]:
    """Every place where a text is written by language."""
    match node:
        case Lines(entries=entries):
            if languages & entries.keys():
                yield node
            else:
                for each in entries.values():
                    yield from _texts(each, languages)
        case Sequence(_, items):
            for each in items:
                yield from _texts(each, languages)
        case Scalar():
            pass


def _lacking(texts: Lines, languages: tuple[str, ...]) -> Iterator[Missing]:
    written = {tag: node.text for tag, node in texts.entries.items() if isinstance(node, Scalar) and node.text.strip()}
    for tag in languages:
        if tag not in written and written:
            bases = [base for base in written if tag.startswith(f"{base}-")]
            instead = (bases or list(written))[0]
            yield Missing(texts.place, tag, shortened(written[instead]), instead)


def _plain(missing: Missing) -> Mapping[str, object]:
    at = missing.at
    return {
        "file": at.file,
        "line": at.line,
        "column": at.column,
        "text": missing.text,
        "shown_instead": missing.shown_instead,
    }
