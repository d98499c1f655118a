"""Errors of configuration: what is wrong, in which input and line, and what to do about it."""

from __future__ import annotations


class ConfigError(Exception):
    """A configuration that cannot be used.

    ``what`` is the complaint (the original's text where it has one), ``place`` names the input, ``line`` is 1-based
    within that input or None, ``remedy`` says what to do. ``str(e)`` has all of them.
    """

    def __init__(self, what: str, *, place: str = "", line: int | None = None, remedy: str = "") -> None:
        self.what = what
        self.place = place
        self.line = line
        self.remedy = remedy
        super().__init__(self._text())

    def _text(self) -> str:
        where = self.place + (f", line {self.line}" if self.line else "")
        head = f"{where}: {self.what}" if where else self.what
        return f"{head} ({self.remedy})" if self.remedy else head
