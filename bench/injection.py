"""The injector: microseconds of CPU from review bytes to response bytes, stage by stage, with Go's text/template as the anchor.

Stock configurations, a pod of a ReplicaSet with 4 KB of review that comes again and again as replicas do, and other pods.
``go`` is Go's text/template on the same template with plain maps and stand-ins for the injector's functions: less work than
the real injector does in that step.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, count, islice
from typing import Any

from bench.clock import Timing, measure
from bench.go_peer import GoPeer, start_engine
from bench.upstream import upstream
from webhook.config.loading import Sources, load_snapshot
from webhook.config.model import Snapshot
from webhook.config.release import release_of
from webhook.inject.data import Subject, template_data
from webhook.inject.funcs import function_table
from webhook.inject.native import supports_native
from webhook.inject.outcome import Request
from webhook.inject.pipeline import inject
from webhook.inject.proxy_config import mesh_and_proxy
from webhook.inject.reading import Reading
from webhook.inject.render import execute
from webhook.inject.settings import Settings
from webhook.inject.workload_meta import owner_of_pod
from webhook.kube.review import allow, parse_review
from webhook.kube.schema import load_schema
from webhook.server.handler import answer_review, patch_bytes
from webhook.server.memory import settle

READY = 6000
"""Reviews of workloads not seen before that are made in advance: more than nine rounds of fifty milliseconds take."""
RELEASES = ("0.5.1", "0.7.1", "0.8.0", "1.20.8", "1.30.3")
PLAIN = Settings(fast="off")
FAST = Settings()
POD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {
        "generateName": "shop-6d5f8b7c9-",
        "creationTimestamp": None,
        "labels": {"app": "shop", "version": "v1", "pod-template-hash": "6d5f8b7c9"},
        "annotations": {"prometheus.io/scrape": "true", "prometheus.io/port": "8080"},
        "ownerReferences": [
            {
                "apiVersion": "apps/v1",
                "kind": "ReplicaSet",
                "name": "shop-6d5f8b7c9",
                "uid": "9f2c1e0a-7d44-4f5c-8f0e-3b1f9d6c2a11",
                "controller": True,
                "blockOwnerDeletion": True,
            }
        ],
    },
    "spec": {
        "volumes": [
            {
                "name": "kube-api-access-x7k2p",
                "projected": {
                    "sources": [
                        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
                        {
                            "downwardAPI": {
                                "items": [
                                    {
                                        "path": "namespace",
                                        "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"},
                                    }
                                ]
                            }
                        },
                    ],
                    "defaultMode": 420,
                },
            }
        ],
        "containers": [
            {
                "name": "shop",
                "image": "registry.example.com/shop:1.7.3",
                "ports": [
                    {"name": "http", "containerPort": 8080, "protocol": "TCP"},
                    {"name": "metrics", "containerPort": 9090, "protocol": "TCP"},
                ],
                "env": [{"name": f"SETTING_{i}", "value": f"value {i}"} for i in range(12)],
                "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}},
                "volumeMounts": [
                    {
                        "name": "kube-api-access-x7k2p",
                        "readOnly": True,
                        "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
                    }
                ],
                "livenessProbe": {"httpGet": {"path": "/live", "port": "http", "scheme": "HTTP"}, "periodSeconds": 10},
                "readinessProbe": {"httpGet": {"path": "/ready", "port": "http", "scheme": "HTTP"}, "periodSeconds": 5},
                "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File",
                "imagePullPolicy": "IfNotPresent",
            }
        ],
        "restartPolicy": "Always",
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "serviceAccountName": "shop",
        "serviceAccount": "shop",
        "securityContext": {},
        "schedulerName": "default-scheduler",
        "tolerations": [
            {
                "key": f"node.kubernetes.io/{what}",
                "operator": "Exists",
                "effect": "NoExecute",
                "tolerationSeconds": 300,
            }
            for what in ("not-ready", "unreachable")
        ],
        "priority": 0,
        "enableServiceLinks": True,
    },
}


def review_of(pod: dict[str, Any]) -> bytes:
    """Return the review the API server sends for a new pod."""
    version = {"group": "", "version": "v1"}
    request = {
        "uid": "0df28fbd-5f5f-11e8-bc74-36e6bb280816",
        "kind": {**version, "kind": "Pod"},
        "resource": {**version, "resource": "pods"},
        "namespace": "shop",
        "operation": "CREATE",
        "userInfo": {
            "username": "system:serviceaccount:kube-system:replicaset-controller",
            "groups": ["system:authenticated"],
        },
        "object": pod,
        "oldObject": None,
        "dryRun": False,
        "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"},
    }
    return json.dumps({"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": request}).encode()


def stranger(number: int, name: str = "service") -> dict[str, Any]:
    """Return the pod of another workload: other names, labels, image and ports."""
    name = f"{name}-{number}"
    metadata = POD["metadata"]
    owner = {**metadata["ownerReferences"][0], "name": f"{name}-6d5f8b7c9"}
    labels = {"app": name, "version": f"v{number % 7}", "pod-template-hash": "6d5f8b7c9"}
    container = POD["spec"]["containers"][0]
    ports = [{"name": "http", "containerPort": 1024 + number % 30_000, "protocol": "TCP"}]
    return {
        **POD,
        "metadata": {**metadata, "generateName": f"{name}-6d5f8b7c9-", "labels": labels, "ownerReferences": [owner]},
        "spec": {
            **POD["spec"],
            "containers": [{**container, "name": name, "image": f"registry.example.com/{name}:2", "ports": ports}],
        },
    }


def changed(number: int) -> dict[str, Any]:
    """Return the pod with another value in its environment: the workload is known, and the pod is no replica."""
    container = POD["spec"]["containers"][0]
    env = [{"name": "SETTING_0", "value": f"changed {number}"}, *container["env"][1:]]
    return {**POD, "spec": {**POD["spec"], "containers": [{**container, "env": env}]}}


def stock_snapshot(release: str) -> Snapshot:
    """Return the stock configuration of a release. Raises FileNotFoundError where there is no upstream data."""
    folder = upstream()
    if folder is None:
        raise FileNotFoundError("no upstream data (set REMORA_UPSTREAM)")
    stock = folder / release / "stock"
    sources = Sources(str(stock / "istio-sidecar-injector-configmap.yaml"), str(stock / "istio-mesh-configmap.yaml"))
    return load_snapshot(sources, funcs_for=function_table, release=release_of(release))


def run() -> Iterator[str]:
    """Yield the table, a line each."""
    if upstream() is None:
        yield "injection: no upstream data (set REMORA_UPSTREAM)"
        return
    with start_engine() as peer:
        for release in RELEASES:
            yield from _table(release, peer)


def _table(release: str, peer: GoPeer | None) -> Iterator[str]:
    snapshot = stock_snapshot(release)
    for template in snapshot.templates.values():
        template.compile()
    contenders = _contenders(snapshot)
    settle()  # as the server does
    timings = measure(contenders)
    gc.unfreeze()
    yield f"\nIstio {release}, µs of CPU {'min':>31} {'median':>9}   {'of Go':>7}"
    anchor = peer.sidecar(release) if peer is not None else None
    if anchor is not None:
        timings["go: render"] = anchor
    for name, timing in timings.items():
        ratio = f"{timing.best / anchor.best:7.2f}" if anchor is not None else ""
        yield f"  {name:40} {timing.best:9.1f} {timing.median:9.1f}   {ratio}"
    yield f"  {'first request after a load':40} {_first_request(release):9.1f}"


def _first_request(release: str) -> float:
    snapshot = stock_snapshot(release)
    body = review_of(POD)
    with _cpu() as spent:
        answer_review(body, snapshot, settings=FAST)
    return spent[0]


@contextmanager
def _cpu() -> Iterator[list[float]]:
    from time import thread_time

    spent: list[float] = []
    started = thread_time()
    yield spent
    spent.append((thread_time() - started) * 1e6)


def _contenders(snapshot: Snapshot) -> dict[str, Callable[[], object]]:
    release, schema = snapshot.release, load_schema(snapshot.release.kube_version)
    body = review_of(POD)
    review = parse_review(body)
    pod = schema.decode("v1.Pod", review.object, coerce=False)
    asked = Request(review.namespace, review.name, review.uid)
    subject = _subject(pod, snapshot)
    data = template_data(subject, snapshot)
    template = snapshot.templates[snapshot.default_templates[0]]
    text = execute(template, data)
    outcome = inject(pod, snapshot, asked, PLAIN)
    patch = patch_bytes(outcome)
    reading = Reading(release)
    others = [review_of(stranger(i)) for i in range(2000)]
    unseen = _made_before(stranger(i) for i in count(2000))
    known = [review_of(changed(i)) for i in range(200)]
    odd = _made_before(stranger(i, "Dienst für") for i in count())  # no skeleton takes what is not ASCII
    turn = iter(count())
    return {
        "decode: review": lambda: parse_review(body),
        "decode: pod": lambda: schema.decode("v1.Pod", review.object, coerce=False),
        "plain: data and text": lambda: execute(template, template_data(subject, snapshot)),
        "plain: text to overlay": lambda: reading.patch(text),
        "plain: pipeline": lambda: inject(pod, snapshot, asked, PLAIN),
        "encode: patch": lambda: patch_bytes(outcome),
        "encode: review": lambda: allow(review.version, review.uid, patch=patch),
        "plain: bytes to bytes": lambda: answer_review(body, snapshot, settings=PLAIN),
        "fast: pipeline": lambda: inject(pod, snapshot, asked, FAST),
        "fast: bytes to bytes": lambda: answer_review(body, snapshot, settings=FAST),
        "fast: workload known, pod not": lambda: answer_review(known[next(turn) % 200], snapshot, settings=FAST),
        "fast: 2,000 workloads in turn": lambda: answer_review(others[next(turn) % 2000], snapshot, settings=FAST),
        "fast: workload not seen before": lambda: answer_review(next(unseen), snapshot, settings=FAST),
        "fast: not seen, overlay from text": lambda: answer_review(next(odd), snapshot, settings=FAST),
    }


def _made_before(pods: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """Return an iterator of reviews that no timing has to wait for: most of what it gives is made now."""
    made = [review_of(pod) for pod in islice(pods, READY)]
    return chain(made, map(review_of, pods))


def _subject(pod: dict[str, Any], snapshot: Snapshot) -> Subject:
    mesh, proxy = mesh_and_proxy(pod["metadata"], snapshot, offline=False)
    owner = owner_of_pod(pod, snapshot.release, namespace="shop")
    native = supports_native(pod, snapshot.release, PLAIN)
    return Subject(pod["metadata"], pod["spec"], owner, mesh, proxy, native, 1337, 1337)


__all__ = ["POD", "Timing", "review_of", "run", "stock_snapshot", "stranger"]
