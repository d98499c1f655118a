"""The command as a process: ``python -m webhook.cli`` and the installed ``remora``."""

from __future__ import annotations

import gc
import os
import sys
from typing import Final, NoReturn

from webhook.cli import is_one_shot, main

_COLLECTED_EVERY: Final = 100_000
"""Objects after which the collector looks for cycles: at Python's 700 it does so some forty times during the imports alone."""


def command() -> NoReturn:
    """Run the command line of this process and end it."""
    one_shot = is_one_shot(sys.argv[1:])
    if one_shot:  # a server would let its garbage come to many megabytes
        gc.set_threshold(_COLLECTED_EVERY)
    code = main()
    if one_shot and _is_written():
        os._exit(code)  # taking the interpreter apart object by object is a tenth of the time a short command takes
    sys.exit(code)


def _is_written() -> bool:
    """Tell whether everything printed is on its way; where it is not, the interpreter says so as it ends."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return False
    return True


if __name__ == "__main__":
    command()
