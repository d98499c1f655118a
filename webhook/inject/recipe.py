"""The literal patch of Istio up to 1.8: remove what a former injection added, then add list by list, then annotations and labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from webhook.inject.containers import PROXY, VALIDATION
from webhook.inject.hold import holds_application
from webhook.inject.pod_labels import injected_labels
from webhook.inject.probes import (
    NO_PORT,
    PROBERS_VARIABLE,
    list_probers,
    rewritten,
    status_port,
    wants_rewrite,
    write_probers,
)
from webhook.inject.render import encode_item
from webhook.inject.scrape import merges_metrics, scrape_annotations, scraping_variable
from webhook.inject.status import PARTS, STATUS_ANNOTATION, read_status, write_status
from webhook.kube.schema import load_schema

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.config.release import Release
    from webhook.inject.outcome import Operation, Overlay, Pod
    from webhook.inject.settings import Settings
    from webhook.inject.workload_meta import Owner
    from webhook.mesh.mesh import Mesh

_TOKEN_PATH: Final = "/var/run/secrets/kubernetes.io/serviceaccount"


@dataclass(frozen=True, slots=True)
class _Injection:
    """One pod, and everything that its patch is made of."""

    pod: Pod
    overlay: Overlay
    owner: Owner
    mesh: Mesh
    snapshot: Snapshot
    settings: Settings

    @property
    def release(self) -> Release:
        return self.snapshot.release

    @property
    def spec(self) -> dict[str, Any]:
        return self.pod.get("spec") or {}

    @property
    def metadata(self) -> dict[str, Any]:
        return self.pod.get("metadata") or {}

    @property
    def annotations(self) -> dict[str, str]:
        return self.metadata.get("annotations") or {}

    @property
    def sidecar(self) -> dict[str, Any] | None:
        containers = self.overlay.parts.get("containers") or ()
        return next((item for item in containers if item.get("name") == PROXY), None)

    @property
    def rewrites(self) -> bool:
        configured = bool(self.overlay.parts.get("rewriteAppHTTPProbe"))
        return self.sidecar is not None and wants_rewrite(self.annotations, configured, self.release)

    @property
    def merges(self) -> bool:
        return merges_metrics(self.annotations, self.snapshot.mesh, self.release)


def patch_recipe(
    pod: Pod, overlay: Overlay, owner: Owner, mesh: Mesh, snapshot: Snapshot, settings: Settings
) -> tuple[Operation, ...]:
    """Return the patch that Istio's webhook of the release answers with, in its order and with its values.

    mesh: as the pod sees it; only whether the application waits is read there, ports and merging come from the mesh's
    own configuration. Source: istio-inject-0.5-1.8, section 3.5.
    """
    injection = _Injection(pod, overlay, owner, mesh, snapshot, settings)
    release = snapshot.release
    probes = tuple(_probe_changes(injection))
    return (
        *(probes if release.probe_patch_is_first else ()),
        *_removals(injection),
        *_additions(injection),
        *_pod_settings(injection),
        *_annotations(injection),
        *_labels(injection),
        *(() if release.probe_patch_is_first else probes),
    )


def _parts(release: Release) -> tuple[str, ...]:
    return PARTS if release.pull_secrets else PARTS[:3]


def _removals(injection: _Injection) -> Iterator[Operation]:
    former = read_status(injection.pod)
    for part in _parts(injection.release):
        items = injection.spec.get(part) or ()
        for index in range(len(items) - 1, -1, -1):
            if items[index].get("name", "") in former.names(part):
                yield _remove(f"/spec/{part}/{index}", injection.release)


def _remove(path: str, release: Release) -> Operation:
    if release.patch_remove_has_value:  # 0.5 wrote every member of its operation struct
        return {"op": "remove", "path": path, "value": None}
    return {"op": "remove", "path": path}


def _additions(injection: _Injection) -> Iterator[Operation]:
    release, known = injection.release, injection.overlay.known
    injected = {**injection.overlay.parts, "containers": _containers(injection)}
    first = _first_names(injection)
    for part in _parts(release):
        target = injection.spec.get(part) or ()
        items = [known.get(id(item)) or encode_item(part, item, release) for item in injected.get(part) or ()]
        yield from _add_items(f"/spec/{part}", bool(target), items, first)


def _first_names(injection: _Injection) -> frozenset[str]:
    """Return the names of containers that go before all others of their list."""
    first = {VALIDATION} if injection.release.validation_container_is_first else set()
    if holds_application(injection.mesh, injection.snapshot):
        first.add(PROXY)
    return frozenset(first)


def _containers(injection: _Injection) -> list[dict[str, Any]]:
    """Return the injected containers, the sidecar with what the pod's containers and annotations add to it."""
    containers = injection.overlay.parts.get("containers") or []
    sidecar = injection.sidecar
    if sidecar is None:
        return containers
    told = _sidecar(injection, sidecar)
    return [told if item is sidecar else item for item in containers]


def _sidecar(injection: _Injection, sidecar: dict[str, Any]) -> dict[str, Any]:
    added = []
    if injection.rewrites:
        probers = list_probers(injection.spec.get("containers") or (), injection.release)
        if probers or not injection.release.empty_probers_are_omitted:
            added.append({"name": PROBERS_VARIABLE, "value": write_probers(probers)})
    variable = scraping_variable(injection.annotations) if injection.merges else None
    if variable is not None:
        added.append(variable)
    changed = {**sidecar, "env": [*(sidecar.get("env") or ()), *added]} if added else sidecar
    mount = _token_mount(injection) if injection.release.copies_service_account_mount else None
    return {**changed, "volumeMounts": [*(changed.get("volumeMounts") or ()), mount]} if mount else changed


def _token_mount(injection: _Injection) -> dict[str, Any] | None:
    """Return the last mount of a service account token among the pod's containers."""
    found = None
    for container in injection.spec.get("containers") or ():
        for mount in container.get("volumeMounts") or ():
            found = mount if mount.get("mountPath") == _TOKEN_PATH else found
    return found


def _add_items(base: str, has_items: bool, items: list[Any], first: frozenset[str]) -> Iterator[Operation]:
    # Whether the list is there is judged on the pod as it came, even when the removals empty it: the emptied list remains.
    for item in items:
        if not has_items:
            yield {"op": "add", "path": base, "value": [item]}
        elif item.get("name") in first and base in ("/spec/containers", "/spec/initContainers"):
            yield {"op": "add", "path": f"{base}/0", "value": item}
        else:
            yield {"op": "add", "path": f"{base}/-", "value": item}
        has_items = True


def _pod_settings(injection: _Injection) -> Iterator[Operation]:
    schema = load_schema(injection.release.kube_version)
    dns = injection.overlay.parts.get("dnsConfig")
    if dns is not None:
        yield {"op": "add", "path": "/spec/dnsConfig", "value": schema.encode("v1.PodDNSConfig", dns)}
    context = injection.spec.get("securityContext")
    if injection.release.patches_security_context and context is not None:
        value = schema.encode("v1.PodSecurityContext", context)
        yield {"op": "add", "path": "/spec/securityContext", "value": value}


def _annotations(injection: _Injection) -> Iterator[Operation]:
    release = injection.release
    added = {STATUS_ANNOTATION: write_status(injection.overlay, release)}
    added.update(injection.snapshot.injected_annotations)
    if injection.merges:
        added.update(scrape_annotations(injection.snapshot.mesh))
    has_map = injection.metadata.get("annotations") is not None
    for key in sorted(added):
        if not has_map:
            yield {"op": "add", "path": "/metadata/annotations", "value": {key: added[key]}}
        else:
            operation = "replace" if injection.annotations.get(key) else "add"
            yield {"op": operation, "path": f"/metadata/annotations/{_escaped(key)}", "value": added[key]}
        has_map = True


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _labels(injection: _Injection) -> Iterator[Operation]:
    labels = injection.metadata.get("labels") or {}
    has_map = injection.metadata.get("labels") is not None
    revision, sidecar = injection.settings.revision, injection.sidecar
    added = injected_labels(labels, injection.owner, revision, sidecar, injection.release)
    for key, value in added.items():
        if labels.get(key):
            continue
        if has_map:
            yield {"op": "add", "path": f"/metadata/labels/{_escaped(key)}", "value": value}
        else:
            yield {"op": "add", "path": "/metadata/labels", "value": {key: value}}
        has_map = True


def _probe_changes(injection: _Injection) -> Iterator[Operation]:
    """Iterate over the replacements of probes: of the action up to 1.4, of the whole probe since."""
    sidecar, release = injection.sidecar, injection.release
    if sidecar is None or not injection.rewrites:
        return
    port = status_port(sidecar, injection.annotations, injection.snapshot.mesh.proxy.get("status_port", 0), release)
    if port == NO_PORT:
        return
    schema = load_schema(release.kube_version)
    whole = release.probe_rewrite.startswith("probe")
    for index, container in enumerate(injection.spec.get("containers") or ()):
        for name, probe in rewritten(container, port, release).items():
            path = f"/spec/containers/{index}/{name}"
            if whole:
                yield {"op": "replace", "path": path, "value": schema.encode("v1.Probe", probe)}
            else:
                action = schema.encode("v1.HTTPGetAction", probe["httpGet"])
                yield {"op": "replace", "path": f"{path}/httpGet", "value": action}
