"""Merging of metrics since 1.9: Prometheus scrapes the agent, which is told how the application wants to be scraped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from gotemplate.golib.strconv import NumError, parse_bool
from webhook.inject.containers import PROXY, find_in_pod, with_container, with_variable
from webhook.inject.previous import annotations_of
from webhook.inject.scrape import VARIABLE, merges_metrics, scrape_annotations
from webhook.inject.scrape_annotations import (
    PARTS,
    PORT,
    SCRAPE,
    SECURE_PORT,
    parts_of,
    spellings_of,
    without_scraping,
)
from webhook.inject.scrape_targets import Target, check_ports, scrape_targets
from webhook.kube import gojson

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.outcome import Pod
    from webhook.mesh.mesh import Mesh

SECURE_VARIABLE: Final = "ENVOY_SECURE_MERGED_METRICS_PORT"


def with_merged_metrics(pod: Pod, mesh: Mesh, release: Release) -> Pod:
    """Return the pod with annotations that lead to the agent, and the application's own in the sidecar's environment.

    Left alone: a pod that does not want to be scraped (since 1.13), and one whose port is the agent's already.

    Raises:
        ScrapeError: it asks for a port to be scraped that cannot be (since 1.31).
    """
    annotations = annotations_of(pod)
    told = parts_of(annotations, release)
    if not _is_scraped(told, release) or not merges_metrics(annotations, mesh, release):
        return pod
    agent_port: int = mesh.proxy.get("status_port", 0)
    if next((value for part, value in told if part == PORT), None) == str(agent_port):
        return pod
    wanted = dict(told)
    targets = scrape_targets(annotations, release)
    if release.prometheus_merge == "targets":
        check_ports(targets, wanted.get("port", ""), agent_port)
    if targets:
        wanted.update(port=targets[0]["port"], path=targets[0]["path"])
    sidecar = find_in_pod(PROXY, pod, release)
    if sidecar is not None and any(wanted.values()):
        pod = with_container(pod, sidecar, with_variable(sidecar, VARIABLE, _as_json(wanted, targets)))
    metadata = pod.get("metadata") or {}
    changed = {**without_scraping(annotations, release), **scrape_annotations(mesh)}
    return {**pod, "metadata": {**metadata, "annotations": changed}}


def with_secure_port(pod: Pod, release: Release) -> Pod:
    """Return the pod with an annotation that names the sidecar's port for metrics over mTLS, where it has one (since 1.31)."""
    annotations = annotations_of(pod)
    if release.prometheus_merge != "targets" or any(spellings_of(annotations, SECURE_PORT, release)):
        return pod
    variables = (find_in_pod(PROXY, pod, release) or {}).get("env") or ()
    ports = (item.get("value", "") for item in variables if item.get("name") == SECURE_VARIABLE)
    port = next((port for port in ports if port not in ("", "0")), None)
    if port is None:
        return pod
    return {**pod, "metadata": {**pod["metadata"], "annotations": {**annotations, SECURE_PORT: port}}}


def _is_scraped(told: Iterable[tuple[str, str]], release: Release) -> bool:
    if release.prometheus_merge == "literal":
        return True
    for value in [value for part, value in told if part == SCRAPE]:
        try:
            return parse_bool(value)
        except NumError:
            continue
    return True


def _as_json(wanted: Mapping[str, str], targets: list[Target]) -> str:
    document: dict[str, Any] = {part: wanted.get(part, "") for part in PARTS}
    if targets:
        document["targets"] = targets
    return gojson.dumps(document, sort_keys=False)
