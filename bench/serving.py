"""The server: requests a second, latency, CPU, memory and start, over TLS on loopback with the load generator on the same machine.

Figures of a shared machine move; the anchor of each run is what Go's own text/template needs for the same release's template alone.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.go_peer import start_engine
from bench.load import generator
from bench.load.configurations import embedded, stock
from bench.load.generator import Seen
from bench.load.reviews import reviews
from bench.load.served import Served
from bench.upstream import upstream

RELEASES: Final = ("0.8.0", "1.20.8", "1.30.3")
CONNECTIONS: Final = (1, 8, 32, 128)
SECONDS: Final = 4.0
STARTS: Final = 3
TARGETS: Final = "at 8: 1,500/s, p99 25 ms, 700 µs; at 32: p99 90 ms; 40 MB a worker; ready in 1 s"


def run() -> list[str]:
    """Return the table, a line each."""
    if not generator.has_go():
        return ["serving: the load generator needs Go"]
    releases = RELEASES if upstream() else ("",)
    with tempfile.TemporaryDirectory(prefix="remora-bench-") as folder:
        os.environ["PYTHONPYCACHEPREFIX"] = f"{folder}/pyc"  # as installed: only the first start has to compile modules
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        return [line for release in releases for line in _release(Path(folder) / f"r{release}", release)]


def _anchor(release: str) -> str:
    """Say how long Go takes to render the template of the release; nothing where its program cannot."""
    try:
        with start_engine() as go:
            return f"; Go renders its template in {go.sidecar(release).best:.0f} µs" if go and release else ""
    except (OSError, ValueError):  # it ends when a template uses what only an injector has
        return ""


def _release(folder: Path, release: str) -> Iterator[str]:
    folder.mkdir()
    served = Served(folder, stock(release) if release else embedded(), flags=("--logLevel", "warning"))
    starts = []
    for _ in range(STARTS - 1):
        with served:
            starts.append(served.seconds_to_ready)
    with served:
        starts.append(served.seconds_to_ready)
        rows = [_row(served, connections) for connections in CONNECTIONS]
        usage = served.usage()
    yield f"{release or 'embedded default'}, TLS 1.3, kept connections, 2 workers{_anchor(release)}"
    yield f"{'connections':>11} {'requests/s':>11} {'p50 ms':>8} {'p99 ms':>8} {'CPU µs/request':>15} {'failed':>7}"
    yield from rows
    memory = ", ".join(f"{mb:.0f}" for mb in usage.worker_mb)
    ready = f"ready in {statistics.median(starts):.2f} s (best {min(starts):.2f})"
    yield f"memory: {memory} MB a worker (PSS), {usage.all_mb:.0f} MB in all; {ready}"
    yield f"targets: {TARGETS}"


def _row(served: Served, connections: int) -> str:
    generator.run(served, reviews(), seconds=0.5, connections=connections)  # the first requests find nothing compiled
    before = served.cpu_seconds()
    seen: Seen = generator.run(served, reviews(), seconds=SECONDS, connections=connections)
    cpu = (served.cpu_seconds() - before) / max(seen.requests, 1) * 1e6
    failed = seen.failed + seen.wrong
    return f"{connections:11d} {seen.rate:11.0f} {seen.p50_ms:8.1f} {seen.p99_ms:8.1f} {cpu:15.0f} {failed:7d}"
