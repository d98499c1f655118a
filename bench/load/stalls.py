"""Clients that stall, beside good traffic: nothing that they do may keep others from being served."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bench.load import generator
from bench.load.generator import Seen
from bench.load.reviews import reviews
from bench.load.served import Served

KINDS: Final = {
    "silent": "connects and says nothing",
    "hello": "sends three bytes of a TLS handshake",
    "header": "finishes the handshake, then sends half a header",
    "body": "sends its body a byte a second",
    "large": "sends 5 MB of 6 MB, then stops",
    "unread": "sends requests and never reads an answer",
}
COUNTS: Final = (0, 8, 64, 500)
GOOD: Final = 8
"""Good clients beside them."""


@dataclass(frozen=True, slots=True)
class Stall:
    """What good clients saw beside ``count`` bad ones of a kind, and how many of those were connected at the end."""

    kind: str
    count: int
    seen: Seen


def measure(served: Served, kind: str, count: int, seconds: float, pause: str = "0") -> Stall:
    """Send good traffic beside ``count`` bad clients of a kind."""
    flags = {"bad": kind, "count": count} if count else {}
    return Stall(kind, count, generator.run(served, reviews(), seconds=seconds, connections=GOOD, pause=pause, **flags))


def table(served: Served, counts: Sequence[int] = COUNTS, seconds: float = 5.0) -> Iterator[str]:
    """Yield the lines of the table as they are measured."""
    yield f"{GOOD} good clients beside stalling ones, {seconds:g} s each, over TLS"
    yield f"{'bad clients':28} {'good requests':>13} {'failed':>7} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8}  bad: connected, sent away"
    for kind in KINDS:
        for count in counts:
            if count or kind == next(iter(KINDS)):
                yield _row(measure(served, kind, count, seconds))


def _row(stall: Stall) -> str:
    seen = stall.seen
    name = f"{stall.count} × {stall.kind}" if stall.count else "none"
    numbers = (
        f"{seen.requests:13d} {seen.failed + seen.wrong:7d} {seen.p50_ms:8.1f} {seen.p99_ms:8.1f} {seen.max_ms:8.1f}"
    )
    errors = f"  {seen.errors}" if seen.errors else ""
    return f"{name:28} {numbers}  {seen.bad_held}, {seen.bad_closed}{errors}"
