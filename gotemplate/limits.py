"""Budgets of a rendering: bytes of output, steps, time, depth of template calls; and stack for that depth.

Go bounds only the depth. The other budgets are ours, for templates and data that are not trusted; without a ``Limits``
a rendering counts nothing. Running out of one raises LimitError, which no template function can swallow.
"""

from __future__ import annotations

import contextlib
import sys
import time
from _thread import allocate_lock
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from gotemplate.errors import LimitError, bare_error

if TYPE_CHECKING:
    from gotemplate.lookup import Site

MAX_DEPTH: Final = 100_000
"""Go's bound on templates that call templates; its error is the only one of these that Go knows."""

MAX_FRAMES: Final = 3_000_000
"""Python frames that one rendering may stack up. A frame takes some 200 bytes, so this is where a runaway recursion of
deeply nested templates stops before it takes the memory of the machine; Go dies at a stack of 1 GB."""


class Limits(NamedTuple):
    """What one rendering may use up; None leaves a budget open.

    ``output`` is in bytes of UTF-8, ``steps`` counts executed nodes and rounds of ranges, ``seconds`` is wall time by
    ``clock``, looked at between steps: a function that does not return is not interrupted. ``depth`` is how deep
    templates may call each other, 100,000 in Go.
    """

    output: int | None = None
    steps: int | None = None
    seconds: float | None = None
    depth: int = MAX_DEPTH
    clock: Callable[[], float] = time.monotonic

    @property
    def metered(self) -> bool:
        """Whether any budget has to be counted while rendering."""
        return self.output is not None or self.steps is not None or self.seconds is not None


UNLIMITED: Final = Limits()

CLOCK_EVERY: Final = 64
"""Steps between two looks at the clock: a look costs as much as a few steps."""


class Meter:
    """What is left of the budgets of one rendering."""

    __slots__ = ("_deadline", "_limits", "_steps", "_written", "template")

    def __init__(self, limits: Limits, template: str) -> None:
        self._limits = limits
        self._steps = 0
        self._written = 0
        self._deadline = None if limits.seconds is None else limits.clock() + limits.seconds
        self.template = template

    def step(self, site: Site) -> None:
        """Count one executed node. Raises LimitError when the steps or the time are used up."""
        self._steps += 1
        limits = self._limits
        if limits.steps is not None and self._steps > limits.steps:
            raise site.error(f"exceeded the limit of {limits.steps} steps", LimitError)
        if self._deadline is not None and self._steps % CLOCK_EVERY == 1 and limits.clock() > self._deadline:
            raise site.error(f"exceeded the time limit of {limits.seconds:g} seconds", LimitError)

    def writer(self, write: Callable[[str], None]) -> Callable[[str], None]:
        """Return a write function that counts. It writes up to the budget, and raises LimitError for more."""
        limit = self._limits.output
        if limit is None:
            return write

        def counted(text: str) -> None:
            size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))
            if self._written + size > limit:
                write(_first_bytes(text, limit - self._written))
                self._written = limit
                raise bare_error(self.template, f"exceeded the limit of {limit} bytes of output", LimitError)
            self._written += size
            write(text)

        return counted


def _first_bytes(text: str, count: int) -> str:
    """Return the characters that fit into so many bytes of UTF-8."""
    data = text.encode("utf-8", "surrogateescape")
    while count and data[count] & 0xC0 == 0x80:
        count -= 1
    return data[:count].decode("utf-8", "surrogateescape")


_lock = allocate_lock()  # all that is needed of threading, whose import takes longer than a rendering


class StackRoom:
    """Room for Python frames beyond the recursion limit, claimed in pieces and given back at the end.

    Templates nest without using the C stack: evaluation only ever goes from one Python function to the next. To raise
    the recursion limit is therefore safe, up to MAX_FRAMES, and needed only by the few renderings that go deep. The
    limit belongs to the whole interpreter: what is claimed is added to it and subtracted again, under a lock.
    """

    __slots__ = ("claimed",)

    def __init__(self) -> None:
        self.claimed = 0

    def claim(self, frames: int) -> bool:
        """Add room for so many frames; False when that would be more than one rendering may have."""
        if self.claimed + frames > MAX_FRAMES:
            return False
        if frames:
            self.claimed += frames
            with _lock:
                sys.setrecursionlimit(sys.getrecursionlimit() + frames)
        return True

    def release(self) -> None:
        """Give the room back."""
        claimed, self.claimed = self.claimed, 0
        if claimed:
            # RecursionError: the caller is deeper in the stack than the limit he set allows; leave the limit to him
            with _lock, contextlib.suppress(RecursionError):
                sys.setrecursionlimit(sys.getrecursionlimit() - claimed)
