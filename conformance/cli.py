"""The command ``python -m conformance``: one subcommand a kind of evidence, each loaded only when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import click

from conformance.lazy_commands import LazyGroup, run_command

COMMANDS: Final = {
    "go": ("conformance.go.command", "Run the vectors recorded from Go."),
    "invariants": ("conformance.invariants_command", "Check what must hold for every injected pod."),
    "istio": ("conformance.istio_command", "Run the golden cases of Istio releases."),
}
"""Subcommand → the module that has it as ``command``, and its line in the overview."""


@click.group(cls=LazyGroup, homes=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Hold Remora to recorded answers of the originals."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments (the process's own by default) and return the exit code of the subcommand."""
    return run_command(main, arguments, "python -m conformance")
