"""kube-uninject: takes out of manifests what kube-inject put in, and keeps the webhook from putting it in again.

Source: istio-inject-1.9-1.31, section 4.4. The command was experimental, and dropped in 1.19.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from webhook.inject.containers import PROXY
from webhook.inject.decide import INJECT
from webhook.inject.probes import PROBERS_VARIABLE
from webhook.kube import gojson
from webhook.kube.schema import DecodeError, load_schema
from webhook.kube.workloads import Workload, value_at, with_value_at
from webhook.kubeinject.stream import change_documents

if TYPE_CHECKING:
    from webhook.config.release import Release

Object = dict[str, Any]
_ANNOTATION_MARK: Final = "sidecar.istio.io"
_PROBER_PATH: Final = re.compile(r"/app-health/([a-z]+)/(readyz|livez|startupz)")  # istioctl knows no other names
_PROBES: Final = {"readyz": "readinessProbe", "livez": "livenessProbe", "startupz": "startupProbe"}


def uninject_documents(source: Iterable[str], release: Release) -> Iterator[str]:
    """Yield the text of each document without its sidecar, and the separator that follows each of them.

    source: lines of a multi-document YAML stream. release: whose istioctl to follow; after 1.18 there is none, and it
    is done as then.

    Raises:
        DocumentError: a document cannot be read; those before it have been yielded.
    """

    def change(workload: Workload, value: Object) -> Object:
        spec_path = (*workload.template, "spec")
        metadata = _marked(value_at(value, workload.metadata) or {}, release)
        spec = _without_sidecar(value_at(value, spec_path) or {}, release)
        return with_value_at(with_value_at(value, workload.metadata, metadata), spec_path, spec)

    return change_documents(source, release, change)


def _marked(metadata: Object, release: Release) -> Object:
    """Return metadata without the sidecar's annotations, and with the word that no sidecar is wanted."""
    annotations = metadata.get("annotations") or {}
    kept = {key: value for key, value in annotations.items() if _ANNOTATION_MARK not in key}
    if not release.uninject_labels:
        return {**metadata, "annotations": {**kept, INJECT: "false"}}
    marked = {**metadata, "labels": {**(metadata.get("labels") or {}), INJECT: "false"}}
    if "annotations" in metadata:
        marked["annotations"] = kept
    return marked


def _without_sidecar(spec: Object, release: Release) -> Object:
    """Return a pod spec without what an injection added; one without istio-proxy is returned as it is."""
    containers: list[Object] = spec.get("containers") or []
    sidecar = next((item for item in containers if item.get("name") == PROXY), None)
    if sidecar is None:
        return spec
    cleaned = dict(spec)
    if release.uninject_restores_probes:
        cleaned["containers"] = _with_probes(containers, _probers(sidecar), release)
    for part, wanted in (("containers", (PROXY,)), *release.uninjected):
        for name in wanted:
            _remove_first(cleaned, part, name)
    if spec.get("dnsConfig") is not None and spec["dnsConfig"].get("searches"):
        kept = [domain for domain in spec["dnsConfig"]["searches"] if "global" not in domain]
        cleaned["dnsConfig"] = {**spec["dnsConfig"], "searches": kept}
    return cleaned


def _remove_first(spec: Object, part: str, name: str) -> None:
    items: list[Object] = spec.get(part) or []
    index = next((index for index, item in enumerate(items) if item.get("name") == name), None)
    if index is not None:
        spec[part] = [*items[:index], *items[index + 1 :]]


def _probers(sidecar: Object) -> Object:
    """Return what the sidecar's agent was told to ask, by path; empty where it is no JSON object."""
    text = next(
        (item.get("value", "") for item in sidecar.get("env") or () if item.get("name") == PROBERS_VARIABLE), ""
    )
    try:
        found = gojson.loads(text, numbers="number")
    except gojson.JsonError:
        return {}
    return found if isinstance(found, dict) else {}


def _with_probes(containers: list[Object], probers: Object, release: Release) -> list[Object]:
    """Return the containers with the probes as the agent knows them: nothing else of them is kept."""
    schema = load_schema(release.kube_version)
    changed = [dict(container) for container in containers]
    for path in sorted(probers):
        match = _PROBER_PATH.search(path)
        if match is None:
            continue
        for container in changed:
            if container.get("name") == match[1]:
                try:
                    container[_PROBES[match[2]]] = schema.decode("v1.Probe", probers[path], coerce=False)
                except DecodeError:
                    continue
    return changed
