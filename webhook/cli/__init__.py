"""The ``remora`` command: a thin skin of flags, files and exit codes over the packages below.

``kube-inject`` and ``kube-uninject`` are started before any command-line library is imported: they run once a file, and
their start is what their users wait for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final

from webhook.cli.exits import BAD_INPUT, INTERNAL, INTERRUPTED, CliError

_FAST: Final = {
    "kube-inject": "webhook.cli.kube_inject",
    "kube-uninject": "webhook.cli.uninject",
    "uninject": "webhook.cli.uninject",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments (the process's own by default) and return the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _dispatch(words)
    except CliError as error:
        sys.stderr.write(f"Error: {error}\n")
        return error.code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - the interpreter flushes it once more at exit
        return BAD_INPUT
    except Exception as error:  # the edge of the process: a defect of ours, named as one
        if os.environ.get("REMORA_DEBUG"):
            raise
        sys.stderr.write(
            f"Error: internal error: {type(error).__name__}: {error}\n"
            "This is a defect of remora. Run again with REMORA_DEBUG=1 and report what it prints.\n"
        )
        return INTERNAL


def is_one_shot(words: Sequence[str]) -> bool:
    """Tell whether a command line is one of the commands that turn a stream into another and leave nothing behind."""
    return bool(words) and words[0] in _FAST


def _dispatch(words: list[str]) -> int:
    if is_one_shot(words):
        from importlib import import_module

        return int(import_module(_FAST[words[0]]).run(words[1:]))
    from webhook.cli.root import run

    return run(words)
