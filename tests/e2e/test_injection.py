"""Pods of every kind of workload, with the stock ConfigMaps of several releases, are stored with a sidecar. Minutes in all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e.webhooks import Cluster, is_injected, names, serving
from e2e.workloads import workload

from bench.load.configurations import stock

RELEASES = ("0.5.1", "0.8.0", "1.20.8", "1.30.3")
KINDS = ("Pod", "Deployment", "Job", "StatefulSet", "DaemonSet")


@pytest.fixture(scope="module", params=RELEASES)
def release(
    request: pytest.FixtureRequest, cluster: Cluster, upstream: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("server")
    cluster.make_node("node-1")  # for the DaemonSet
    with serving(cluster, folder, stock(request.param, upstream), "remora"):
        yield request.param


@pytest.mark.parametrize("kind", KINDS)
def test_pods_of_a_workload_are_injected(
    cluster: Cluster, namespace: Callable[..., str], release: str, kind: str
) -> None:
    name = namespace(istio_injection="enabled")
    cluster.created(name, workload(kind))
    (pod,) = cluster.wait_for_pods(name)
    assert is_injected(pod), names(pod)
    assert "app" in names(pod)
    app = next(c for c in pod["spec"]["containers"] if c["name"] == "app")
    assert any(m["mountPath"].endswith("serviceaccount") for m in app["volumeMounts"])


@pytest.mark.parametrize(("labels", "metadata"), [
    ({}, {}),
    ({"istio_injection": "disabled"}, {}),
    ({"istio_injection": "enabled"}, {"annotations": {"sidecar.istio.io/inject": "false"}}),
], ids=["no label", "namespace off", "annotation"])  # fmt: skip
def test_others_are_left_alone(
    cluster: Cluster, namespace: Callable[..., str], release: str, labels: dict[str, str], metadata: dict[str, Any]
) -> None:
    name = namespace(**labels)
    cluster.created(name, workload("Deployment", **metadata))
    (pod,) = cluster.wait_for_pods(name)
    assert names(pod) == ["app"]
    assert not is_injected(pod)


def test_a_cron_job(cluster: Cluster, namespace: Callable[..., str], upstream: Path, tmp_path: Path) -> None:
    """Takes up to a minute: a CronJob cannot be due earlier."""
    name = namespace(istio_injection="enabled")
    with serving(cluster, tmp_path, stock("0.8.0", upstream), "remora-cron"):
        cluster.created(name, workload("CronJob"))
        (pod, *_) = cluster.wait_for_pods(name, seconds=90)
    assert is_injected(pod)
    assert pod["metadata"]["ownerReferences"][0]["kind"] == "Job"
