"""Merging of metrics since 1.9: Prometheus scrapes the agent, which is told how the application wants to be scraped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gotemplate.golib.strconv import NumError, parse_bool
from webhook.inject.containers import PROXY, find_in_pod, with_container, with_variable
from webhook.inject.previous import annotations_of
from webhook.inject.scrape import VARIABLE, merges_metrics, scrape_annotations
from webhook.inject.scrape_annotations import PARTS, SCRAPE, port_of, spellings, without_scraping
from webhook.kube import gojson

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.outcome import Pod
    from webhook.mesh.mesh import Mesh


def with_merged_metrics(pod: Pod, mesh: Mesh, release: Release) -> Pod:
    """Return the pod with annotations that lead to the agent, and the application's own in the sidecar's environment.

    Left alone: a pod that does not want to be scraped (since 1.13), and one whose port is the agent's already.
    """
    annotations = annotations_of(pod)
    if not _is_scraped(annotations, release) or not merges_metrics(annotations, mesh, release):
        return pod
    if port_of(annotations, release) == str(mesh.proxy.get("status_port", 0)):
        return pod
    wanted = {part: value for part in PARTS for _, value in spellings(annotations, part, release)}
    sidecar = find_in_pod(PROXY, pod, release)
    if sidecar is not None and any(wanted.values()):
        pod = with_container(pod, sidecar, with_variable(sidecar, VARIABLE, _as_json(wanted)))
    metadata = pod.get("metadata") or {}
    changed = {**without_scraping(annotations, release), **scrape_annotations(mesh)}
    return {**pod, "metadata": {**metadata, "annotations": changed}}


def _is_scraped(annotations: Mapping[str, str], release: Release) -> bool:
    if release.prometheus_merge == "literal":
        return True
    for _, value in spellings(annotations, SCRAPE, release):
        try:
            return parse_bool(value)
        except NumError:
            continue
    return True


def _as_json(wanted: Mapping[str, str]) -> str:
    document: dict[str, Any] = {part: wanted.get(part, "") for part in PARTS}
    return gojson.dumps(document, sort_keys=False)
