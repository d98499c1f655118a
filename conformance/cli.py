"""The command ``python -m conformance``: one subcommand a kind of evidence, each loaded only when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Final

import click

INTERRUPTED: Final = 130
COMMANDS: Final = {
    "go": ("conformance.go.command", "Run the vectors recorded from Go."),
    "invariants": ("conformance.invariants_command", "Check what must hold for every injected pod."),
    "istio": ("conformance.istio_command", "Run the golden cases of Istio releases."),
}
"""Subcommand → the module that has it as ``command``, and its line in the overview."""


class LazyGroup(click.Group):
    """A group that imports the module of a subcommand when that subcommand is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names, in alphabetical order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the subcommand of that name; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the overview without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in sorted(COMMANDS.items())])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Hold Remora to recorded answers of the originals."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments (the process's own by default) and return the exit code of the subcommand."""
    try:
        code = main.main(arguments, prog_name="python -m conformance", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return INTERRUPTED
    return code if isinstance(code, int) else 0
