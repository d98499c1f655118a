"""The workload behind a pod, by owner, name and labels."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.config.release import release_of
from webhook.inject.workload_meta import owner_of_pod

HASH = {"pod-template-hash": "abc"}


def _pod(kind: str, name: str, labels: dict[str, str], api_version: str = "apps/v1") -> dict[str, Any]:
    owner = {"kind": kind, "name": name, "apiVersion": api_version, "controller": True}
    return {
        "metadata": {
            "generateName": "web-", "namespace": "ns", "labels": labels,
            "ownerReferences": [{"kind": "Other", "name": "o", "apiVersion": "v1"}, owner],
        }
    }  # fmt: skip


ROWS = [
    ("1.1.17", _pod("ReplicaSet", "web-abc", HASH), ("Pod", "v1", "")),
    ("1.3.8", _pod("ReplicaSet", "web-abc", HASH), ("Deployment", "apps/v1", "web")),
    ("1.3.8", _pod("ReplicaSet", "web", {}), ("Deployment", "apps/v1", "web")),
    ("1.3.8", _pod("ReplicaSet", "web-", {}), ("Deployment", "apps/v1", "web")),
    ("1.8.6", _pod("ReplicaSet", "web", {}), ("ReplicaSet", "apps/v1", "web")),
    ("1.8.6", _pod("ReplicaSet", "web-xyz", HASH), ("ReplicaSet", "apps/v1", "web-xyz")),
    ("1.6.0", _pod("Job", "j-1234567890", {}, "batch/v1"), ("Job", "batch/v1", "j-1234567890")),
    ("1.6.10", _pod("Job", "j-1234567890", {}, "batch/v1"), ("CronJob", "batch/v1beta1", "j")),
    ("1.7.1", _pod("Job", "j-1234567890", {}, "batch/v1"), ("Job", "batch/v1", "j-1234567890")),
    ("1.8.6", _pod("Job", "j-12345678", {}, "batch/v1"), ("Job", "batch/v1", "j-12345678")),
    ("1.8.6", _pod("Job", "j-+123456789", {}, "batch/v1"), ("CronJob", "batch/v1beta1", "j")),
    ("1.22.8", _pod("Job", "j-12345678", {}, "batch/v1"), ("CronJob", "batch/v1", "j")),
    ("1.13.9", _pod("ReplicationController", "dc-1", {"deploymentconfig": "dc"}, "v1"), ("DeploymentConfig", "v1", "dc")),
    ("1.12.9", _pod("ReplicationController", "dc-1", {"deploymentconfig": "dc"}, "v1"),
     ("ReplicationController", "v1", "dc-1")),
    ("1.22.8", _pod("ReplicaSet", "r-abc", {"rollouts-pod-template-hash": "abc"}), ("Rollout", "v1alpha1", "r")),
    ("1.20.8", _pod("StatefulSet", "db", {}), ("StatefulSet", "apps/v1", "db")),
    ("1.20.8", {"metadata": {"name": "bare", "ownerReferences": [{"kind": "X", "controller": True}]}}, ("Pod", "v1", "bare")),
]  # fmt: skip


@pytest.mark.parametrize(("version", "pod", "expected"), ROWS)
def test_owner(version: str, pod: dict[str, Any], expected: tuple[str, str, str]) -> None:
    owner = owner_of_pod(pod, release_of(version), namespace="ns")
    assert (owner.kind, owner.api_version, owner.metadata.get("name", "")) == expected


def test_the_label_of_a_deployment_config_is_lost_for_a_while() -> None:
    pod = _pod("ReplicationController", "dc-1", {"deploymentconfig": "dc"}, "v1")
    assert "deploymentconfig" not in owner_of_pod(pod, release_of("1.13.9")).metadata["labels"]
    assert "deploymentconfig" in owner_of_pod(pod, release_of("1.22.8")).metadata["labels"]
    assert pod["metadata"]["labels"] == {"deploymentconfig": "dc"}


@pytest.mark.parametrize(("version", "namespace"), [("1.3.8", "asked"), ("1.8.6", "ns")])
def test_namespace(version: str, namespace: str) -> None:
    pod = _pod("StatefulSet", "db", {})
    assert owner_of_pod(pod, release_of(version), namespace="asked").metadata["namespace"] == namespace
