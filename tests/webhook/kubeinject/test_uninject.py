"""kube-uninject: what is taken out of a workload, and the mark it gets."""

from __future__ import annotations

import pytest

from webhook.config.release import release_of
from webhook.kubeinject.uninject import uninject_documents

POD = """\
apiVersion: v1
kind: Pod
metadata:
  annotations:
    kept: "yes"
    sidecar.istio.io/status: x
    traffic.sidecar.istio.io/includeInboundPorts: "*"
  name: p
spec:
  containers:
  - image: i
    livenessProbe:
      httpGet:
        path: /app-health/app/livez
        port: 15020
      periodSeconds: 7
    name: app
  - env:
    - name: ISTIO_KUBE_APP_PROBERS
      value: '{"/app-health/app/livez":{"httpGet":{"path":"/l","port":80},"timeoutSeconds":3},"/app-health/no-such/livez":{}}'
    name: istio-proxy
  dnsConfig:
    searches:
    - global
    - own
    - x.global
  initContainers:
  - name: own
  - name: istio-init
  - name: istio-validation
  volumes:
  - name: istio-envoy
  - name: istiod-ca-cert
"""
RESTORED = """\
    livenessProbe:
      httpGet:
        path: /l
        port: 80
      timeoutSeconds: 3
"""
SERVICE = "apiVersion: v1\nkind: Service\n# kept\n"


def _uninject(text: str, version: str) -> str:
    return "".join(uninject_documents(text.splitlines(keepends=True), release_of(version)))


def test_annotation_then_label() -> None:
    old, new = _uninject(POD, "1.17.8"), _uninject(POD, "1.18.7")
    assert '  annotations:\n    kept: "yes"\n    sidecar.istio.io/inject: "false"\n' in old
    assert "labels" not in old
    assert '  annotations:\n    kept: "yes"\n  creationTimestamp' in new
    assert '  labels:\n    sidecar.istio.io/inject: "false"\n' in new


@pytest.mark.parametrize(
    ("version", "left"), [("1.3.8", ("own", "istio-validation", "istiod-ca-cert")), ("1.8.6", ("own",))]
)
def test_what_is_removed(version: str, left: tuple[str, ...]) -> None:
    text = _uninject(POD, version)
    names = [line.split("name: ")[1] for line in text.splitlines() if "- name: " in line]
    assert tuple(names) == left
    assert "istio-proxy" not in text
    assert "    searches:\n    - own\n" in text


@pytest.mark.parametrize(("version", "restored"), [("1.5.10", False), ("1.6.14", True)])
def test_probes_are_put_back(version: str, restored: bool) -> None:
    assert (RESTORED in _uninject(POD, version)) is restored


def test_without_a_sidecar_only_the_mark_is_set() -> None:
    text = _uninject("kind: Pod\nspec:\n  initContainers:\n  - name: istio-init\n", "1.8.6")
    assert "istio-init" in text
    assert 'sidecar.istio.io/inject: "false"' in text


def test_what_is_no_workload_passes() -> None:
    assert _uninject(SERVICE, "1.8.6") == SERVICE + "---\n"
