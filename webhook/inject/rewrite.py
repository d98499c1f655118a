"""The step that rewrites probes in a merged pod (since 1.9): the list for the agent, and the pod's own probes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from operator import is_not
from typing import TYPE_CHECKING, Any, Final

from gotemplate.golib.strconv import NumError, parse_bool
from webhook.inject.containers import (
    CONTAINERS,
    INIT_CONTAINERS,
    PROXY,
    Container,
    find_in_pod,
    of_pod,
    with_list,
    with_variable,
)
from webhook.inject.previous import annotations_of, is_injected
from webhook.inject.probes import (
    PROBERS_VARIABLE,
    list_probers,
    rewrite_probes,
    status_port,
    wants_rewrite,
    write_probers,
)
from webhook.kube import gojson
from webhook.kube.schema import DecodeError, Schema, load_schema

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.config.release import Release
    from webhook.inject.outcome import Pod
    from webhook.inject.settings import Settings
    from webhook.mesh.mesh import Mesh

TCP_FLAG: Final = "REWRITE_TCP_PROBES"
_PROBER: Final = "istio/inject.Prober"
_ACTIONS: Final = {
    "httpGet": "HTTPGet httpGet *core/v1.HTTPGetAction omitempty",
    "tcpSocket": "TCPSocket tcpSocket *core/v1.TCPSocketAction omitempty",
    "grpc": "GRPC grpc *core/v1.GRPCAction omitempty",
}
_TIMEOUT: Final = "TimeoutSeconds timeoutSeconds int32 omitempty"


def with_rewritten_probes(pod: Pod, mesh: Mesh, snapshot: Snapshot, settings: Settings) -> Pod:
    """Return the pod with probes that go to the agent, where the pod or the values ask for it and it has a sidecar."""
    release = _as_flagged(snapshot.release, settings.environment.get(TCP_FLAG, ""))
    sidecar, annotations = find_in_pod(PROXY, pod, release), annotations_of(pod)
    if sidecar is None or not wants_rewrite(annotations, _is_configured(snapshot), release):
        return pod
    agent_port: int = mesh.proxy.get("status_port", 0)
    parts = (INIT_CONTAINERS, CONTAINERS) if release.probes_of_init_containers else (CONTAINERS,)
    probers = list_probers([item for part in parts for item in of_pod(pod, part)], release, agent_port)
    told = _with_probers(sidecar, probers, pod, release) if probers else sidecar
    port = status_port(sidecar, annotations, agent_port, release)
    for part in parts:
        containers = of_pod(pod, part)
        changed = [told if item is sidecar else rewrite_probes(item, port, release) for item in containers]
        if any(map(is_not, changed, containers)):
            pod = with_list(pod, part, changed)
    return pod


@cache
def _as_flagged(release: Release, flag: str) -> Release:
    """Return the release as it is with its flag for TCP probes, which it has until 1.18."""
    if release.native_sidecars != "no":
        return release
    try:
        rewrites = parse_bool(flag)
    except NumError:
        rewrites = True
    if rewrites:
        return release
    kinds = tuple(kind for kind in release.rewritten_handlers if kind != "tcpSocket")
    return release.changed(rewritten_handlers=kinds)


def _is_configured(snapshot: Snapshot) -> bool:
    webhook = (snapshot.values or {}).get("sidecarInjectorWebhook")
    return isinstance(webhook, Mapping) and webhook.get("rewriteAppHTTPProbe") is True


def _with_probers(sidecar: Container, probers: Mapping[str, Any], pod: Pod, release: Release) -> Container:
    """Return the sidecar with the list of probes; one of an earlier injection is completed, and what it says wins."""
    schema = _schema(release)
    printed = {path: schema.encode(_PROBER, prober) for path, prober in probers.items()}
    if not is_injected(pod) or release.probers_of_injected == "append":
        return with_variable(sidecar, PROBERS_VARIABLE, write_probers(printed))
    variables = sidecar.get("env") or []
    place = next((index for index, item in enumerate(variables) if item.get("name") == PROBERS_VARIABLE), None)
    if place is None:
        merges_only = release.probers_of_injected == "merge"
        return sidecar if merges_only else with_variable(sidecar, PROBERS_VARIABLE, write_probers(printed))
    known = _read_probers(variables[place].get("value", ""), schema)
    if known is None:
        return sidecar
    merged = {**printed, **known}
    text = write_probers({path: merged[path] for path in sorted(merged)})
    changed = [*variables[:place], {"name": PROBERS_VARIABLE, "value": text}, *variables[place + 1 :]]
    return {**sidecar, "env": changed}


@cache
def _schema(release: Release) -> Schema:
    schema = load_schema(release.kube_version)
    kinds = [kind for kind in _ACTIONS if kind in ("httpGet", *release.rewritten_handlers)]
    schema.tables.declare(_PROBER, (*(_ACTIONS[kind] for kind in kinds), _TIMEOUT))
    return schema


def _read_probers(text: str, schema: Schema) -> dict[str, Any] | None:
    try:
        document: Any = gojson.loads(text, numbers="number")
        if not isinstance(document, dict):
            return {} if document is None else None
        return {
            path: None if prober is None else schema.encode(_PROBER, schema.decode(_PROBER, prober, coerce=False))
            for path, prober in document.items()
        }
    except (gojson.JsonError, DecodeError):  # Istio logs it and leaves the variable alone
        return None
