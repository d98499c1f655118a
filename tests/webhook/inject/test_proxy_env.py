"""Environment of the proxy from the request's path, values and labels."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from webhook.config.release import release_of
from webhook.inject.proxy_env import path_environment, proxy_environment, with_environment

CLUSTER, NETWORK = "ISTIO_META_CLUSTER_ID", "ISTIO_META_NETWORK"
PATHS = [
    ("1.6.0", "/inject/a/cluster/c/net/n", {}),
    ("1.6.10", "/inject/cluster/c/net/n", {CLUSTER: "c", NETWORK: "n"}),
    ("1.6.10", "/inject/c", {}),
    ("1.8.6", "/inject/cluster/c/net/n/", {CLUSTER: "c", NETWORK: "n"}),
    ("1.8.6", "/inject/foo_bar/x/odd", {"FOO_BAR": "x"}),
    ("1.8.6", "/inject", {}),
    ("1.9.9", "/inject/:ENV:a=b", {}),
    ("1.10.6", "/inject/:ENV:cluster=c=d:ENV:x=:ENV:=y:ENV:net", {CLUSTER: "c=d", "X": ""}),
    ("1.14.6", "/inject/net/a--slash--b", {NETWORK: "a--slash--b"}),
    ("1.15.7", "/inject/net/a--slash--b", {NETWORK: "a/b"}),
]


@pytest.mark.parametrize(("version", "path", "expected"), PATHS)
def test_path(version: str, path: str, expected: dict[str, str]) -> None:
    assert path_environment(path, release_of(version)) == expected


@pytest.mark.parametrize(
    ("version", "labels", "path", "expected"),
    [
        ("1.7.8", {}, "", {}),
        ("1.8.6", {}, "", {CLUSTER: "vc", NETWORK: "vn"}),
        ("1.8.6", {}, "/inject/net/un", {CLUSTER: "vc", NETWORK: "un"}),
        ("1.8.6", {"topology.istio.io/network": "ln"}, "/inject/net/un", {CLUSTER: "vc", NETWORK: "ln"}),
        ("1.31.0", {"topology.istio.io/network": ""}, "", {CLUSTER: "vc"}),
        ("1.31.0", {"topology.istio.io/network": ""}, "/inject/net/un", {CLUSTER: "vc", NETWORK: "un"}),
    ],
)
def test_precedence(version: str, labels: dict[str, str], path: str, expected: dict[str, str]) -> None:
    values = {"global": {"network": "vn", "multiCluster": {"clusterName": "vc"}}}
    snapshot = SimpleNamespace(release=release_of(version), values=values)
    assert proxy_environment({"labels": labels}, path, snapshot) == expected  # type: ignore[arg-type]


def test_a_variable_is_moved_to_the_end() -> None:
    container = {"name": "istio-proxy", "env": [{"name": NETWORK, "value": "old"}, {"name": "A", "value": "a"}]}
    changed = with_environment(container, {NETWORK: "new", "EMPTY": ""})
    assert changed["env"] == [{"name": "A", "value": "a"}, {"name": NETWORK, "value": "new"}, {"name": "EMPTY"}]
