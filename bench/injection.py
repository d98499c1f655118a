"""The injector: microseconds of CPU to render the stock template, and to take a pod from review bytes to response bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.clock import measure
from bench.upstream import upstream
from webhook.config.loading import Sources, load_snapshot
from webhook.config.model import Snapshot
from webhook.config.release import release_of
from webhook.inject.data import template_data
from webhook.inject.funcs import function_table
from webhook.inject.pipeline import inject
from webhook.kube.schema import load_schema
from webhook.server.handler import answer_review

RELEASES = ("0.5.1", "0.7.1", "0.8.0")
POD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {
        "generateName": "shop-6d5f8b7c9-",
        "namespace": "shop",
        "labels": {"app": "shop", "version": "v1", "pod-template-hash": "6d5f8b7c9"},
        "annotations": {"prometheus.io/scrape": "true", "prometheus.io/port": "8080"},
    },
    "spec": {
        "serviceAccountName": "shop",
        "containers": [
            {
                "name": "shop",
                "image": "registry.example.com/shop:1.7.3",
                "ports": [{"name": "http", "containerPort": 8080}],
                "env": [{"name": f"SETTING_{i}", "value": f"value {i}"} for i in range(12)],
                "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}},
                "volumeMounts": [{"name": "token", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}],
            }
        ],
        "volumes": [{"name": "token", "secret": {"secretName": "shop-token"}}],
    },
}


def run() -> list[str]:
    """Return the table, a line each."""
    data = upstream()
    if data is None:
        return ["injection: no upstream data (set REMORA_UPSTREAM)"]
    lines = [f"{'release':8} {'render µs':>22} {'pipeline µs':>22} {'bytes to bytes µs':>22}   (min / median of CPU)"]
    for release in RELEASES:
        timings = measure(_contenders(_stock(data / release, release)))
        cells = [f"{timings[name].best:9.0f} / {timings[name].median:9.0f}" for name in ("render", "pipeline", "bytes")]
        lines.append(f"{release:8} " + " ".join(f"{cell:>22}" for cell in cells))
    return lines


def _stock(folder: Path, release: str) -> Snapshot:
    stock = folder / "stock"
    sources = Sources(str(stock / "istio-sidecar-injector-configmap.yaml"), str(stock / "istio-mesh-configmap.yaml"))
    return load_snapshot(sources, funcs_for=function_table, release=release_of(release))


def _contenders(snapshot: Snapshot) -> dict[str, Any]:
    schema = load_schema(snapshot.release.kube_version)
    pod = schema.decode("v1.Pod", POD, coerce=False)
    request = {"uid": "1", "kind": {"kind": "Pod"}, "namespace": "shop", "operation": "CREATE", "object": POD}
    review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}
    body = json.dumps(review).encode()
    return {
        "render": lambda: snapshot.template.render(template_data(pod["metadata"], pod["spec"], snapshot)),
        "pipeline": lambda: inject(pod, snapshot),
        "bytes": lambda: answer_review(body, snapshot),
    }
