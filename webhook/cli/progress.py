"""A line that says how far a long run is: on a terminal only, after a second, and gone at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Final

PATIENCE: Final = 1.0
"""Seconds before the first line: most runs are over by then."""
INTERVAL: Final = 0.25


def with_progress(
    texts: Iterable[str], terminal: IO[str], noun: str, *, clock: Callable[[], float] = time.monotonic
) -> Iterator[str]:
    """Yield texts, two for each document, and tell a terminal how many documents there have been."""
    if not terminal.isatty():
        yield from texts
        return
    due, written = clock() + PATIENCE, False
    try:
        for count, text in enumerate(texts):
            yield text
            if clock() >= due:
                terminal.write(f"\r{count // 2 + 1} {noun}\x1b[K")
                terminal.flush()
                due, written = clock() + INTERVAL, True
    finally:
        if written:
            terminal.write("\r\x1b[K")
            terminal.flush()
