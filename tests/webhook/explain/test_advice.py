"""Warnings about what users get wrong: one row a mistake, and none for a pod that is well."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from webhook.config.release import release_of
from webhook.explain.advice import MAX_LENGTH, MAX_WARNINGS, advise

INJECT = "sidecar.istio.io/inject"


def _advise(release: str = "1.20.8", inject: bool = True, **pod: Any) -> tuple[str, ...]:
    metadata = {key: pod.pop(key) for key in ("labels", "annotations") if key in pod}
    snapshot: Any = SimpleNamespace(release=release_of(release))
    decision: Any = SimpleNamespace(inject=inject)
    return advise({"metadata": metadata, "spec": pod}, decision, snapshot)


ROWS: list[tuple[dict[str, Any], str]] = [
    ({"annotations": {INJECT: "true"}}, "is deprecated: use a label"),
    ({"annotations": {INJECT: "true"}, "labels": {INJECT: "false"}}, "is ignored: the label says 'false'"),
    ({"annotations": {INJECT: "maybe"}, "release": "0.8.0"}, "'maybe' is no yes"),
    ({"labels": {INJECT: "true"}, "hostNetwork": True, "inject": False}, "never injected"),
    ({"annotations": {"traffic.sidecar.istio.io/includeInboundPorts": '80"'}}, "break out of its place"),
    ({"containers": [{"name": "app", "securityContext": {"runAsUser": 1337}}]}, "bypasses the mesh"),
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
        {"containers": [{"name": "istio-proxy", "securityContext": {"runAsUser": 1337}}]},
        {"hostNetwork": True, "inject": False},
    ],
)
def test_a_pod_that_is_well(pod: dict[str, Any]) -> None:
    assert _advise(**pod) == ()


def test_few_and_short() -> None:
    annotations = {f"sidecar.istio.io/{'x' * 200}{i}": '"' for i in range(9)}
    warnings = _advise(annotations=annotations)
    assert len(warnings) == MAX_WARNINGS
    assert all(len(warning) <= MAX_LENGTH for warning in warnings)
