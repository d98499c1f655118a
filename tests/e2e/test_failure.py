"""What users see when the webhook is down, slow, or says no: by failure policy, and in kubectl's words."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e.webhooks import Cluster, client_config, configuration, is_injected, names, serving

from bench.load.configurations import stock
from bench.load.served import Served, free_port

BAD = {"traffic.sidecar.istio.io/includeOutboundIPRanges": "10.0.0.0/99"}
Pod = Callable[..., dict[str, Any]]
Namespace = Callable[..., str]


@pytest.fixture(scope="module")
def server(upstream: Path, tmp_path_factory: pytest.TempPathFactory, cluster: Cluster) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("server"), stock("0.8.0", upstream)) as server:
        yield server


@pytest.mark.parametrize(("policy", "status"), [("Fail", 500), ("Ignore", 201)])
def test_down(cluster: Cluster, server: Served, namespace: Namespace, pod: Pod, policy: str, status: int) -> None:
    name = namespace(istio_injection="enabled")
    client = client_config(f"https://127.0.0.1:{free_port()}", server.folder / "ca")
    with cluster.registered(configuration("down", client, failurePolicy=policy)):
        code, answer = cluster.create(name, pod())
    assert code == status
    if policy == "Fail":
        assert "failed calling webhook" in answer["message"] and "connection refused" in answer["message"]
    else:
        assert names(answer) == ["app"]


@pytest.mark.parametrize(("policy", "status"), [("Fail", 500), ("Ignore", 201)])
def test_too_slow(cluster: Cluster, server: Served, namespace: Namespace, pod: Pod, policy: str, status: int) -> None:
    name = namespace(istio_injection="enabled")
    with cluster.registered(
        configuration("slow", client_config(server.url, server.folder / "ca"), failurePolicy=policy, timeoutSeconds=1)
    ):
        _signal(server, signal.SIGSTOP)
        try:
            started = time.monotonic()
            code, answer = cluster.create(name, pod())
            assert time.monotonic() - started < 5
        finally:
            _signal(server, signal.SIGCONT)
        assert code == status
        assert policy == "Ignore" or "deadline exceeded" in answer["message"] or "Client.Timeout" in answer["message"]
        assert is_injected(cluster.created(name, pod("next")))


def _signal(server: Served, number: int) -> None:
    for pid in server.workers() if number == signal.SIGSTOP else server.family()[1:]:
        os.kill(pid, number)


def test_a_refusal_in_kubectls_words(cluster: Cluster, server: Served, namespace: Namespace, pod: Pod) -> None:
    name = namespace(istio_injection="enabled")
    for policy in ("Fail", "Ignore"):  # a refusal is an answer: the policy does not matter
        with cluster.registered(
            configuration("refusal", client_config(server.url, server.folder / "ca"), failurePolicy=policy)
        ):
            done = cluster.plane.kubectl(
                "-n", name, "create", "-f", "-", stdin=json.dumps(pod(annotations=BAD)), check=False
            )
        assert done.returncode == 1
        assert 'admission webhook "refusal.remora.test" denied the request: ' in done.stderr
        assert "includeOutboundIPRanges" in done.stderr and "10.0.0.0/99" in done.stderr
    assert cluster.pods(name) == []


def test_a_replica_set_says_why_it_has_no_pods(cluster: Cluster, server: Served, namespace: Namespace) -> None:
    from e2e.workloads import workload

    name = namespace(istio_injection="enabled")
    with cluster.registered(configuration("refusal", client_config(server.url, server.folder / "ca"))):
        cluster.created(name, workload("Deployment", annotations=BAD))

        def conditions() -> list[dict[str, Any]]:
            sets = cluster.plane.request("GET", f"/apis/apps/v1/namespaces/{name}/replicasets")[1]["items"]
            return [c for s in sets for c in s.get("status", {}).get("conditions", []) if c["type"] == "ReplicaFailure"]

        cluster.until(lambda: bool(conditions()), what="ReplicaFailure")
        assert "includeOutboundIPRanges" in conditions()[0]["message"]


def test_a_warning_in_kubectls_words(
    cluster: Cluster, namespace: Namespace, pod: Pod, upstream: Path, tmp_path: Path
) -> None:
    name = namespace(istio_injection="enabled")
    with serving(cluster, tmp_path, stock("0.8.0", upstream), "lenient", flags=("--onError", "allow")):
        done = cluster.plane.kubectl("-n", name, "create", "-f", "-", stdin=json.dumps(pod(annotations=BAD)))
    assert done.stdout == "pod/web created\n"
    assert done.stderr.startswith("Warning: not injected: ")
    assert "includeOutboundIPRanges" in done.stderr
    assert names(cluster.pods(name)[0]) == ["app"]
