"""Workloads of every kind that makes pods, around one small pod template."""

from __future__ import annotations

from typing import Any

LABELS = {"app": "web", "version": "v1"}


def workload(kind: str, **metadata: Any) -> dict[str, Any]:
    """Return a workload of a kind whose pod template has the metadata beside the labels."""
    container = {"name": "app", "image": "registry.example.com/shop/web:1.7.3", "ports": [{"containerPort": 8080}]}
    template: dict[str, Any] = {"metadata": {"labels": LABELS, **metadata}, "spec": {"containers": [container]}}
    if kind == "Pod":
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "web", **template["metadata"]},
            "spec": template["spec"],
        }
    if kind in ("Job", "CronJob"):
        template["spec"]["restartPolicy"] = "Never"
        job = {"template": template}
        spec = job if kind == "Job" else {"schedule": "* * * * *", "jobTemplate": {"spec": job}}
        return {"apiVersion": "batch/v1", "kind": kind, "metadata": {"name": "web"}, "spec": spec}
    spec = {"selector": {"matchLabels": {"app": "web"}}, "template": template}
    if kind == "StatefulSet":
        spec["serviceName"] = "web"
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "web"}, "spec": spec}
