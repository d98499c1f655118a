"""Which workloads kube-inject leaves alone, and what it says."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.config.release import release_of
from webhook.inject.workload_meta import Owner
from webhook.kubeinject.skipping import reason_to_skip

HOST = {"hostNetwork": True}
TWICE = {"containers": [{"name": "app"}, {"name": "istio-proxy"}]}
STATUS = {"annotations": {"sidecar.istio.io/status": "{}"}}
OFF = {"annotations": {"sidecar.istio.io/inject": "false"}}
ROWS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("0.8.0", {}, HOST, 'Skipping injection because "" has host networking enabled'),
    ("1.7.8", {"name": "t"}, HOST, 'Skipping injection because "t" has host networking enabled'),
    ("1.8.6", {}, HOST, '===> Skipping injection because "web" has host networking enabled'),
    ("1.14.6", {}, HOST, '===> Skipping injection because Deployment "ns/web" has host networking enabled'),
    ("1.1.17", {}, TWICE, ""),
    ("1.2.10", {}, TWICE, 'Skipping injection because "" has injected "istio-proxy" sidecar already'),
    ("1.9.9", {}, TWICE, ""),
    ("1.10.6", STATUS, TWICE, '===> Skipping injection because "web" has injected "istio-proxy" sidecar already'),
    ("1.14.6", STATUS, TWICE,
     '===> Skipping injection because Deployment ns/web "istio-proxy" has host networking enabled'),
    ("1.17.8", STATUS, TWICE, ""),
    ("1.2.10", {}, {"containers": [{"name": "istio-proxy"}]}, ""),
    ("1.7.8", OFF, {}, ""),
    ("1.8.6", OFF, {}, '===> Skipping injection because "web" has sidecar injection disabled'),
    ("1.8.6", {}, {}, ""),
    ("1.31.0", {"namespace": "else"}, HOST, '===> Skipping injection because Deployment "ns/web" has host networking enabled'),
]  # fmt: skip


@pytest.mark.parametrize(("version", "metadata", "spec", "expected"), ROWS)
def test_reason(version: str, metadata: dict[str, Any], spec: dict[str, Any], expected: str) -> None:
    owner = Owner("Deployment", "apps/v1", {"name": "web", "namespace": "ns"})
    assert reason_to_skip(metadata, spec, owner, release_of(version)) == expected
