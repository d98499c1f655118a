"""The commands that are worth a command-line library; each lives in a module of its own, imported when it is called."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import click

from conformance.lazy_commands import LazyGroup, run_command

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


def _version() -> str:
    try:
        return version("remora")
    except PackageNotFoundError:
        return "not installed"


@click.group(cls=LazyGroup, homes=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), prog_name="remora")
def remora() -> None:
    """Run stock Istio injector ConfigMaps without istiod."""


def run(words: Sequence[str]) -> int:
    """Run a command by click's rules and return its exit code; a command returns its own by returning a number."""
    return run_command(remora, words, "remora")
