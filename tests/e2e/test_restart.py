"""Two replicas behind a balancer that follows readiness are restarted in turn while pods are created: no creation fails."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from e2e.test_rotation import Creation
from e2e.webhooks import Cluster, client_config, configuration, serving

from bench.load.balancer import Balancer
from bench.load.configurations import stock
from bench.load.disruptions import folder_for
from bench.load.served import Served


def test_a_rolling_restart(
    cluster: Cluster, namespace: Callable[..., str], pod: Callable[..., dict[str, Any]], upstream: Path, tmp_path: Path
) -> None:
    """Takes twenty seconds: each of four stops drains first."""
    config, flags = stock("0.8.0", upstream), ("--drain", "1.5")
    creation = Creation(cluster, namespace(istio_injection="enabled"), pod)
    with (
        Served(folder_for(tmp_path, "one"), config, flags=flags) as one,
        Served(folder_for(tmp_path, "two"), config, flags=flags, ca=one.ca) as two,
        Balancer([one.port, two.port], [one.ready, two.ready]) as balancer,
        cluster.registered(configuration("restarting", client_config(balancer.url, one.folder / "ca"))),
        creation.running(),
    ):
        for turn in range(4):
            leaving = (one, two)[turn % 2]
            leaving.send(signal.SIGTERM)
            assert leaving.process is not None
            assert leaving.process.wait(30) == 0
            leaving.start()
            balancer.wait_for(turn % 2)


def test_a_reload_by_signal(
    cluster: Cluster, namespace: Callable[..., str], pod: Callable[..., dict[str, Any]], upstream: Path, tmp_path: Path
) -> None:
    """Takes several seconds: SIGHUP replaces all workers of one server, three times."""
    creation = Creation(cluster, namespace(istio_injection="enabled"), pod)
    with serving(cluster, tmp_path, stock("0.8.0", upstream), "reloading") as server, creation.running():
        for _ in range(3):
            before = server.workers()
            server.send(signal.SIGHUP)
            server.until(lambda before=before: not set(before) & set(server.workers()) and len(server.workers()) == 2)
