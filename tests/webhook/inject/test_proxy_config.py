"""The pod's annotation over the mesh's ProxyConfig: replaced whole or merged, and whether the mesh shows it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from webhook.config.model import Snapshot
from webhook.config.proxy_configs import read_proxy_configs
from webhook.inject.errors import InjectError
from webhook.inject.proxy_config import mesh_and_proxy, mesh_of_pod

Configure = Callable[..., Snapshot]
TRACING = {"tracing": {"zipkin": {"address": "z:1"}}}


def metadata(text: str) -> dict[str, dict[str, str]]:
    return {"annotations": {"proxy.istio.io/config": text}}


@pytest.mark.parametrize(
    ("release", "offline", "keeps_zipkin", "shows_in_mesh"),
    [
        ("1.12", False, False, True),
        ("1.12", True, False, True),
        ("1.13", False, True, False),
        ("1.13", True, False, True),
    ],
)
def test_the_webhook_merges_from_1_13(
    configure: Configure, release: str, offline: bool, keeps_zipkin: bool, shows_in_mesh: bool
) -> None:
    snapshot = configure(release, sidecar="")
    snapshot = snapshot._replace(mesh=snapshot.mesh.with_proxy(TRACING))
    mesh, proxy = mesh_and_proxy(metadata("tracing: {sampling: 10}"), snapshot, offline=offline)
    tracing = proxy.get("tracing")
    assert tracing.get("sampling") == 10
    assert (tracing.get("zipkin") is not None) is keeps_zipkin
    assert (mesh.proxy.get("tracing").get("sampling") == 10) is shows_in_mesh


RESOURCES = """
kind: ProxyConfig
metadata: {name: root, namespace: istio-system}
spec: {concurrency: 1, environmentVariables: {A: root}}
---
kind: ProxyConfig
metadata: {name: cart, namespace: shop}
spec: {concurrency: 5, selector: {matchLabels: {app: cart}}}
"""


@pytest.mark.parametrize(
    ("labels", "annotations", "offline", "concurrency"),
    [
        ({}, {}, False, 1),
        ({"app": "cart"}, {}, False, 5),
        ({"app": "till"}, {"proxy.istio.io/config": "concurrency: 3"}, False, 3),
        ({"app": "cart"}, {"proxy.istio.io/config": "concurrency: 3"}, False, 5),
        ({"app": "cart"}, {}, True, None),
    ],
)
def test_resources_of_the_cluster_count_in_the_webhook(
    configure: Configure, labels: dict[str, str], annotations: dict[str, str], offline: bool, concurrency: int | None
) -> None:
    snapshot = configure("1.31", sidecar="")
    snapshot = snapshot._replace(proxy_configs=read_proxy_configs(RESOURCES, snapshot.release))
    pod = {"namespace": "shop", "labels": labels, "annotations": annotations}
    proxy = mesh_and_proxy(pod, snapshot, offline=offline)[1]
    assert proxy.get("concurrency") == concurrency
    assert proxy.get("proxy_metadata") == (None if offline else {"A": "root"})


def test_without_an_annotation_it_is_the_meshs(configure: Configure) -> None:
    snapshot = configure("1.20", sidecar="")
    assert mesh_of_pod({}, snapshot) is snapshot.mesh


@pytest.mark.parametrize("text", ["a: [", "concurrency: many"])
def test_what_cannot_be_read_is_an_error(configure: Configure, text: str) -> None:
    with pytest.raises(InjectError, match=r"^could not parse proxy config: "):
        mesh_of_pod(metadata(text), configure("1.20", sidecar=""))
