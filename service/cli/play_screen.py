"""What is seen while a questionnaire is played: the question with its counts, the shortlist with its reasons."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

State = Mapping[str, Any]
"""An advice state as it goes over the wire."""

_WIDTH = 24


def show_question(console: Console, state: State, total: int) -> None:
    """The next question, and how many products each answer would leave."""
    question = state["question"]
    _show_left(console, state, total)
    console.print(f"\n[bold]{escape(question['text'])}[/bold]  [dim]{question['id']} · {question['effect']}[/dim]")
    if question["help"]:
        console.print(f"[italic]{escape(question['help'])}[/italic]")
    if question["range"]:
        unit = f" {question['unit']}" if question["unit"] else ""
        console.print(f"from {question['range']['from']} to {question['range']['to']}{escape(unit)}")
    for number, option in enumerate(question["options"], start=1):
        style = "dim" if not option["remaining"] else ""
        left = f"{option['remaining']:>5} {_bar(option['remaining'], total)}"
        console.print(f"  {number}. {escape(option['text']):<44} {left}", style=style, highlight=False)
    if question["not_sure"]:
        console.print("  ?. not sure", highlight=False)


def show_end(console: Console, state: State, total: int) -> None:
    """What the dialogue has come to."""
    _show_left(console, state, total)
    for skipped in state["skipped"]:
        console.print(f"[dim]not asked: {skipped['question']} ({skipped['because'].replace('_', ' ')})[/dim]")
    show_shortlist(console, state)


def show_shortlist(console: Console, state: State) -> None:
    """The products shown at this point, each with why and with what goes with it."""
    if state["conflict"]:
        _show_conflict(console, state["conflict"])
    for number, shown in enumerate(state["shortlist"], start=1):
        price = f"{shown['price']:.2f} {shown.get('currency') or ''}"
        console.print(f"\n[bold]{number}. {escape(shown['name'])}[/bold]  {price}  [dim]{shown['sku']}[/dim]")
        _list(console, "[green]+[/green]", [reason["text"] for reason in shown["fits"]])
        _list(console, "[red]−[/red]", [reason["text"] for reason in shown["misses"]])  # noqa: RUF001  a minus sign
        _list(console, "?", [f"{attribute} is not stated" for attribute in shown["unknown"]])
        beside = [each for each in state["companions"] if each["for"] == shown["sku"]]
        _list(console, "[blue]→[/blue]", [f"{each['name']}: {each['because']}" for each in beside])


def _show_left(console: Console, state: State, total: int) -> None:
    left = state["remaining"]
    progress = state["progress"]
    console.print(
        f"\n[green]{_bar(left, total)}[/green] {left} of {total} left"
        f"   [dim]{progress['answered']} answered, at most {progress['at_most']} in all[/dim]",
        highlight=False,
    )


def _show_conflict(console: Console, conflict: Mapping[str, Any]) -> None:
    console.print(f"[red]Nothing meets these answers together: {', '.join(conflict['answers'])}[/red]")
    for way in conflict["ways_out"]:
        console.print(f"  give up {', '.join(way['give_up'])}: {way['remaining']} left", highlight=False)


def _list(console: Console, sign: str, lines: Sequence[str]) -> None:
    for line in lines:
        console.print(f"   {sign} {escape(line)}", highlight=False)


def _bar(part: int, whole: int) -> str:
    filled = round(_WIDTH * part / whole) if whole else 0
    return "█" * (max(filled, 1) if part else 0) + "░" * (_WIDTH - (max(filled, 1) if part else 0))
