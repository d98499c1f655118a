"""The template commands of gotemplate as ``remora`` offers them: the same flags, and YAML as the injector reads it."""

from __future__ import annotations

import sys

import click

from gotemplate.commands import Surroundings, run
from webhook.kube import yaml


def forwarded(name: str) -> click.Command:
    """Return the command that hands its words, ``--help`` too, to gotemplate's command of that name."""

    @click.command(name, context_settings={"ignore_unknown_options": True, "help_option_names": []})
    @click.argument("words", nargs=-1, type=click.UNPROCESSED)
    def command(words: tuple[str, ...]) -> int:
        streams = (sys.stdin.buffer, sys.stdout.buffer, sys.stderr.buffer)
        return run([name, *words], Surroundings(streams, yaml.load, prog="remora"))

    return command
