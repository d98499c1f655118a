"""Which workload a pod belongs to: kind, API version and metadata, as the webhook tells them from owner, name and labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from webhook.config.release import Release
    from webhook.inject.outcome import Pod

POD_HASH: Final = "pod-template-hash"
ROLLOUT_HASH: Final = "rollouts-pod-template-hash"
DEPLOYMENT_CONFIG: Final = "deploymentconfig"
_TEN_DIGITS: Final = re.compile(r"(.+)-([+-]?[0-9]+)", re.DOTALL)
_TIMESTAMP: Final = re.compile(r"(.+)-[0-9]{8,10}")


class Owner(NamedTuple):
    """The workload of a pod as templates see it: ``.TypeMeta`` and ``.DeploymentMeta`` (``metadata``, canonical)."""

    kind: str
    api_version: str
    metadata: dict[str, Any]


def owner_of_pod(pod: Pod, release: Release, *, namespace: str = "") -> Owner:
    """Return the workload of a pod in admission.

    namespace: that of the request, which releases before 1.8 give the workload even where the pod has its own.
    Source: istio-inject-0.5-1.8, section 3.6; istio-inject-1.9-1.31, section 3.3.
    """
    metadata: dict[str, Any] = pod.get("metadata") or {}
    if release.deployment_meta != "derived":
        return Owner("Pod", "v1", metadata)
    if not release.workload_namespace_is_pods and namespace != metadata.get("namespace", ""):
        metadata = {**metadata, "namespace": namespace}
    kind, api_version, name = "Pod", "v1", metadata.get("name", "")
    reference = _controller(metadata)
    if metadata.get("generateName") and reference is not None:
        kind, api_version, name = _told(reference, metadata.get("labels") or {}, release)
        if _drops_label(reference, metadata, release):
            labels = {key: value for key, value in metadata["labels"].items() if key != DEPLOYMENT_CONFIG}
            metadata = {**metadata, "labels": labels}
    return Owner(kind, api_version, {**metadata, "name": name or pod.get("metadata", {}).get("name", "")})


def _controller(metadata: dict[str, Any]) -> dict[str, Any] | None:
    references = metadata.get("ownerReferences") or ()
    return next((reference for reference in references if reference.get("controller")), None)


def _told(reference: dict[str, Any], labels: dict[str, str], release: Release) -> tuple[str, str, str]:
    """Return kind, API version and name of the workload behind an owner."""
    kind, api_version = reference.get("kind", ""), reference.get("apiVersion", "")
    name: str = reference.get("name", "")
    if kind == "ReplicaSet":
        return _of_replica_set(api_version, name, labels, release)
    if kind == "Job" and release.cron_job_owner:
        stem = _without_timestamp(name, release)
        return ("CronJob", release.cron_job_owner, stem) if stem else (kind, api_version, name)
    if kind == "ReplicationController" and release.deployment_config_owner != "no" and labels.get(DEPLOYMENT_CONFIG):
        return "DeploymentConfig", api_version, labels[DEPLOYMENT_CONFIG]
    return kind, api_version, name


def _of_replica_set(api_version: str, name: str, labels: dict[str, str], release: Release) -> tuple[str, str, str]:
    rollout = labels.get(ROLLOUT_HASH, "")
    if release.rollout_owner and rollout and name.endswith(rollout):
        return "Rollout", "v1alpha1", name.removesuffix(f"-{rollout}")
    pod_hash = labels.get(POD_HASH, "")
    if release.replica_set_needs_hash and not pod_hash:
        return "ReplicaSet", api_version, name
    if name.endswith(pod_hash):  # of every name, where the label is missing
        return "Deployment", api_version, name.removesuffix(f"-{pod_hash}")
    return "ReplicaSet", api_version, name


def _without_timestamp(name: str, release: Release) -> str:
    """Return a Job's name without the time its CronJob added; empty where there is none."""
    if release.cron_job_name == "eight to ten digits":
        match = _TIMESTAMP.fullmatch(name)
        return match[1] if match else ""
    match = _TEN_DIGITS.fullmatch(name)
    return match[1] if match and len(match[2]) == 10 else ""


def _drops_label(reference: dict[str, Any], metadata: dict[str, Any], release: Release) -> bool:
    """Tell whether the label that named a DeploymentConfig is lost: from 1.13 to 1.21."""
    is_named = reference.get("kind") == "ReplicationController" and (metadata.get("labels") or {}).get(
        DEPLOYMENT_CONFIG
    )
    return bool(is_named) and release.deployment_config_owner == "drops label"
