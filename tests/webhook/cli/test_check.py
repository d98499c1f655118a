"""remora check: what it prints about manifests, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from webhook.cli import main

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
      annotations: {sidecar.istio.io/inject: "true"}
    spec:
      containers: [{name: c, image: x}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80}]
"""
WELL = ("--injection-namespace", "shop")


def _check(text: str, tmp_path: Path, *options: str) -> int:
    (tmp_path / "app.yaml").write_text(text)
    return main(["check", "-f", str(tmp_path / "app.yaml"), *WELL, *options])


def test_an_application_that_is_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _check(DEPLOYMENT, tmp_path) == 0
    assert capsys.readouterr().out == "2 objects, nothing found\n"


def test_a_bare_true_is_read_as_kube_inject_reads_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _check(DEPLOYMENT.replace('"true"', "true"), tmp_path) == 0
    assert capsys.readouterr().out == "2 objects, nothing found\n"


def test_what_is_no_workload_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        _check(DEPLOYMENT.replace("spec:\n  selector: {matchLabels: {app: web}}", "spec:\n  selector: 3"), tmp_path)
        == 3
    )
    assert "document 1, Deployment web: " in capsys.readouterr().err


def test_a_kind_that_is_younger_than_the_injector(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    job = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: nightly}\n"
    assert _check(job, tmp_path, "--release", "0.8.0") == 1
    assert "CronJob nightly\n  service-association: " in capsys.readouterr().out


def test_a_misspelt_annotation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = DEPLOYMENT.replace("sidecar.istio.io/inject:", "sidecar.istio.io/injct:")
    assert _check(text, tmp_path) == 1
    assert capsys.readouterr().out == (
        f"{tmp_path}/app.yaml, document 1, Deployment web\n"
        "  advice: the annotation sidecar.istio.io/injct is ignored: did you mean sidecar.istio.io/inject?\n"
        "2 objects, 1 finding\n"
    )


def test_findings_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _check(DEPLOYMENT.replace("app: web}\n  ports", "app: other}\n  ports"), tmp_path, "--format", "json") == 1
    [finding] = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["rule"], finding["reason"]) == (
        "service-association",
        "no Service of the namespace shop selects its pods",
    )


def test_findings_are_told_by_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bare, _, _ = DEPLOYMENT.replace("labels: {app: web}\n", "labels: {x: y}\n").partition("---")
    assert _check(bare, tmp_path) == 1
    assert capsys.readouterr().out == (
        f"{tmp_path}/app.yaml, document 1, Deployment web\n"
        "  service-association: no Service of the namespace shop selects its pods\n"
        "    remedy: add a Service whose selector matches the labels of the pod template, also when nothing calls the pod\n"
        "  app-label: its pod template has no label app, which names the workload in traces\n"
        "    remedy: add the label app: web to spec.template.metadata.labels and to the selector\n"
        "1 object, 2 findings\n"
    )
