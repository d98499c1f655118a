"""What is done to a pod after the templates are merged: what a template cannot do well (since 1.9).

The order is Istio's: cluster and network, metrics, probes, metadata, order of containers. Source:
istio-inject-1.9-1.31, section 3.7.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from webhook.inject.containers import PROXY, find_in_pod, with_container
from webhook.inject.hold import holds_application
from webhook.inject.order import in_order
from webhook.inject.prometheus import with_merged_metrics, with_secure_port
from webhook.inject.proxy_env import NETWORK, NETWORK_LABEL, with_environment
from webhook.inject.rewrite import with_rewritten_probes
from webhook.inject.status import STATUS_ANNOTATION, write_status

if TYPE_CHECKING:
    from webhook.config.model import Snapshot
    from webhook.config.release import Release
    from webhook.inject.outcome import Overlay, Pod
    from webhook.inject.settings import Settings
    from webhook.mesh.mesh import Mesh


class Facts(NamedTuple):
    """What the steps after the merge know about the pod.

    ``overlay``: what all templates gave together. ``mesh``: the configuration the injector goes by, ``annotated_mesh``
    the same with the pod's annotation. ``environment``: variables that replace the template's. ``offline``: kube-inject.
    """

    overlay: Overlay
    mesh: Mesh
    annotated_mesh: Mesh
    environment: Mapping[str, str]
    offline: bool


def post_process(pod: Pod, facts: Facts, snapshot: Snapshot, settings: Settings) -> Pod:
    """Return the finished pod."""
    release = snapshot.release
    pod = _with_environment(pod, facts.environment, release)
    pod = with_secure_port(with_merged_metrics(pod, facts.mesh, release), release)
    pod = with_rewritten_probes(pod, facts.mesh, snapshot, settings)
    pod = _with_metadata(pod, facts, snapshot, settings)
    return in_order(pod, hold=holds_application(facts.annotated_mesh, snapshot))


def _with_environment(pod: Pod, environment: Mapping[str, str], release: Release) -> Pod:
    sidecar = find_in_pod(PROXY, pod, release)
    if sidecar is None or not environment:
        return pod
    return with_container(pod, sidecar, with_environment(sidecar, environment))


def _with_metadata(pod: Pod, facts: Facts, snapshot: Snapshot, settings: Settings) -> Pod:
    metadata: dict[str, Any] = pod.get("metadata") or {}
    annotations = {
        **(metadata.get("annotations") or {}),
        STATUS_ANNOTATION: write_status(facts.overlay, snapshot.release, settings.revision),
    }
    if not facts.offline:
        annotations.update(snapshot.injected_annotations)
    changed = {**metadata, "annotations": annotations}
    if NETWORK in facts.environment:
        changed["labels"] = {**(metadata.get("labels") or {}), NETWORK_LABEL: facts.environment[NETWORK]}
    return {**pod, "metadata": changed}
