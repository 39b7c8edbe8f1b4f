"""A group of commands that are found by name and imported when they are needed."""

import importlib
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import click


class LazyGroup(click.Group):
    """Own commands by `module:name`, and those that other packages offer as entry points."""

    def __init__(self, *, commands_at: Mapping[str, str], plugins: str, **described: Any) -> None:  # noqa: ANN401
        super().__init__(**described)
        self._at = commands_at
        self._plugins = {each.name: each for each in entry_points(group=plugins)}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Own commands in the order of a first day, then the others."""
        return [*self._at, *sorted(self._plugins.keys() - self._at.keys())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Import a command."""
        if cmd_name in self._at:
            module, _, name = self._at[cmd_name].partition(":")
            return _command(getattr(importlib.import_module(module), name))
        return _offered(self._plugins[cmd_name]) if cmd_name in self._plugins else None


def _offered(point: EntryPoint) -> click.Command:
    """The command of another package, or one that says what that package lacks here."""
    try:
        return _command(point.load())
    except ModuleNotFoundError as missing:
        return _unavailable(point.name, str(missing.name))


def _unavailable(name: str, missing: str) -> click.Command:
    said = f"'{name}' needs the package '{missing}', which is not installed here; pip install 'begleiter[training]'"

    @click.command(name, help=f"Not available: {said}.", context_settings={"ignore_unknown_options": True})
    @click.argument("_ignored", nargs=-1, type=click.UNPROCESSED)
    def absent(_ignored: tuple[str, ...]) -> None:
        raise click.ClickException(said)

    return absent


def _command(found: object) -> click.Command:
    if not isinstance(found, click.Command):
        raise TypeError(f"{found!r} is no command")
    return found
