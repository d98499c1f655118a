"""A control plane for all end-to-end tests, a server of ours on it, and namespaces by the dozen."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e.kube_control_plane import SIGNING_CONTROLLER, WORKLOAD_CONTROLLERS, ControlPlane, locate_binaries
from e2e.webhooks import Cluster

HOW = "make e2e-assets builds etcd, kube-apiserver, kube-controller-manager and kubectl once; or set KUBEBUILDER_ASSETS to a folder of them"
PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager", "kubectl")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.loopback)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The API server; the tests are skipped where its programs are not at hand."""
    try:
        locate_binaries(PROGRAMS)
    except RuntimeError:
        pytest.skip(f"no control plane: {HOW}")
    folder = tmp_path_factory.mktemp("kube")
    with ControlPlane(folder, controllers=(*WORKLOAD_CONTROLLERS, SIGNING_CONTROLLER)) as plane:
        yield Cluster(plane)


@pytest.fixture
def namespace(cluster: Cluster) -> Callable[..., str]:
    """Make a namespace with labels; nothing deletes it, each has a name of its own."""

    def make(**labels: str) -> str:
        name = f"ns-{next(_numbers)}"
        cluster.plane.ensure_namespace(
            name, {key.replace("__", "/").replace("_", "-"): value for key, value in labels.items()}
        )
        return name

    return make


_numbers = itertools.count(1)


@pytest.fixture
def pod() -> Callable[..., dict[str, Any]]:
    """Make a small pod: metadata by keyword, spec beside."""

    def make(name: str = "web", *, spec: dict[str, Any] | None = None, **metadata: Any) -> dict[str, Any]:
        base = {
            "containers": [
                {"name": "app", "image": "registry.example.com/shop/web:1.7.3", "ports": [{"containerPort": 8080}]}
            ]
        }
        head = {"name": name, "labels": {"app": "web"}, **metadata}
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {k: v for k, v in head.items() if v is not None},
            "spec": {**base, **(spec or {})},
        }

    return make
