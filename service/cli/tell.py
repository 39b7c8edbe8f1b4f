"""How complaints are told: lines for people, JSON, or the annotations that GitHub shows beside a change."""

from collections.abc import Mapping, Sequence

import click
import orjson

from service.documents.problem import Problem, Severity

FORMATS = ("text", "json", "github")

_ANNOTATION: Mapping[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}


def tell(problems: Sequence[Problem], form: str) -> None:
    """Print the complaints; for people a summary goes to stderr."""
    match form:
        case "json":
            told = orjson.dumps([as_json(problem) for problem in problems], option=orjson.OPT_INDENT_2)
            click.echo(told.decode())
        case "github":
            for problem in problems:
                click.echo(_annotation(problem))
        case _:
            for problem in problems:
                click.echo(str(problem))
            click.echo(_summary(problems), err=True)


def as_json(problem: Problem) -> Mapping[str, object]:
    """A complaint as plain values."""
    return {
        "file": problem.at.file,
        "line": problem.at.line,
        "column": problem.at.column,
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
    }


def _annotation(problem: Problem) -> str:
    at = problem.at
    where = f"file={_property(at.file)},line={at.line},col={at.column},title={problem.code}"
    return f"::{_ANNOTATION[problem.severity]} {where}::{_escaped(problem.message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _summary(problems: Sequence[Problem]) -> str:
    if not problems:
        return "Nothing to complain about."
    counted = ((sum(each.severity == kind for each in problems), kind) for kind in ("error", "warning", "note"))
    told = (f"{count} {kind}{'' if count == 1 else 's'}" for count, kind in counted if count or kind == "error")
    return f"{', '.join(told)}."
