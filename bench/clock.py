"""Timing in interleaved rounds: each round runs every contender once, so that a machine that slows down slows all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ROUNDS = 9
TARGET_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Timing:
    """Microseconds of CPU per call over the rounds."""

    best: float
    median: float


def measure(contenders: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, Timing]:
    """Time each contender in interleaved rounds of about 50 ms; CPU time of this thread."""
    counts = {name: _calibrate(run) for name, run in contenders.items()}
    samples: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            samples[name].append(_time(run, counts[name]))
    return {name: Timing(min(found), statistics.median(found)) for name, found in samples.items()}


def _calibrate(run: Callable[[], object]) -> int:
    run()
    count = 1
    while _time(run, count) * count < TARGET_SECONDS * 1e6 and count < 1_000_000:
        count *= 2
    return count


def _time(run: Callable[[], object], count: int) -> float:
    started = time.thread_time()
    for _ in range(count):
        run()
    return (time.thread_time() - started) / count * 1e6
