"""The in-place edit of kube-inject up to 1.7, as a function: pod template in, new pod template out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webhook.inject.containers import PROXY
from webhook.inject.fs_group import with_fs_group
from webhook.inject.hold import holds_application
from webhook.inject.pod_labels import REVISION, TLS_MODE
from webhook.inject.probes import (
    NO_PORT,
    PROBERS_VARIABLE,
    list_probers,
    rewrite_probes,
    status_port,
    wants_rewrite,
    write_probers,
)
from webhook.inject.scrape import merges_metrics, scrape_annotations
from webhook.inject.status import STATUS_ANNOTATION, write_status

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.config.release import Release
    from webhook.inject.outcome import Overlay
    from webhook.inject.settings import Settings
    from webhook.mesh.mesh import Mesh

Object = dict[str, Any]


def edit_template(
    metadata: Object, spec: Object, overlay: Overlay, mesh: Mesh, snapshot: Snapshot, settings: Settings
) -> tuple[Object, Object]:
    """Return metadata and pod spec with the overlay appended, probes rewritten, annotations and labels set.

    Source: istio-inject-0.5-1.8, section 3.4.
    """
    release = snapshot.release
    annotations = metadata.get("annotations") or {}
    new_spec = _with_parts(spec, overlay, release, hold=holds_application(mesh, snapshot))
    if wants_rewrite(annotations, bool(overlay.parts.get("rewriteAppHTTPProbe")), release):
        new_spec = _with_rewritten_probes(new_spec, annotations, snapshot.mesh, release)
    new_spec = with_fs_group(new_spec, snapshot.mesh, release, settings)
    new_metadata = {**metadata, "annotations": _annotations(annotations, overlay, snapshot.mesh, release)}
    labels = _labels(metadata.get("labels") or {}, settings, release)
    return {**new_metadata, "labels": labels} if labels else new_metadata, new_spec


def _with_parts(spec: Object, overlay: Overlay, release: Release, *, hold: bool) -> Object:
    new = dict(spec)
    parts = ["initContainers", "containers", "volumes"]
    if release.kube_inject_adds_pull_secrets:
        parts.append("imagePullSecrets")
    for part in parts:
        added = overlay.parts.get(part)
        if added:
            new[part] = [*(spec.get(part) or ()), *added]
    if hold:
        new["containers"] = sorted(new.get("containers") or (), key=lambda item: item.get("name") != PROXY)
    if release.kube_inject_assigns_dns_config:  # the pod's own is lost, also where the template has none
        new.pop("dnsConfig", None)
        if overlay.parts.get("dnsConfig") is not None:
            new["dnsConfig"] = overlay.parts["dnsConfig"]
    return new


def _with_rewritten_probes(spec: Object, annotations: dict[str, str], mesh: Mesh, release: Release) -> Object:
    containers: list[Object] = spec.get("containers") or []
    sidecar = next((item for item in containers if item.get("name") == PROXY), None)
    if sidecar is None:
        return spec
    port = status_port(sidecar, annotations, mesh.proxy.get("status_port", 0), release)
    if port == NO_PORT:
        return spec
    probers = {"name": PROBERS_VARIABLE, "value": write_probers(list_probers(containers, release))}
    told = {**sidecar, "env": [*(sidecar.get("env") or ()), probers]}
    new = [told if item is sidecar else rewrite_probes(item, port, release) for item in containers]
    return {**spec, "containers": new}


def _annotations(annotations: dict[str, str], overlay: Overlay, mesh: Mesh, release: Release) -> dict[str, str]:
    new = dict(annotations)
    if release.pod_redirect_annotations:
        new.update((key, value) for key, value in (overlay.parts.get("podRedirectAnnot") or {}).items() if value)
    new[STATUS_ANNOTATION] = write_status(overlay, release)
    if release.kube_inject_merges_metrics and merges_metrics(annotations, mesh, release):
        new.update(scrape_annotations(mesh))
    return new


def _labels(labels: dict[str, str], settings: Settings, release: Release) -> dict[str, str]:
    new = dict(labels)
    if release.tls_mode_label and not new.get(TLS_MODE):
        new[TLS_MODE] = "istio"
    if release.rev_label:
        new[REVISION] = settings.revision
    return new
