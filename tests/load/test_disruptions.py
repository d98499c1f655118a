"""Nothing that is done to a running server loses a request. Each test takes some seconds; ``make load`` has the long form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.load import disruptions
from bench.load.configurations import embedded
from bench.load.disruptions import Disruption
from bench.load.served import Served

pytestmark = pytest.mark.usefixtures("go")
SECONDS = 4.0
LOSSLESS: dict[str, Callable[[Served, int], Disruption]] = {
    "certificates swapped": lambda served, seed: disruptions.swap_certificates(served, SECONDS, seed),
    "certificates torn": lambda served, seed: disruptions.tear_certificates(served, SECONDS),
    "ConfigMaps swapped": lambda served, seed: disruptions.swap_configurations(served, SECONDS, seed),
    "SIGHUP": lambda served, seed: disruptions.hang_up(served, SECONDS),
    "steward killed": lambda served, seed: disruptions.kill_steward(served, SECONDS),
}


@pytest.mark.parametrize("name", LOSSLESS)
def test_nothing_is_lost(served: Served, seed: int, name: str) -> None:
    done = LOSSLESS[name](served, seed)
    assert done.times >= 2
    assert done.seen.requests > 50
    assert (done.seen.failed, done.seen.wrong) == (0, 0), done.seen.errors


def test_a_killed_worker_takes_only_its_own_requests_along(served: Served) -> None:
    done = disruptions.kill_workers(served, SECONDS)
    assert done.times >= 2
    assert done.seen.wrong == 0
    assert done.seen.failed == done.seen.cut, (
        done.seen.errors
    )  # nobody is refused, nobody waits for the end of a time-out
    assert done.seen.cut <= done.times * (disruptions.CLIENTS + 2)
    served.until(lambda: len(served.workers()) == 2)


def test_two_replicas_are_restarted_in_turn(tmp_path: Path) -> None:
    flags = ("--logLevel", "warning", "--drain", "1")
    one = Served(disruptions.folder_for(tmp_path, "one"), embedded(), flags=flags)
    two = Served(disruptions.folder_for(tmp_path, "two"), embedded(), flags=flags, ca=one.ca)
    with one, two:
        done = disruptions.restart_replicas(one, two, 12.0)
    assert done.times >= 1
    assert (done.seen.failed, done.seen.wrong) == (0, 0), done.seen.errors
