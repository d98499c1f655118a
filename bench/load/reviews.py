"""Reviews to send: pods as the API server shows them to a webhook, each with what is expected of the answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

NAMESPACE = "shop"


@dataclass(frozen=True, slots=True)
class Review:
    """A request body, its uid, and whether its answer must hold a patch."""

    uid: str
    body: bytes
    inject: bool

    def line(self) -> str:
        """Return it as the load generator reads it."""
        return json.dumps({"uid": self.uid, "inject": self.inject, "review": json.loads(self.body)}) + "\n"


def pods() -> dict[str, dict[str, Any]]:
    """Return pods by what is special about them; all but ``opted-out`` and ``host-network`` are to be injected."""
    return {
        "bare": _pod({"name": "bare"}),
        "deployment": _pod(_generated("web-6d5f8b7c9", "ReplicaSet"), probes=True),
        "job": _pod(_generated("import-28x", "Job"), restart="Never"),
        "company": _pod({"name": "company"}, containers=3, init=2),
        "annotated": _pod({"name": "annotated"}, annotations={
            "traffic.sidecar.istio.io/includeOutboundIPRanges": "10.0.0.0/8,192.168.1.0/24",
            "sidecar.istio.io/proxyCPU": "120m", "prometheus.io/scrape": "true", "prometheus.io/port": "8080"}),
        "opted-out": _pod({"name": "opted-out"}, annotations={"sidecar.istio.io/inject": "false"}),
        "host-network": _pod({"name": "host"}, host=True),
    }  # fmt: skip


def reviews(*names: str) -> list[Review]:
    """Return reviews of the pods that are named, or of all."""
    return [
        review(f"00000000-0000-4000-8000-{number:012d}", pod, inject=name not in ("opted-out", "host-network"))
        for number, (name, pod) in enumerate(pods().items())
        if not names or name in names
    ]


def review(uid: str, pod: dict[str, Any], *, inject: bool = True) -> Review:
    """Put a pod into a review, as the API server does."""
    kind = {"group": "", "version": "v1", "kind": "Pod"}
    resource = {"group": "", "version": "v1", "resource": "pods"}
    request = {"uid": uid, "kind": kind, "resource": resource, "requestKind": kind, "requestResource": resource}
    if "name" in pod["metadata"]:
        request["name"] = pod["metadata"]["name"]
    request |= {
        "namespace": NAMESPACE,
        "operation": "CREATE",
        "userInfo": {"username": "load", "groups": ["system:authenticated"]},
    }
    request |= {
        "object": pod,
        "oldObject": None,
        "dryRun": False,
        "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"},
    }
    body = {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": request}
    return Review(uid, json.dumps(body, separators=(",", ":")).encode() + b"\n", inject)


def _generated(owner: str, kind: str) -> dict[str, Any]:
    group = "apps/v1" if kind == "ReplicaSet" else "batch/v1"
    reference = {"apiVersion": group, "kind": kind, "name": owner, "uid": "5d2e1f0c-1111-4222-8333-444455556666"}
    return {
        "generateName": f"{owner}-",
        "ownerReferences": [reference | {"controller": True, "blockOwnerDeletion": True}],
    }


def _pod(metadata: dict[str, Any], *, annotations: dict[str, str] | None = None, containers: int = 1, init: int = 0,
         probes: bool = False, restart: str = "Always", host: bool = False) -> dict[str, Any]:  # fmt: skip
    metadata = {**metadata, "namespace": NAMESPACE, "labels": {"app": "web", "version": "v1"}}
    if annotations:
        metadata["annotations"] = annotations
    manager = {"manager": "kubectl-create", "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1"}
    metadata["managedFields"] = [manager | {"fieldsV1": {"f:metadata": {"f:labels": {"f:app": {}}}}}]
    spec: dict[str, Any] = {"volumes": [_token_volume()]}
    if init:
        spec["initContainers"] = [_container(f"init-{i}") for i in range(init)]
    spec["containers"] = [_container(f"app-{i}", probes=probes) for i in range(containers)]
    spec |= {"restartPolicy": restart, "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst"}
    spec |= {
        "serviceAccountName": "default",
        "serviceAccount": "default",
        "securityContext": {},
        "schedulerName": "default-scheduler",
    }
    if host:
        spec["hostNetwork"] = True
    return {"kind": "Pod", "apiVersion": "v1", "metadata": metadata, "spec": spec, "status": {}}


def _container(name: str, *, probes: bool = False) -> dict[str, Any]:
    container: dict[str, Any] = {"name": name, "image": "registry.example.com/shop/web:1.7.3"}
    container["ports"] = [{"name": "http", "containerPort": 8080, "protocol": "TCP"}]
    container["env"] = [{"name": f"SETTING_{i}", "value": f"value {i}"} for i in range(8)]
    container["resources"] = {"requests": {"cpu": "250m", "memory": "256Mi"}}
    container["volumeMounts"] = [_token_mount()]
    if probes:
        get = {"path": "/ready", "port": 8080, "scheme": "HTTP"}
        container["readinessProbe"] = {
            "httpGet": get,
            "timeoutSeconds": 1,
            "periodSeconds": 10,
            "successThreshold": 1,
            "failureThreshold": 3,
        }
    return container | {
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": "IfNotPresent",
    }


def _token_mount() -> dict[str, Any]:
    return {
        "name": "kube-api-access-x7k2p",
        "readOnly": True,
        "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
    }


def _token_volume() -> dict[str, Any]:
    token = {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}}
    return {"name": "kube-api-access-x7k2p", "projected": {"sources": [token], "defaultMode": 420}}
