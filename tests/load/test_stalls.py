"""Clients that stall keep nobody from being served. Each row takes some seconds; ``make load`` has the long form."""

from __future__ import annotations

import time

import pytest

from bench.load import generator, stalls
from bench.load.reviews import reviews
from bench.load.served import Served
from webhook.server.admission import LARGE_BODIES

BAD = 64


@pytest.mark.usefixtures("go")
@pytest.mark.parametrize("kind", stalls.KINDS)
def test_good_clients_are_served_beside_bad_ones(served: Served, kind: str) -> None:
    stall = stalls.measure(served, kind, BAD, 2.0)
    seen = stall.seen
    assert seen.bad_opened >= BAD
    assert (seen.failed, seen.wrong) == (0, 0), seen.errors
    assert seen.requests >= 2 * stalls.GOOD
    assert seen.max_ms < 9000  # the API server waits ten seconds by default


@pytest.mark.usefixtures("go")
def test_large_bodies_that_do_not_end_do_not_take_the_memory(served: Served) -> None:
    before = served.usage()
    with generator.start(served, reviews(), seconds=4.0, connections=2, bad="large", count=BAD) as load:
        time.sleep(3.0)
        during = served.usage()
        seen = load.result()
    assert (seen.failed, seen.wrong) == (0, 0), seen.errors
    assert (
        during.all_mb - before.all_mb < 2 * 2 * LARGE_BODIES / 1e6
    )  # two workers, and a body is held twice while it is put together
    assert seen.bad_closed > 0  # those that had no room were told so


def test_more_silent_clients_than_a_worker_takes(served: Served) -> None:
    """The connections of both workers are all taken; the handshake's deadline frees them in time for the others. Takes ten seconds."""
    stall = stalls.measure(served, "silent", 2100, 3.0)
    assert (stall.seen.failed, stall.seen.wrong) == (0, 0), stall.seen.errors
    assert stall.seen.requests >= stalls.GOOD
