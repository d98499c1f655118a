"""Exit codes of the command, and the exception that carries one."""

from __future__ import annotations

from typing import Final

OK: Final = 0
ANSWER_IS_NO: Final = 1
USAGE: Final = 2
BAD_INPUT: Final = 3
CLUSTER: Final = 4
INTERNAL: Final = 5
INTERRUPTED: Final = 130


class CliError(Exception):
    """Ends the command with a message and an exit code."""

    def __init__(self, message: str, code: int = BAD_INPUT) -> None:
        super().__init__(message)
        self.code = code
