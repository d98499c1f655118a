"""Ten thousand requests leave nothing behind: no memory, no thread, no socket. Takes about half a minute."""

from __future__ import annotations

import time

import pytest

from bench.load import generator
from bench.load.reviews import reviews
from bench.load.served import Served, Usage

MB = 6.0
"""What a worker may grow by: the counters' files and the last decisions fill up; a leak of 1 KB a request would be 5 MB a worker."""


@pytest.mark.usefixtures("go")
def test_ten_thousand_requests(served: Served) -> None:
    _send(served, 2000)
    before = _settled(served)
    _send(served, 10_000)
    after = _settled(served)
    assert len(after.worker_mb) == len(before.worker_mb)
    assert max(a - b for a, b in zip(after.worker_mb, before.worker_mb, strict=True)) < MB
    assert after.threads <= before.threads + 1
    assert after.sockets <= before.sockets + 2


def _send(served: Served, count: int) -> None:
    sent, end = 0, time.monotonic() + 120
    while sent < count and time.monotonic() < end:
        kept = generator.run(served, reviews(), seconds=2.0, connections=8)
        fresh = generator.run(served, reviews(), seconds=0.5, connections=8, fresh="true")
        sent += kept.requests + fresh.requests
        assert kept.failed + kept.wrong + fresh.failed + fresh.wrong == 0, (kept.errors, fresh.errors)
    assert sent >= count


def _settled(served: Served) -> Usage:
    time.sleep(0.5)  # connections that were closed are let go
    return served.usage()
