"""Rewriting of probes: the kubelet asks the sidecar's agent instead of the application, and the agent knows where to ask.

A rewritten probe goes to ``/app-health/<container>/<kind>`` at the agent's status port; what it was before is listed in
the sidecar's environment. Hooks are rewritten alike, to ``/app-lifecycle/…``, from 1.25 on. All functions take
canonical containers and return new ones. Source: istio-inject-0.5-1.8, section 3.7; istio-inject-1.9-1.31, section 3.7.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from gotemplate.golib.strconv import NumError, atoi, parse_bool
from webhook.inject.containers import PROXY, Container
from webhook.kube import gojson

if TYPE_CHECKING:
    from webhook.config.release import Release

PROBERS_VARIABLE: Final = "ISTIO_KUBE_APP_PROBERS"
REWRITE_ANNOTATION: Final = "sidecar.istio.io/rewriteAppHTTPProbers"
STATUS_PORT_ANNOTATION: Final = "status.sidecar.istio.io/port"
KINDS: Final[Mapping[str, tuple[tuple[str, ...], str, str]]] = {
    "readiness": (("readinessProbe",), "/app-health/", "/readyz"),
    "liveness": (("livenessProbe",), "/app-health/", "/livez"),
    "startup": (("startupProbe",), "/app-health/", "/startupz"),
    "preStop": (("lifecycle", "preStop"), "/app-lifecycle/", "/prestopz"),
    "postStart": (("lifecycle", "postStart"), "/app-lifecycle/", "/poststartz"),
}
"""What may be rewritten: where it is in a container, and the path it goes to, before and after the container's name."""
_PLACES: Final = {kind: keys[0] for kind, (keys, _, _) in KINDS.items()}
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
    found: dict[str, Any] = {}
    for container in containers:
        for kind, name, handler in _rewritable(container, release):
            prober = _prober(handler, name, container, agent_port, release)
            if prober is not None:
                found[_location(kind, container)] = prober
    return {path: found[path] for path in sorted(found)}


def _rewritable(container: Container, release: Release) -> list[tuple[str, str, dict[str, Any]]]:
    """Return what of a container is rewritten: the kind, the name of its action, and the probe or hook itself."""
    if container.keys().isdisjoint(_PLACES.values()) or container.get("name") == PROXY:
        return []
    found = []
    for kind in release.rewritten_probes:
        place = _PLACES[kind]
        handler: dict[str, Any] | None = container.get(place)
        if place == "lifecycle" and handler is not None:
            handler = handler.get(kind)
        if handler is not None and (name := _action(handler, kind, release)):
            found.append((kind, name, handler))
    return found


def _action(handler: dict[str, Any], kind: str, release: Release) -> str:
    """Return the name of the action that is rewritten; empty for none. Hooks have no gRPC action."""
    for name in release.rewritten_handlers:
        if handler.get(name) is not None and not (name == "grpc" and kind in ("preStop", "postStart")):
            return name
    return ""


def _location(kind: str, container: Container) -> str:
    _, start, end = KINDS[kind]
    return f"{start}{container.get('name', '')}{end}"


def _prober(
    handler: dict[str, Any], name: str, container: Container, agent_port: int, release: Release
) -> dict[str, Any] | None:
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
    """Return what changes in a container when its probes and hooks go to the agent's port: probes by name, and its lifecycle."""
    changes: dict[str, Any] = {}
    for kind, name, handler in _rewritable(container, release):
        place = _PLACES[kind]
        new = _rewrite(handler, name, _location(kind, container), port, release)
        if place == "lifecycle":
            changes[place] = {**container[place], **changes.get(place, {}), kind: new}
        else:
            changes[place] = new
    return changes


def _rewrite(handler: dict[str, Any], name: str, location: str, port: int, release: Release) -> dict[str, Any]:
    if name != "httpGet":
        rest = {key: value for key, value in handler.items() if key != name}
        return {"httpGet": {"path": location, "port": port}, **rest}
    action: dict[str, Any] = {"path": "", "port": 0, **handler[name]}
    action["path"], action["port"] = location, port
    if action.get("scheme") == "HTTPS" and release.probe_rewrite != "action":
        action["scheme"] = "HTTP"
    return {**handler, "httpGet": action}


def rewrite_probes(container: Container, port: int, release: Release) -> Container:
    """Return a container whose probes and hooks go to the agent's port; the sidecar, and one without any, as it is."""
    changes = rewritten(container, port, release)
    return {**container, **changes} if changes else container
