"""kube-inject since 1.9, document by document: owners, CronJobs, what stops it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from webhook.config.model import Snapshot, build_snapshot
from webhook.config.release import release_of
from webhook.inject.funcs import function_table
from webhook.inject.settings import Settings
from webhook.kube import yaml
from webhook.kubeinject.transform import DocumentError, inject_documents

TEMPLATE = """
metadata:
  annotations:
    owner: "{{ .TypeMeta.Kind }}/{{ .DeploymentMeta.Name }}"
    revision: "{{ .Revision }}"
    flag: "{{ env "FLAG" "unset" }}"
spec:
  containers:
  - name: istio-proxy
"""


def snapshot(release: str) -> Snapshot:
    config = json.dumps({"policy": "disabled", "templates": {"sidecar": TEMPLATE}})
    environment = {"FLAG": "set"}
    return build_snapshot(
        config, None, "{}", release=release_of(release), funcs_for=lambda it: function_table(it, environment)
    )


def injected(release: str, *documents: dict[str, Any]) -> tuple[list[Any], list[str]]:
    warnings: list[str] = []
    lines = "---\n".join(yaml.dump(document) for document in documents).splitlines(keepends=True)
    text = "".join(inject_documents(lines, snapshot(release), warnings.append, Settings(revision="r")))
    assert text.endswith("---\n")
    return yaml.load_all(text.removesuffix("---\n")), warnings


def workload(kind: str, **template: Any) -> dict[str, Any]:
    spec = {"template": {"metadata": template, "spec": {"containers": [{"name": "app"}]}}}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "w", "namespace": "n"}, "spec": spec}


OWNED = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {
        "generateName": "w-abc-",
        "labels": {"pod-template-hash": "abc"},
        "ownerReferences": [
            {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "w-abc", "uid": "", "controller": True}
        ],
    },
    "spec": {"containers": [{"name": "app"}]},
}


@pytest.mark.parametrize(("release", "owner"), [("1.20", "Pod/"), ("1.21", "Deployment/w"), ("1.31", "Deployment/w")])
def test_a_bare_pod_has_owners_from_1_21(release: str, owner: str) -> None:
    (pod,), _ = injected(release, OWNED)
    assert pod["metadata"]["annotations"]["owner"] == owner


def test_the_template_sees_revision_and_environment() -> None:
    (found,), _ = injected("1.20", workload("StatefulSet"))
    annotations = found["spec"]["template"]["metadata"]["annotations"]
    assert {key: annotations[key] for key in ("owner", "revision", "flag")} == {
        "owner": "StatefulSet/w",
        "revision": "r",
        "flag": "set",
    }
    assert annotations["sidecar.istio.io/status"].endswith('"revision":"r"}')


def test_a_cron_job_is_annotated_at_its_job_template() -> None:
    template = workload("Job")["spec"]
    job = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "c"},
        "spec": {"jobTemplate": {"spec": template}},
    }
    (found,), _ = injected("1.20", job)
    job_template = found["spec"]["jobTemplate"]
    assert job_template["metadata"]["annotations"]["owner"] == "CronJob/c"
    assert "annotations" not in job_template["spec"]["template"]["metadata"]
    assert [item["name"] for item in job_template["spec"]["template"]["spec"]["containers"]] == ["app", "istio-proxy"]


def test_documents_are_independent() -> None:
    service = {"kind": "Service", "apiVersion": "v1", "metadata": {"name": "s"}}
    off = workload("Deployment", annotations={"sidecar.istio.io/inject": "false"})
    (first, second, third), warnings = injected("1.20", workload("Deployment"), service, off)
    assert len(first["spec"]["template"]["spec"]["containers"]) == 2
    assert second == service
    assert len(third["spec"]["template"]["spec"]["containers"]) == 1
    assert warnings == ['===> Skipping injection because Deployment "n/w" has sidecar injection disabled']


@pytest.mark.parametrize("annotations", [{}, {"sidecar.istio.io/inject": "false"}])
def test_a_bad_proxy_config_is_an_error_even_where_nothing_is_injected(annotations: dict[str, str]) -> None:
    document = workload("Deployment", annotations={**annotations, "proxy.istio.io/config": "concurrency: many"})
    with pytest.raises(DocumentError, match=r"\(Deployment w\): could not parse proxy config: "):
        injected("1.20", document)


def test_host_network_is_asked_before_the_proxy_config() -> None:
    document = workload("Deployment", annotations={"proxy.istio.io/config": "concurrency: many"})
    document["spec"]["template"]["spec"]["hostNetwork"] = True
    _, warnings = injected("1.20", document)
    assert warnings == ['===> Skipping injection because Deployment "n/w" has host networking enabled']
