"""A command line whose commands live in modules of their own, each imported only when it is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Final

import click

INTERRUPTED: Final = 130


class LazyGroup(click.Group):
    """A group that knows of each command its module, which has it as ``command``, and its line in the overview (``homes``)."""

    def __init__(self, *, homes: Mapping[str, tuple[str, str]], **attributes: Any) -> None:
        """Give each command a stand-in with its line of help, for lists, shells and the name that was probably meant."""
        super().__init__(**attributes)
        self.homes = homes
        self.commands = {name: click.Command(name, help=line) for name, (_, line) in homes.items()}

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name."""
        if ctx.resilient_parsing or cmd_name not in self.homes:
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_module(self.homes[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview without importing anything."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.homes[name][1]) for name in sorted(self.homes)])


def run_command(command: click.Command, words: Sequence[str] | None, name: str) -> int:
    """Run a command by click's rules (the process's own words by default) and return its exit code: 0, or the number it returns."""
    try:
        result: Any = command.main(None if words is None else list(words), prog_name=name, standalone_mode=False)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return result if isinstance(result, int) else 0
