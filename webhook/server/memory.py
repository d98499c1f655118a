"""The memory of the server's processes: what they have in common stays shared, and what was needed for a moment goes back to the system."""

from __future__ import annotations

import ctypes
import gc
from typing import Final

YOUNG: Final = 10_000
"""New objects before the garbage collector looks at them. An injection makes some hundred and leaves none in a cycle, unless it
fails; Python's 700 would have them looked at while they are in use."""

_trim: Final = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""glibc's; other C libraries give memory back by themselves, or not at all."""


def settle() -> None:
    """Keep the garbage collector away from what there is now, configurations above all: a tenth of an injection went into looking at it.

    The master does so before it forks: the collector writes into every object it looks at, and what is written to is shared no more.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
    give_back()


def give_back() -> None:
    """Return unused memory to the system: compiling a template needs some ten megabytes, which the heap would keep."""
    if _trim is not None:
        _trim(0)
