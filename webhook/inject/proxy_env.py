"""Environment of the proxy that does not come from the template: cluster and network of the request's path, of values, of a label.

Source: istio-inject-0.5-1.8, section 3.8; istio-inject-1.9-1.31, sections 3.3 and 5.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.config.release import Release

CLUSTER: Final = "ISTIO_META_CLUSTER_ID"
NETWORK: Final = "ISTIO_META_NETWORK"
NETWORK_LABEL: Final = "topology.istio.io/network"
_NAMES: Final = {"cluster": CLUSTER, "net": NETWORK}
_PREFIX: Final = "/inject/"
_ENV_MARK: Final = ":ENV:"
_SLASH: Final = "--slash--"
_SHORTEST_OLD_PATH: Final = 5


def path_environment(path: str, release: Release) -> dict[str, str]:
    """Return the variables that the path of a request sets, in the order of the path."""
    if release.url_parameters == "no" or not path.startswith(_PREFIX):
        return {}
    if release.url_parameters == "cluster and net":
        return _cluster_and_network(path)
    return dict(_pairs(path.removeprefix(_PREFIX).removesuffix("/"), release))


def _cluster_and_network(path: str) -> dict[str, str]:
    """Read ``…/cluster/<c>/net/<n>`` by place, whatever the words are: 1.6.10 to 1.7."""
    segments = path.split("/")
    if len(segments) < _SHORTEST_OLD_PATH:
        return {}
    found = {CLUSTER: segments[-3], NETWORK: segments[-1]}
    return {name: value for name, value in found.items() if value}


def _pairs(rest: str, release: Release) -> Iterator[tuple[str, str]]:
    if release.url_env_syntax and rest.startswith(_ENV_MARK):
        for item in rest.split(_ENV_MARK):
            key, equals, value = item.partition("=")
            if key and equals:
                yield _variable(key), value
        return
    words = rest.split("/")
    for key, value in zip(words[::2], words[1::2], strict=False):  # a last key without value is dropped
        if key:
            yield _variable(key), value.replace(_SLASH, "/") if release.url_slash_escape else value


def _variable(key: str) -> str:
    return _NAMES.get(key) or key.upper()


def proxy_environment(metadata: Mapping[str, Any], path: str, snapshot: Snapshot) -> dict[str, str]:
    """Return the variables that replace the template's, sorted by name.

    From 1.8 on cluster and network also come from the values, and the pod's label for the network wins over both.
    """
    release = snapshot.release
    found = path_environment(path, release)
    if release.url_parameters == "pairs":
        for name, value in _of_configuration(metadata, snapshot).items():
            if value and ((name == NETWORK and NETWORK_LABEL in (metadata.get("labels") or {})) or not found.get(name)):
                found[name] = value
    return {name: found[name] for name in sorted(found)}


def _of_configuration(metadata: Mapping[str, Any], snapshot: Snapshot) -> dict[str, str]:
    chart = (snapshot.values or {}).get("global")
    chart = chart if isinstance(chart, Mapping) else {}
    clusters = chart.get("multiCluster")
    cluster = clusters.get("clusterName") if isinstance(clusters, Mapping) else ""
    network = (metadata.get("labels") or {}).get(NETWORK_LABEL, chart.get("network"))
    return {CLUSTER: str(cluster or ""), NETWORK: str(network or "")}


def with_environment(container: dict[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Return a container in which some variables have other values; they come last."""
    kept = [item for item in container.get("env") or () if item.get("name", "") not in environment]
    added = [{"name": name, "value": value} if value else {"name": name} for name, value in environment.items()]
    return {**container, "env": [*kept, *added]}
