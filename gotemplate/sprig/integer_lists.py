"""Integer lists: ``until``, ``untilStep`` and ``seq``."""

from __future__ import annotations

from gotemplate.values import INT, Slice, slice_of

_SLICE_INT = slice_of(INT)


def until_step(start: int, stop: int, step: int) -> Slice:
    """Count from start up (or down) to before stop; empty when the step leads away from stop or is zero (``untilStep``)."""
    falling = stop < start
    if step == 0 or falling != (step < 0):
        return Slice(_SLICE_INT, [])
    return Slice(_SLICE_INT, range(start, stop, step))


def until(count: int) -> Slice:
    """Count from 0 up, or down, to before ``count``."""
    return until_step(0, count, -1 if count < 0 else 1)


def seq(*bounds: int) -> str:
    """Count as the shell command does: ``seq LAST``, ``seq FIRST LAST``, ``seq FIRST STEP LAST``; other arities give nothing."""
    if not 1 <= len(bounds) <= 3:
        return ""
    start, stop = (1, bounds[0]) if len(bounds) == 1 else (bounds[0], bounds[-1])
    towards = -1 if stop < start else 1
    step = bounds[1] if len(bounds) == 3 else towards
    if towards < 0 < step:
        return ""
    return " ".join(map(str, until_step(start, stop + towards, step)))
