"""The ways an object gets to the API server: dry-run, generated names, server-side apply, sub-resources, v1beta1."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e.webhooks import PATHS, PODS, Cluster, client_config, configuration, is_injected, names

from bench.load.configurations import stock
from bench.load.served import Served

EVERYTHING = {**PODS, "resources": ["pods", "pods/*"], "operations": ["CREATE", "UPDATE", "DELETE", "CONNECT"]}


@pytest.fixture(scope="module")
def server(cluster: Cluster, upstream: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("server")
    with Served(folder, stock("0.8.0", upstream)) as server:
        client = client_config(server.url, folder / "ca")
        with cluster.registered(
            configuration("remora", client, rules=[EVERYTHING], admissionReviewVersions=["v1beta1", "v1"])
        ):
            yield server


Pod = Callable[..., dict[str, Any]]


def test_dry_run(cluster: Cluster, server: Served, namespace: Callable[..., str], pod: Pod) -> None:
    name = namespace(istio_injection="enabled")
    assert is_injected(cluster.created(name, pod(), "?dryRun=All"))
    assert cluster.pods(name) == []


def test_generated_name(cluster: Cluster, server: Served, namespace: Callable[..., str], pod: Pod) -> None:
    name = namespace(istio_injection="enabled")
    stored = cluster.created(name, pod(None, generateName="web-"))
    assert is_injected(stored)
    assert stored["metadata"]["name"].startswith("web-")


def test_server_side_apply(cluster: Cluster, server: Served, namespace: Callable[..., str], pod: Pod) -> None:
    name = namespace(istio_injection="enabled")
    path = PATHS["Pod"].format(name) + "/web?fieldManager=test"
    status, stored = cluster.plane.request("PATCH", path, pod(), "application/apply-patch+yaml")
    assert status == 201
    assert is_injected(stored)
    status, again = cluster.plane.request("PATCH", path, pod(), "application/apply-patch+yaml")
    assert status == 200
    assert names(again) == names(stored)


def test_an_ephemeral_container_changes_nothing_else(
    cluster: Cluster, server: Served, namespace: Callable[..., str], pod: Pod
) -> None:
    name = namespace(istio_injection="enabled")
    stored = cluster.created(name, pod())
    debugger = {"name": "debugger", "image": "registry.example.com/debug:1"}
    patch = {"spec": {"ephemeralContainers": [debugger]}}
    path = PATHS["Pod"].format(name) + "/web/ephemeralcontainers"
    status, changed = cluster.plane.request("PATCH", path, patch, "application/strategic-merge-patch+json")
    assert status == 200, changed
    assert [c["name"] for c in changed["spec"]["ephemeralContainers"]] == ["debugger"]
    kept = copy.deepcopy(changed["spec"])
    del kept["ephemeralContainers"]
    assert kept == stored["spec"]


def test_an_injected_pod_is_updated_and_deleted_as_it_is(
    cluster: Cluster, server: Served, namespace: Callable[..., str], pod: Pod
) -> None:
    name = namespace(istio_injection="enabled")
    stored = cluster.created(name, pod())
    path = PATHS["Pod"].format(name) + "/web"
    status, changed = cluster.plane.request(
        "PATCH", path, {"metadata": {"labels": {"tier": "front"}}}, "application/merge-patch+json"
    )
    assert status == 200, changed
    assert changed["spec"] == stored["spec"]
    assert cluster.plane.request("DELETE", path)[0] == 200


def test_a_big_pod(cluster: Cluster, server: Served, namespace: Callable[..., str], pod: Pod) -> None:
    name = namespace(istio_injection="enabled")
    stored = cluster.created(name, pod(annotations={"note": "n" * 250_000}))
    assert is_injected(stored)
