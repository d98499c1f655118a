"""The list of networks that multus reads from a pod's annotation, and how Istio's CNI network gets into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webhook.kube import gojson

if TYPE_CHECKING:
    from webhook.config.release import Release


def append_network(existing: str, network: str, *, release: Release) -> str:
    """Return a list of networks, JSON or names with commas, with one more; since 1.9 only where it is not there yet.

    A JSON list gets a text inserted before its last bracket: what else is in it keeps its form. From 1.26 on the name
    of the network may have a namespace before a slash.
    """
    if not existing:
        return network
    at = existing.rfind("]")
    if release.multus_rule == "splice":
        return f"{existing}, {network}" if at < 0 else f'{existing[:at]}, {{"name": "{network}"}}{existing[at:]}'
    if at < 0:
        known = any(item.strip() == network for item in existing.split(","))
        return existing if known else f"{existing}, {network}"
    namespaced = release.multus_rule == "splice namespaced"
    namespace, _, name = network.rpartition("/") if namespaced else ("", "", network)
    if _lists(existing, name, namespace if namespaced else None):
        return existing
    return f"{existing[:at]}, {_element(name, namespace)}{existing[at:]}"


def _element(name: str, namespace: str) -> str:
    where = f', "namespace": "{namespace}"' if namespace else ""
    return f'{{"name": "{name}"{where}}}'


def _lists(text: str, name: str, namespace: str | None) -> bool:
    """Tell whether a JSON list has the network; also for a text that is no list of objects, which is left alone."""
    try:
        networks: Any = gojson.loads(text)
    except gojson.JsonError:
        return True
    if not isinstance(networks, list) or not all(item is None or isinstance(item, dict) for item in networks):
        return True
    found = [item or {} for item in networks]
    return any(
        item.get("name") == name and (namespace is None or (item.get("namespace") or "") == namespace) for item in found
    )
