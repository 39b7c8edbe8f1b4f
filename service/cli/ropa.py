"""`begleiter ropa`: the record of processing activities (Article 30 GDPR), generated from the register."""

from collections.abc import Iterable, Iterator

import click
import orjson

from service.cli.plainly import plainly, settings
from service.privacy.processing_record import Activity, Record, record_of
from service.shopfront.opening import open_register


@click.command()
@click.option("--json", "as_json", is_flag=True, help="JSON instead of Markdown.")
@click.option("--language", default=None, help="The texts' language; the register's first where it is absent.")
def ropa(*, as_json: bool, language: str | None) -> None:
    """Print what privacy.yaml says of every processing, as Article 30 GDPR orders it.

    Begleiter knows its own part alone: complete it by what else the shop does with the same data.
    """
    with plainly():
        register, refused = open_register(settings())
    if refused:
        raise click.ClickException("privacy.yaml is refused; see `begleiter check`")
    record = record_of(register, language)
    click.echo(orjson.dumps(record, option=orjson.OPT_INDENT_2).decode() if as_json else "\n".join(_markdown(record)))


def _markdown(record: Record) -> Iterator[str]:
    yield "# Record of processing activities\n"
    yield "Generated from privacy.yaml by `begleiter ropa`; about what Begleiter does, and no more.\n"
    yield from _table(("", ""), [(name, value) for name, value in record.controller.items()])
    for activity in record.activities:
        yield f"\n## {activity.text}\n"
        yield from _activity(activity)
    yield "\n## Kept for all of these\n"
    yield from _table(("what", "how long"), record.kept)
    yield "\n## Measures (Article 32)\n"
    yield from (f"- {each}" for each in record.measures)


def _activity(activity: Activity) -> Iterator[str]:
    yield from _table(
        ("", ""),
        [
            ("purpose", f"`{activity.purpose}`: {activity.example}"),
            ("legal basis", f"{activity.legal_basis} ({activity.legal_term})"),
            ("terms", f"{activity.dpv}, fideslang `{activity.fideslang}`"),
            ("consent ends by itself", activity.consent_ends),
            ("data subjects", "shoppers, under a pseudonym"),
        ],
    )
    if activity.data:
        yield ""
        rows = [(each.label, each.why, ", ".join(each.sources), each.kept, each.sensitive) for each in activity.data]
        yield from _table(("data", "why", "from", "kept", "sensitive"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "| " + " | ".join("---" for _ in head) + " |"
    yield from ("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows)
