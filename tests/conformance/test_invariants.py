"""The invariants hold for the golden cases of every release, and each of them can tell when it does not hold."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from commit_seed import commit_seed

from conformance.foreign import changed_by_nobody
from conformance.invariant_cases import MODES, check_cases
from conformance.invariants import check_both_ways, check_pod
from conformance.invariants_command import command
from conformance.manifest import load_manifest
from conformance.trial import Trial, admit
from webhook.config.model import Snapshot, build_snapshot
from webhook.config.release import release_of
from webhook.inject.funcs import function_table
from webhook.kubeinject.transform import DocumentError, inject_documents

RELEASES = [
    "0.5.1", "0.7.1", "0.8.0", "1.0.9", "1.1.17", "1.3.8", "1.5.10", "1.8.6",
    "1.9.9", "1.12.9", "1.14.6", "1.18.7", "1.20.8", "1.24.6", "1.27.9", "1.30.3",
]  # fmt: skip
SAMPLE = 40
SEED = commit_seed()


# takes some seconds a release: up to four injections a pod; `make invariants` runs all cases
@pytest.mark.parametrize("release", RELEASES)
def test_cases_of_a_release(upstream: Path, release: str) -> None:
    manifest = load_manifest(upstream / release)
    with_pods = [case for case in manifest.cases if case.mode in MODES]
    sample = random.Random(SEED).sample(with_pods, min(SAMPLE, len(with_pods)))
    found = list(check_cases(replace(manifest, cases=tuple(sample))))
    assert len(found) == len(sample)
    assert {finding.invariant for checked in found for finding in checked.findings} >= {
        "patch",
        "idempotent",
        "foreign",
    }
    failed = [f"{c.case.id}: {f.invariant}: {f.problem}" for c in found for f in c.findings if f.problem]
    assert failed == [], f"seed {SEED}"


def test_the_command_counts_and_names_what_istio_does_otherwise(upstream: Path) -> None:  # takes two seconds
    result = CliRunner().invoke(command, [str(upstream / "0.5.1"), str(upstream / "1.1.17")], standalone_mode=False)
    assert result.return_value == 0
    lines = result.output.splitlines()
    assert lines[0].split()[:3] == ["release", "patch", "idempotent"]
    assert [line.split()[0] for line in lines[1:4]] == ["0.5.1", "1.1.17", "total"]
    assert any("idempotent: templates see the injected pod. Until 1.8" in line for line in lines)
    assert lines[-1] == "118 passed, 0 failed"


SIDECAR = """
spec:
  containers:
  - name: istio-proxy
    image: proxy
  volumes:
  - name: certs
    emptyDir: {}
"""
POD: dict[str, Any] = {
    "metadata": {"name": "app", "labels": {"app": "app"}},
    "spec": {"containers": [{"name": "app", "image": "app:1"}], "volumes": [{"name": "data", "emptyDir": {}}]},
}


def snapshot_of(template: str, release: str = "1.20.8", **more: Any) -> Snapshot:
    config = json.dumps({"policy": "enabled", "templates": {"sidecar": template}, **more})
    return build_snapshot(config, release=release_of(release), funcs_for=function_table)


def problems(trial: Trial) -> dict[str, str]:
    return {finding.invariant: finding.problem for finding in check_pod(trial) if finding.problem}


@pytest.fixture
def trial() -> Trial:
    return admit(POD, snapshot_of(SIDECAR))


def with_operations(trial: Trial, *operations: Any) -> Trial:
    return replace(trial, outcome=trial.outcome._replace(patch=(*trial.outcome.patch, *operations)))


def test_they_hold(trial: Trial) -> None:
    assert [finding.invariant for finding in check_pod(trial)] == ["patch", "idempotent", "foreign", "minimal"]
    assert problems(trial) == {}


def test_a_pod_that_is_not_injected_has_nothing_to_fulfil() -> None:
    pod = {**POD, "spec": {**POD["spec"], "hostNetwork": True}}
    assert list(check_pod(admit(pod, snapshot_of(SIDECAR)))) == []


def test_a_patch_that_does_not_apply(trial: Trial) -> None:
    broken = with_operations(trial, {"op": "remove", "path": "/spec/nodeName"})
    assert problems(broken)["patch"].startswith("it does not apply:")
    assert problems(replace(trial, error="there is no 'x'")) == {"patch": "there is no 'x'"}


def test_a_patch_that_two_implementations_apply_differently(trial: Trial) -> None:
    other = replace(trial, after=trial.before)
    assert problems(other)["patch"].startswith("two implementations do not agree: add /")


def test_a_result_that_kubernetes_would_not_keep(trial: Trial) -> None:
    operation = {"op": "add", "path": "/spec/unheardOf", "value": 1}
    broken = replace(
        with_operations(trial, operation), after={**trial.after, "spec": {**trial.after["spec"], "unheardOf": 1}}
    )
    assert problems(broken)["patch"] == "remove /spec/unheardOf"


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "/metadata/labels/app", "value": "app"},
        {"op": "add", "path": "/metadata/labels/app", "value": "app"},
    ],
)
def test_an_operation_too_many(trial: Trial, operation: dict[str, str]) -> None:
    assert problems(with_operations(trial, operation)) == {
        "minimal": f"not needed: {operation['op']} /metadata/labels/app"
    }


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda pod: pod["spec"]["containers"].pop(0), "containers: ['app'] became []"),
        (lambda pod: pod["spec"]["containers"][0].update(image="x"), "containers: app is changed"),
        (lambda pod: pod["spec"]["volumes"].pop(1), "volumes: ['data'] became []"),
        (lambda pod: pod["spec"].update(dnsPolicy="None"), "spec.dnsPolicy is changed"),
        (lambda pod: pod["metadata"].update(name="x"), "metadata.name is changed"),
        (lambda pod: pod["metadata"]["labels"].clear(), "the label app is lost"),
    ],
)  # fmt: skip
def test_what_is_foreign_is_left_alone(trial: Trial, change: Any, problem: str) -> None:
    assert list(changed_by_nobody(trial)) == []
    after = json.loads(json.dumps(trial.after))
    change(after)
    assert list(changed_by_nobody(replace(trial, after=after))) == [problem]


PROBE = {"httpGet": {"path": "/ready", "port": 8080}, "periodSeconds": 3}


@pytest.mark.parametrize(
    ("rewritten", "problem"),
    [
        ({"httpGet": {"path": "/app-health/app/readyz", "port": 15020}, "periodSeconds": 3}, ""),
        ({"httpGet": {"path": "/app-health/other/readyz", "port": 15020}, "periodSeconds": 3}, "containers: app is changed"),
        ({"httpGet": {"path": "/app-health/app/readyz", "port": 15020}, "periodSeconds": 4}, "containers: app is changed"),
        (None, "containers: app is changed"),
    ],
)  # fmt: skip
def test_a_probe_may_only_go_to_the_agent(rewritten: Any, problem: str) -> None:
    pod = {**POD, "spec": {"containers": [{"name": "app", "image": "app:1", "readinessProbe": PROBE}]}}
    trial = admit(pod, snapshot_of(SIDECAR))
    after = json.loads(json.dumps(trial.after))
    after["spec"]["containers"][0]["readinessProbe"] = rewritten
    assert list(changed_by_nobody(replace(trial, after=after))) == ([problem] if problem else [])


def test_a_template_that_changes_what_it_has_injected() -> None:
    template = 'metadata:\n  annotations:\n    seen: "{{ len .ObjectMeta.Annotations }}"\n' + SIDECAR.lstrip()
    assert problems(admit(POD, snapshot_of(template)))["idempotent"].startswith("replace /metadata/annotations/seen")


def test_what_may_change_once_must_come_to_rest() -> None:
    template = """
metadata:
  annotations:
    seen: "{{ index .ObjectMeta.Annotations "seen" }}x"
spec:
  containers:
  - name: istio-proxy
    image: proxy
    env:
    - name: ISTIO_METAJSON_ANNOTATIONS
      value: '{{ toJSON .ObjectMeta.Annotations }}'
"""
    assert "idempotent" in problems(admit(POD, snapshot_of(template)))


DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  template:
    metadata: {labels: {app: app}}
    spec: {containers: [{name: app, image: app}]}
"""


def test_both_ways_are_compared_pod_by_pod() -> None:
    text = f"{DEPLOYMENT}---\nkind: Service\n---\n{DEPLOYMENT}"
    found = list(check_both_ways(text, snapshot_of(SIDECAR)))
    assert [(finding.invariant, finding.problem, finding.allowance) for finding in found] == [("both ways", "", "")] * 2


def test_a_template_that_tells_both_ways_apart() -> None:
    template = SIDECAR.replace("image: proxy", "image: {{ .DeploymentMeta.Name }}-{{ len .ObjectMeta.Name }}")
    [finding] = check_both_ways(DEPLOYMENT, snapshot_of(template))
    assert finding.problem == ""
    [finding] = check_both_ways(DEPLOYMENT, snapshot_of(template, injectedAnnotations={"only": "in admission"}))
    assert finding.problem == "remove /metadata/annotations/only"


def test_a_refusal_of_one_way_alone() -> None:
    template = SIDECAR.replace(
        "image: proxy", '{{ if eq .ObjectMeta.GenerateName "app-fake-" }}{{ fail "no" }}{{ end }}image: p'
    )
    [finding] = check_both_ways(DEPLOYMENT, snapshot_of(template))
    assert finding.problem.startswith("admission alone refuses:")


@pytest.mark.parametrize("policy", ["disabled", "odd"])
def test_policy_and_selectors_are_no_matter_of_kube_inject(policy: str) -> None:
    [finding] = check_both_ways(DEPLOYMENT, snapshot_of(SIDECAR, policy=policy))
    assert (finding.problem, finding.allowance) == ("", "policy and selectors are the webhook's")


def test_an_empty_map_in_a_file_stops_kube_inject_of_1_8() -> None:
    """The literal patch adds to the map, and the printed pod has none: an error of the document, not a crash."""
    template = "containers:\n- name: istio-proxy\n  image: proxy\n"
    config = json.dumps({"policy": "enabled", "template": template})
    snapshot = build_snapshot(config, values_text="{}", release=release_of("1.8.6"), funcs_for=function_table)
    text = DEPLOYMENT.replace("{labels: {app: app}}", "{labels: {}}")
    with pytest.raises(
        DocumentError, match=r"document 1 .Deployment app.: the patch cannot be applied: add /metadata/labels/"
    ):
        list(inject_documents(text.splitlines(keepends=True), snapshot, print))
    [finding] = check_both_ways(text, snapshot)
    assert (finding.problem, finding.allowance) == ("", "kube-inject stumbles over an empty map")
