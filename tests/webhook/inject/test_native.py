"""Whether a sidecar is an init container: flag, nodes, annotation; and the move of the pod's own."""

from __future__ import annotations

import pytest

from webhook.config.release import release_of
from webhook.inject.native import supports_native, wants_native, with_proxy_moved
from webhook.inject.settings import Settings

NEW, OLD = "v1.33.0", "v1.28.15-gke.1"


@pytest.mark.parametrize(
    ("release", "flag", "nodes", "node", "expected"),
    [
        ("1.18", "true", {}, "", False),
        ("1.20", "", {"a": NEW}, "", False),
        ("1.20", "true", None, "", True),
        ("1.20", "T", None, "", True),
        ("1.20", "yes", None, "", False),
        ("1.27", "true", None, "", True),
        ("1.27", "false", {"a": NEW}, "", False),
        ("1.27", "auto", None, "", False),
        ("1.27", "", {}, "", True),
        ("1.27", "", {"a": NEW, "b": "v1.34.1+k3s1"}, "", True),
        ("1.27", "", {"a": NEW, "b": OLD}, "", False),
        ("1.27", "", {"a": NEW, "b": OLD}, "a", True),
        ("1.27", "", {"a": NEW, "b": OLD}, "b", False),
        ("1.27", "", {"a": NEW}, "unknown", True),
        ("1.27", "", {"a": "who knows"}, "", False),
        ("1.27", "", {"a": "v2"}, "", False),
    ],
)
def test_support(release: str, flag: str, nodes: dict[str, str] | None, node: str, expected: bool) -> None:
    settings = Settings(environment={"ENABLE_NATIVE_SIDECARS": flag} if flag else {}, nodes=nodes)
    pod = {"spec": {"nodeName": node} if node else {}}
    assert supports_native(pod, release_of(release), settings) is expected


@pytest.mark.parametrize(
    ("release", "annotation", "supported", "expected"),
    [
        ("1.23", "true", False, False),
        ("1.24", "true", False, True),
        ("1.24", "false", True, False),
        ("1.24", "yes", True, True),
        ("1.24", None, False, False),
    ],
)
def test_the_annotation_counts_from_1_24(release: str, annotation: str | None, supported: bool, expected: bool) -> None:
    annotations = {} if annotation is None else {"sidecar.istio.io/nativeSidecar": annotation}
    pod = {"metadata": {"annotations": annotations}}
    assert wants_native(pod, release_of(release), supported=supported) is expected


def test_the_pods_own_proxy_moves_to_the_end_of_the_init_containers() -> None:
    pod = {
        "spec": {
            "containers": [{"name": "istio-proxy", "image": "auto"}, {"name": "app"}],
            "initContainers": [{"name": "i"}],
        }
    }
    moved = with_proxy_moved(pod, {"spec": {"initContainers": [{"name": "istio-proxy"}]}})
    assert [item["name"] for item in moved["spec"]["containers"]] == ["app"]
    assert [item["name"] for item in moved["spec"]["initContainers"]] == ["i", "istio-proxy"]
    assert with_proxy_moved(pod, {"spec": {"containers": [{"name": "istio-proxy"}]}}) is pod
