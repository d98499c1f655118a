"""Golden cases of command lines: the command is run as a process of its own, in the directory and with the arguments of the case."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Final

from conformance.manifest import Case, Manifest

TIMEOUT: Final = 60.0


class CommandError(Exception):
    """The command ended with an exit code other than 0; the text is what it printed."""


def run_command_line(case: Case, manifest: Manifest) -> str:
    """Return what a command prints on its two outputs together.

    Raises:
        CommandError: it failed.
    """
    words = [case.params["command"].rpartition(" ")[2], *case.params["args"], "--release", manifest.release]
    environment = {**os.environ, **case.params.get("env", {})}
    found = subprocess.run(
        [sys.executable, "-m", "webhook.cli", *words],
        cwd=manifest.directory / case.params["cwd"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT,
        check=False,
    )
    text = found.stdout.decode("utf-8", "surrogateescape")
    if found.returncode:
        raise CommandError(text)
    return text
