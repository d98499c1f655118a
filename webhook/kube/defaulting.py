"""The defaults that the API server of Kubernetes 1.9 to 1.10 gives to containers and volumes of a pod.

Istio up to 1.0 applied them to what it injected, so that the pod in the API server equals the patch; its patches show them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

Object = dict[str, Any]

_SOURCE_DEFAULTS: Final[dict[str, Object]] = {
    "azureDisk": {"cachingMode": "ReadWrite", "fsType": "ext4", "readOnly": False, "kind": "Shared"},
    "configMap": {"defaultMode": 420},
    "downwardAPI": {"defaultMode": 420},
    "hostPath": {"type": ""},
    "iscsi": {"iscsiInterface": "default"},
    "projected": {"defaultMode": 420},
    "rbd": {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
    "scaleIO": {"storageMode": "ThinProvisioned", "fsType": "xfs"},
    "secret": {"defaultMode": 420},
}
"""Volume source → fields that are set where they are absent. Source: pkg/apis/core/v1/defaults of Kubernetes."""


def with_defaults(part: str, item: Object) -> Object:
    """Return an item of one of the pod's lists (``initContainers``, ``containers``, ``volumes``) with its defaults filled in.

    Canonical in and out; items of other lists are as they were.
    """
    if part == "volumes":
        return _volume(item)
    return _container(item) if part in ("initContainers", "containers") else item


def _container(container: Object) -> Object:
    filled = {**container}
    if not container.get("imagePullPolicy"):
        filled["imagePullPolicy"] = "Always" if _is_latest(container.get("image", "")) else "IfNotPresent"
    filled["terminationMessagePath"] = container.get("terminationMessagePath") or "/dev/termination-log"
    filled["terminationMessagePolicy"] = container.get("terminationMessagePolicy") or "File"
    _each(filled, "ports", _port)
    _each(filled, "env", _environment)
    for name in ("livenessProbe", "readinessProbe"):
        if filled.get(name) is not None:
            filled[name] = _probe(filled[name])
    if filled.get("lifecycle"):
        filled["lifecycle"] = {hook: _with_http(action) for hook, action in filled["lifecycle"].items()}
    if (filled.get("resources") or {}).get("limits"):
        filled["resources"] = _resources(filled["resources"])
    return filled


def _is_latest(image: str) -> bool:
    """Tell whether an image reference has the tag ``latest``, by name or by lack of tag and digest."""
    name, at, _ = image.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    return tag == "latest" or (not tag and not at)


def _each(parent: Object, key: str, fill: Callable[[Object], Object]) -> None:
    if parent.get(key):
        parent[key] = [fill(item) for item in parent[key]]


def _port(port: Object) -> Object:
    return {**port, "protocol": port.get("protocol") or "TCP"}


def _environment(variable: Object) -> Object:
    source = variable.get("valueFrom") or {}
    if "fieldRef" not in source:
        return variable
    return {**variable, "valueFrom": {**source, "fieldRef": _field_reference(source["fieldRef"])}}


def _field_reference(reference: Object) -> Object:
    return {"apiVersion": "v1", **{k: v for k, v in reference.items() if k != "apiVersion" or v}}


def _probe(probe: Object) -> Object:
    numbers = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
    return {**_with_http(probe), **{name: probe.get(name) or default for name, default in numbers.items()}}


def _with_http(action: Object) -> Object:
    request = action.get("httpGet")
    if request is None:
        return action
    return {
        **action,
        "httpGet": {**request, "path": request.get("path") or "/", "scheme": request.get("scheme") or "HTTP"},
    }


def _resources(resources: Object) -> Object:
    return {**resources, "requests": {**resources["limits"], **(resources.get("requests") or {})}}


def _volume(volume: Object) -> Object:
    sources = [key for key in volume if key != "name"]
    if not sources:
        return {**volume, "emptyDir": {}}
    filled = dict(volume)
    for key in sources:
        source = volume[key] or {}
        defaults = {k: v for k, v in _SOURCE_DEFAULTS.get(key, {}).items() if not source.get(k)}
        filled[key] = {**source, **defaults}
        _each(filled[key], "items", _downward_item)
    return filled


def _downward_item(item: Object) -> Object:
    return {**item, "fieldRef": _field_reference(item["fieldRef"])} if "fieldRef" in item else item
