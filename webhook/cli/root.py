"""The commands that are worth a command-line library; each lives in a module of its own, imported when it is called."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import click

from webhook.cli.exits import OK

COMMANDS: Final = {
    "cert": ("webhook.cli.cert", "Make certificates for the webhook and put them where they belong."),
    "check": ("webhook.cli.check", "Check manifests against what the mesh requires of pods."),
    "config": ("webhook.cli.config", "Show an injector configuration, or render the one of an installation."),
    "fmt": ("webhook.cli.fmt", "Normalise the insides of template actions."),
    "kube-inject": ("webhook.cli.kube_inject", "Inject the sidecar into manifests (see remora kube-inject --help)."),
    "kube-uninject": ("webhook.cli.uninject", "Take the sidecar out of manifests again (also: uninject)."),
    "lint": ("webhook.cli.lint", "Look for mistakes in templates."),
    "mirror": ("webhook.cli.mirror", "Follow ConfigMaps through the API into a folder that serve reads."),
    "render": ("webhook.cli.render", "Render a Go template with data, without the injector."),
    "serve": ("webhook.cli.serve", "Serve the admission webhook."),
    "try": ("webhook.cli.try_", "Serve the embedded default on loopback and inject a sample pod."),
}
"""Name → module that has ``command``, and a line for the list of commands."""


class LazyGroup(click.Group):
    """A group that imports the module of a command only when that command is asked for."""

    def __init__(self, **attributes: Any) -> None:
        """Give each command a stand-in with its line of help, for lists, shells and the name that was probably meant."""
        super().__init__(**attributes)
        self.commands = {name: click.Command(name, help=line) for name, (_, line) in COMMANDS.items()}

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name."""
        if ctx.resilient_parsing or cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


def _version() -> str:
    try:
        return version("remora")
    except PackageNotFoundError:
        return "not installed"


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), prog_name="remora")
def remora() -> None:
    """Run stock Istio injector ConfigMaps without istiod."""


def run(words: Sequence[str]) -> int:
    """Run a command by click's rules and return its exit code; a command returns its own by returning a number."""
    try:
        result: Any = remora.main(list(words), prog_name="remora", standalone_mode=False)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.Abort:
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return result if isinstance(result, int) else OK
