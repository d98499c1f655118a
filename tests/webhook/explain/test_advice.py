"""Warnings about what users get wrong: one row a mistake, and none for a pod that is well."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from webhook.config.model import Snapshot
from webhook.config.release import release_of
from webhook.explain.advice import MAX_LENGTH, MAX_WARNINGS, advise
from webhook.mesh.mesh import default_mesh

INJECT = "sidecar.istio.io/inject"
PORTS = "traffic.sidecar.istio.io/includeInboundPorts"
TEMPLATE = (
    f"{{{{ annotation .ObjectMeta `{PORTS}` `` }}}}{{{{ index .ObjectMeta.Annotations `proxy.istio.io/config` }}}}"
)


def _advise(release: str = "1.20.8", inject: bool = True, **pod: Any) -> tuple[str, ...]:
    metadata = {key: pod.pop(key) for key in ("labels", "annotations") if key in pod}
    snapshot: Any = Snapshot(release_of(release), "enabled", {}, {"sidecar": TEMPLATE}, default_mesh(release))
    decision: Any = SimpleNamespace(inject=inject)
    return advise({"metadata": metadata, "spec": pod}, decision, snapshot)


ROWS: list[tuple[dict[str, Any], str]] = [
    ({"annotations": {INJECT: "true"}}, "is deprecated: use a label"),
    ({"annotations": {INJECT: "true"}, "labels": {INJECT: "false"}}, "is ignored: the label says 'false'"),
    ({"annotations": {INJECT: "maybe"}, "release": "0.8.0"}, "'maybe' is no yes"),
    ({"labels": {INJECT: "enabled"}, "inject": False}, "'enabled' is no yes"),
    ({"labels": {INJECT: "true"}, "hostNetwork": True, "inject": False}, "never injected"),
    ({"labels": {INJECT: "true"}, "release": "1.8.6", "inject": False}, "this release reads the annotation"),
    ({"labels": {INJECT: "false"}, "release": "0.8.0"}, "this release reads the annotation"),
    ({"labels": {"istio-injection": "disabled"}}, "belongs on the namespace"),
    ({"labels": {"istio-injection": "enabled"}, "inject": False}, "belongs on the namespace"),
    ({"labels": {"sidecar.istio.io/injct": "true"}, "inject": False}, "did you mean sidecar.istio.io/inject?"),
    ({"annotations": {"sidecar.istio.io/includeInboundPorts": '80"'}}, "did you mean traffic.sidecar.istio.io/…?"),
    ({"annotations": {PORTS: '80"'}}, "break out of its place"),
    ({"containers": [{"name": "app", "securityContext": {"runAsUser": 1337}}]}, "bypasses the mesh"),
    ({"annotations": {"sidecar.istio.io/rewriteAppHTTPProbers": "yes"}}, "'yes' is neither true nor false"),
    ({"annotations": {"sidecar.istio.io/nativeSidecar": ""}, "release": "1.27.9"}, "'' is neither true nor false"),
    (
        {"annotations": {"sidecar.istio.io/extraStatTags": "a"}, "release": "1.24.6"},
        "set extraStatTags in proxy.istio.io/config",
    ),
    (
        {"annotations": {"sidecar.istio.io/statsCompression": "a"}, "release": "1.30.3"},
        "statsCompression is deprecated",
    ),
    ({"dnsPolicy": "Default"}, "dnsPolicy is Default: the sidecar may not find the control plane"),
    ({"securityContext": {"runAsUser": 1337}, "containers": [{"name": "app"}]}, "container app runs as user 1337"),
]


@pytest.mark.parametrize(("pod", "words"), ROWS)
def test_a_mistake_is_told(pod: dict[str, Any], words: str) -> None:
    [warning] = _advise(**pod)
    assert words in warning
    assert len(warning) <= MAX_LENGTH


@pytest.mark.parametrize(
    "pod",
    [
        {},
        {"labels": {INJECT: "true"}},
        {"annotations": {INJECT: "false"}, "release": "0.8.0", "inject": False},
        {"annotations": {"proxy.istio.io/config": 'a: "b"\n'}},
        {"annotations": {"example.com/note": '"'}},
        {"annotations": {"sidecar.istio.io/statsInclusionRegexps": "a\\.b"}},
        {"labels": {INJECT: "true", "istio-injection": "enabled"}, "release": "1.8.6"},
        {"containers": [{"name": "istio-proxy", "securityContext": {"runAsUser": 1337}}]},
        {"annotations": {"sidecar.istio.io/rewriteAppHTTPProbers": "false"}},
        {"annotations": {"sidecar.istio.io/extraStatTags": "a"}, "release": "1.20.8"},
        {"dnsPolicy": "ClusterFirst"},
        {"dnsPolicy": "Default", "inject": False},
        {"hostNetwork": True, "inject": False},
    ],
)
def test_a_pod_that_is_well(pod: dict[str, Any]) -> None:
    assert _advise(**pod) == ()


def test_few_and_short() -> None:
    annotations = {f"sidecar.istio.io/{'x' * 200}{i}": "" for i in range(9)}
    warnings = _advise(annotations=annotations)
    assert len(warnings) == MAX_WARNINGS
    assert all(len(warning) <= MAX_LENGTH for warning in warnings)
