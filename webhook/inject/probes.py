"""Rewriting of probes: the kubelet asks the sidecar's agent instead of the application, and the agent knows where to ask.

A rewritten probe goes to ``/app-health/<container>/<kind>`` at the agent's status port; what it was before is listed in
the sidecar's environment. Hooks are rewritten alike, to ``/app-lifecycle/…``, from 1.25 on. All functions take
canonical containers and return new ones. Source: istio-inject-0.5-1.8, section 3.7; istio-inject-1.9-1.31, section 3.7.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from gotemplate.golib.strconv import NumError, atoi, parse_bool
from webhook.inject.containers import PROXY, Container
from webhook.kube import gojson

if TYPE_CHECKING:
    from webhook.config.release import Release

PROBERS_VARIABLE: Final = "ISTIO_KUBE_APP_PROBERS"
REWRITE_ANNOTATION: Final = "sidecar.istio.io/rewriteAppHTTPProbers"
STATUS_PORT_ANNOTATION: Final = "status.sidecar.istio.io/port"
KINDS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "readiness": (("readinessProbe",), "/app-health/{}/readyz"),
    "liveness": (("livenessProbe",), "/app-health/{}/livez"),
    "startup": (("startupProbe",), "/app-health/{}/startupz"),
    "preStop": (("lifecycle", "preStop"), "/app-lifecycle/{}/prestopz"),
    "postStart": (("lifecycle", "postStart"), "/app-lifecycle/{}/poststartz"),
}
"""What may be rewritten: where it is in a container, and the path it goes to."""
_PLACES: Final = frozenset(keys[0] for keys, _ in KINDS.values())
_STATUS_PORT: Final = re.compile(r"-{1,2}statusPort(?:=([0-9]+))?")
NO_PORT: Final = -1


def wants_rewrite(annotations: Mapping[str, str], configured: bool, release: Release) -> bool:
    """Tell whether probes are to be rewritten: as the annotation says, where it says something, else as configured."""
    if release.probe_rewrite == "no":
        return False
    value = annotations.get(REWRITE_ANNOTATION) if release.probe_rewrite_annotation else None
    if value is None:
        return configured
    try:
        return parse_bool(value)
    except NumError:
        return configured


def status_port(sidecar: Container, annotations: Mapping[str, str], mesh_port: int, release: Release) -> int:
    """Return the agent's status port; ``NO_PORT`` where nobody knows it (to 1.5), 0 for an annotation that is no number."""
    if release.probe_rewrite != "probe by mesh":
        return _port_of_arguments(sidecar.get("args") or [])
    text = annotations.get(STATUS_PORT_ANNOTATION)
    if text is None:
        return mesh_port
    try:
        return atoi(text)
    except NumError:  # Istio logs it
        return 0


def _port_of_arguments(arguments: list[str]) -> int:
    for index, argument in enumerate(arguments):
        match = _STATUS_PORT.fullmatch(argument.strip())
        if match is None:
            continue
        text = match[1] or (arguments[index + 1] if index + 1 < len(arguments) else "")
        try:
            return atoi(text)
        except NumError:
            return NO_PORT
    return NO_PORT


def list_probers(containers: Iterable[Container], release: Release, agent_port: int = NO_PORT) -> dict[str, Any]:
    """Return what the agent has to ask, by path, in the order in which Go prints the map.

    containers: those of the pod; the sidecar is left out. agent_port: a probe that goes there has been rewritten
    before (from 1.9 on). A probe of a named port that the container does not have is not listed.
    """
    found = {
        path: probe
        for container in containers
        if container.get("name") != PROXY
        for path, handler in _handlers(container, release)
        if (probe := _prober(handler, container, agent_port, release)) is not None
    }
    return {path: found[path] for path in sorted(found)}


def _handlers(container: Container, release: Release) -> Iterator[tuple[str, dict[str, Any]]]:
    """Iterate over path and handler of what a container has to be rewritten."""
    if _PLACES.isdisjoint(container):
        return
    for kind in release.rewritten_probes:
        keys, path = KINDS[kind]
        handler: Any = container
        for key in keys:
            handler = (handler or {}).get(key)
        if handler is not None and _handler_kind(handler, kind, release):
            yield path.format(container.get("name", "")), handler


def _handler_kind(handler: dict[str, Any], kind: str, release: Release) -> str:
    """Return which of its actions is rewritten; empty for none. Hooks have no gRPC action."""
    for name in release.rewritten_handlers:
        if handler.get(name) is not None and not (name == "grpc" and kind in ("preStop", "postStart")):
            return name
    return ""


def _prober(handler: dict[str, Any], container: Container, agent_port: int, release: Release) -> dict[str, Any] | None:
    name = next(name for name in release.rewritten_handlers if handler.get(name) is not None)
    action: dict[str, Any] = handler[name]
    if name != "grpc":
        port = _resolved(action.get("port", 0), container, agent_port)
        if port is None:
            return None
        action = _with_port(action, port)
    if release.probe_rewrite in ("action", "action over http"):
        return action
    timeout = handler.get("timeoutSeconds")
    return {name: action, "timeoutSeconds": timeout} if timeout else {name: action}


def _resolved(port: int | str, container: Container, agent_port: int) -> int | None:
    """Return the number of a port, of ports with one name the last; None for an unknown name, and for the agent's number."""
    if isinstance(port, int):
        return None if port == agent_port else port
    ports = reversed(container.get("ports") or ())
    return next((item.get("containerPort", 0) for item in ports if port and item.get("name") == port), None)


def _with_port(action: dict[str, Any], port: int) -> dict[str, Any]:
    """Return an action with another port; members stay in Go's order, in which the port follows the path."""
    if "port" in action:
        return {**action, "port": port}
    path = {"path": action["path"]} if "path" in action else {}
    return {**path, "port": port, **{key: value for key, value in action.items() if key != "path"}}


def write_probers(probers: Mapping[str, Any]) -> str:
    """Return the value of the sidecar's variable: compact JSON."""
    return gojson.dumps(dict(probers), sort_keys=False)


def rewritten(container: Container, port: int, release: Release) -> dict[str, dict[str, Any]]:
    """Return the probes of a container that are rewritten, by name of the probe; hooks are not among them."""
    if container.get("name") == PROXY:
        return {}
    return {
        KINDS[kind][0][0]: _rewrite(container[KINDS[kind][0][0]], KINDS[kind][1], kind, container, port, release)
        for kind in release.rewritten_probes
        if len(KINDS[kind][0]) == 1
        and container.get(KINDS[kind][0][0]) is not None
        and _handler_kind(container[KINDS[kind][0][0]], kind, release)
    }


def _rewrite(
    handler: dict[str, Any], path: str, kind: str, container: Container, port: int, release: Release
) -> dict[str, Any]:
    name = _handler_kind(handler, kind, release)
    location = path.format(container.get("name", ""))
    rest = {key: value for key, value in handler.items() if key != name}
    if name != "httpGet":
        return {"httpGet": {"path": location, "port": port}, **rest}
    action = {"path": location, "port": port, **{k: v for k, v in handler[name].items() if k not in ("path", "port")}}
    if action.get("scheme") == "HTTPS" and release.probe_rewrite != "action":
        action["scheme"] = "HTTP"
    return {name: action, **rest}


def rewrite_probes(container: Container, port: int, release: Release) -> Container:
    """Return a container whose probes and hooks go to the agent's port; the sidecar, and one without any, as it is."""
    if container.get("name") == PROXY or _PLACES.isdisjoint(container):
        return container
    changed: Container = {**container, **rewritten(container, port, release)}
    hooks = {kind: KINDS[kind] for kind in release.rewritten_probes if len(KINDS[kind][0]) == 2}
    lifecycle = container.get("lifecycle") or {}
    new = {
        kind: _rewrite(lifecycle[kind], path, kind, container, port, release)
        for kind, (_, path) in hooks.items()
        if lifecycle.get(kind) is not None and _handler_kind(lifecycle[kind], kind, release)
    }
    if new:
        changed["lifecycle"] = {**lifecycle, **new}
    return changed
