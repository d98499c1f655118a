"""Golden cases of command lines: the command is run as a process of its own, in the directory and with the arguments of the case.

The process is a fork of this one, which has read most of the program already: hundreds of command lines take seconds.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from conformance.manifest import Case, Manifest

PROGRAM: Final = "webhook.cli"
SECONDS: Final = 60
"""The process is ended when it takes longer."""


class CommandError(Exception):
    """The command ended with an exit code other than 0; the text is what it printed."""


def run_command_line(case: Case, manifest: Manifest) -> str:
    """Return what a command prints on its two outputs together.

    Raises:
        CommandError: it failed.
    """
    words = [case.params["command"].rpartition(" ")[2], *case.params["args"], "--release", manifest.release]
    directory = manifest.directory / case.params["cwd"]
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if not child:
            _become(words, directory, case.params.get("env", {}), output.fileno())
        _, status = os.waitpid(child, 0)
        output.seek(0)
        text = output.read().decode("utf-8", "surrogateescape")
    if status:
        raise CommandError(text or f"ended with status {status}")
    return text


def _become(words: Sequence[str], directory: Path, environment: Mapping[str, str], output: int) -> NoReturn:
    """Run the program in this process, and end it."""
    code: Any = 1
    try:
        signal.alarm(SECONDS)
        _redirect(output)
        os.chdir(directory)
        os.environ.update(environment)
        sys.argv = ["remora", *words]
        runpy.run_module(PROGRAM, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:  # the edge of the process: nothing of it may go on in what it is a copy of
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


def _redirect(output: int) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - standard streams stay open
    sys.stdout = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False, buffering=1)  # noqa: SIM115
