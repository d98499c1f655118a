"""What the heap has no use for goes back to the system, and the collector leaves alone what was settled."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from webhook.server import memory

PAGE = os.sysconf("SC_PAGE_SIZE")


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


@pytest.mark.skipif(memory._trim is None, reason="only glibc gives back when it is asked to")
def test_gives_back_what_lies_below_what_is_in_use() -> None:
    held = [bytearray(2048) for _ in range(20_000)]
    last = held[-1]
    before = resident()
    del held
    memory.give_back()
    assert before - resident() > 20_000 * 2048 // 2
    assert len(last) == 2048


def test_settled_objects_are_not_looked_at() -> None:
    frozen, thresholds = gc.get_freeze_count(), gc.get_threshold()
    try:
        memory.settle()
        assert gc.get_freeze_count() > frozen
        assert gc.get_threshold()[0] == memory.YOUNG
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
