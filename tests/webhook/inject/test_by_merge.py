"""The whole way of a pod since 1.9: named templates, merge, overrides, and both ways agreeing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from webhook.config.model import Snapshot
from webhook.config.release import LAST_PATCHES
from webhook.inject.errors import InjectError
from webhook.inject.outcome import Request
from webhook.inject.pipeline import inject, inject_template
from webhook.inject.settings import Settings
from webhook.inject.workload_meta import Owner
from webhook.kube.jsonpatch import apply_patch
from webhook.kube.schema import load_schema

Configure = Callable[..., Snapshot]
SINCE_1_9 = [version for version in LAST_PATCHES if version.startswith("1.") and int(version.split(".")[1]) >= 9]
SIDECAR = """
metadata:
  annotations: { injected: "yes", }
spec:
  containers:
  - name: istio-proxy
    image: proxy:1
    args: ["{{ len .Spec.Containers }}"]
    env:
    - name: P
      value: template
  initContainers:
  - name: istio-init
    image: init:1
  volumes:
  - emptyDir:
    name: v
"""
APP = {"name": "app", "image": "app:1", "ports": [{"containerPort": 80}]}


def pod_of(*containers: dict[str, Any], **annotations: str) -> dict[str, Any]:
    metadata = {"name": "p", "namespace": "n", **({"annotations": annotations} if annotations else {})}
    return {"metadata": metadata, "spec": {"containers": list(containers)}}


def admitted(pod: dict[str, Any], snapshot: Snapshot, path: str = "", **settings: Any) -> dict[str, Any]:
    """Return the pod after the patch of the webhook, canonical."""
    schema = load_schema(snapshot.release.kube_version)
    outcome = inject(pod, snapshot, Request(namespace="n", path=path), Settings(**settings))
    patched = apply_patch(schema.encode("v1.Pod", pod), outcome.patch)
    return schema.decode("v1.Pod", patched, coerce=False)


def by_name(pod: dict[str, Any], part: str = "containers") -> dict[str, Any]:
    return {item["name"]: item for item in pod["spec"][part]}


@pytest.mark.parametrize("release", SINCE_1_9)
def test_both_ways_agree_in_every_release(configure: Configure, release: str) -> None:
    snapshot = configure(release, sidecar=SIDECAR)
    pod = pod_of(APP)
    by_webhook = admitted(pod, snapshot)
    metadata, spec = inject_template(pod["metadata"], pod["spec"], Owner("Pod", "v1", pod["metadata"]), snapshot)
    assert by_webhook == {"metadata": metadata, "spec": spec}
    assert [item["name"] for item in spec["containers"]] == ["app", "istio-proxy"]
    assert [item["name"] for item in spec["initContainers"]] == ["istio-init"]
    assert metadata["annotations"]["injected"] == "yes"


@pytest.mark.parametrize("release", SINCE_1_9)
def test_a_second_injection_changes_nothing(configure: Configure, release: str) -> None:
    snapshot = configure(release, sidecar=SIDECAR)
    once = admitted(pod_of(APP), snapshot)
    assert admitted(once, snapshot) == once


@pytest.mark.parametrize(
    ("release", "status"),
    [
        (
            "1.10",
            '{"initContainers":["istio-init"],"containers":["istio-proxy"],"volumes":["v"],"imagePullSecrets":null}',
        ),
        (
            "1.11",
            '{"initContainers":["istio-init"],"containers":["istio-proxy"],"volumes":["v"],"imagePullSecrets":null,'
            '"revision":"default"}',
        ),
    ],
)
def test_the_status_names_what_the_templates_gave(configure: Configure, release: str, status: str) -> None:
    found = admitted(pod_of(APP), configure(release, sidecar=SIDECAR))
    assert found["metadata"]["annotations"]["sidecar.istio.io/status"] == status


def test_the_status_names_the_revision(configure: Configure) -> None:
    found = admitted(pod_of(APP), configure("1.20", sidecar=SIDECAR), revision="canary")
    assert found["metadata"]["annotations"]["sidecar.istio.io/status"].endswith('"revision":"canary"}')


def test_the_pods_own_words_win_and_are_kept(configure: Configure) -> None:
    own = {"name": "istio-proxy", "image": "auto", "args": ["own"], "env": [{"name": "P", "value": "own"}]}
    found = admitted(pod_of(APP, own), configure("1.20", sidecar=SIDECAR))
    proxy = by_name(found)["istio-proxy"]
    assert (proxy["image"], proxy["args"], proxy["env"]) == ("proxy:1", ["own"], [{"name": "P", "value": "own"}])
    assert found["metadata"]["annotations"]["proxy.istio.io/overrides"] == (
        '{"containers":[{"name":"istio-proxy","args":["own"],"env":[{"name":"P","value":"own"}],"resources":{}}]}'
    )


def test_overrides_survive_a_second_injection(configure: Configure) -> None:
    own = {"name": "istio-proxy", "image": "auto", "env": [{"name": "P", "value": "<own>"}]}
    once = admitted(pod_of(APP, own), configure("1.20", sidecar=SIDECAR))
    again = admitted(once, configure("1.20", sidecar=SIDECAR.replace("proxy:1", "proxy:2")))
    assert by_name(again)["istio-proxy"]["image"] == "proxy:2"
    assert "\\u003cown\\u003e" in again["metadata"]["annotations"]["proxy.istio.io/overrides"]


@pytest.mark.parametrize(("release", "image"), [("1.16", "proxy:1"), ("1.17", "proxy:2")])
def test_until_1_16_an_injected_container_counts_as_the_pods_own(
    configure: Configure, release: str, image: str
) -> None:
    once = admitted(pod_of(APP), configure(release, sidecar=SIDECAR))
    again = admitted(once, configure(release, sidecar=SIDECAR.replace("proxy:1", "proxy:2")))
    assert by_name(again)["istio-proxy"]["image"] == image


NATIVE = SIDECAR.replace("  initContainers:\n", "").replace("  containers:\n", "  initContainers:\n")


@pytest.mark.parametrize(
    ("release", "settings"),
    [
        ("1.19", {"environment": {"ENABLE_NATIVE_SIDECARS": "true"}}),
        ("1.27", {"nodes": {"a": "v1.33.1"}}),
    ],
)
def test_words_on_a_native_sidecar_are_found_among_the_containers(
    configure: Configure, release: str, settings: dict[str, Any]
) -> None:
    own = {"name": "istio-proxy", "image": "auto", "env": [{"name": "P", "value": "own"}]}
    found = admitted(pod_of(APP, own), configure(release, sidecar=NATIVE), **settings)
    assert list(by_name(found)) == ["app"]
    assert list(by_name(found, "initContainers")) == ["istio-init", "istio-proxy"]
    assert by_name(found, "initContainers")["istio-proxy"]["env"][0]["value"] == "own"
    assert found["metadata"]["annotations"]["proxy.istio.io/overrides"].startswith(
        '{"initContainers":[{"name":"istio-proxy"'
    )


def test_templates_are_chosen_by_annotation_alias_and_default(configure: Configure) -> None:
    templates = {name: f"metadata: {{labels: {{{name}: x}}}}" for name in ("a", "b", "c", "sidecar")}
    config = {"defaultTemplates": ["b"], "aliases": {"both": ["a", "c"]}}
    snapshot = configure("1.20", config=config, **templates)
    assert admitted(pod_of(APP), snapshot)["metadata"]["labels"] == {"b": "x"}
    chosen = admitted(pod_of(APP, **{"inject.istio.io/templates": "both, b"}), snapshot)
    assert chosen["metadata"]["labels"] == {"a": "x", "b": "x", "c": "x"}
    pod = pod_of(APP)
    metadata, _ = inject_template(pod["metadata"], pod["spec"], Owner("Pod", "v1", {}), snapshot)
    assert metadata["labels"] == {"sidecar": "x"}


def test_the_path_of_the_request_sets_the_proxys_environment(configure: Configure) -> None:
    snapshot = configure("1.20", sidecar=SIDECAR)
    found = admitted(pod_of(APP), snapshot, path="/inject/cluster/c/net/n/p/a--slash--b")
    variables = {item["name"]: item["value"] for item in by_name(found)["istio-proxy"]["env"]}
    assert variables == {"P": "a/b", "ISTIO_META_CLUSTER_ID": "c", "ISTIO_META_NETWORK": "n"}
    assert found["metadata"]["labels"] == {"topology.istio.io/network": "n"}


@pytest.mark.parametrize("release", SINCE_1_9)
def test_managed_fields_stay_out_of_the_patch(configure: Configure, release: str) -> None:
    snapshot = configure(release, sidecar=SIDECAR)
    pod = pod_of(APP)
    pod["metadata"]["managedFields"] = [{"manager": "m"}]
    paths = [operation["path"] for operation in inject(pod, snapshot, Request(namespace="n")).patch]
    assert paths
    assert not [path for path in paths if "managedFields" in path]


@pytest.mark.parametrize(
    ("release", "template", "text"),
    [
        (
            "1.20",
            "spec: {containers: [{name: a, env: [{name: b, value: 1}]}]}",
            "failed to run injection template: failed applying injection overlay: unmarshal patched pod: "
            "json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string",
        ),
        (
            "1.18",
            "spec: {containers: [{env: []}]}",
            "failed to run injection template: failed parsing generated injected YAML (check Istio sidecar injector "
            "configuration): strategic merge: map: map[env:[]] does not contain declared merge key: name",
        ),
        (
            "1.20",
            "a: [",
            "failed to run injection template: failed applying injection overlay: strategic merge: invalid JSON document",
        ),
        (
            "1.13",
            "a: [",
            "failed to run injection template: yaml to json: yaml: line 1: did not find expected node content",
        ),
        (
            "1.20",
            "- a",
            "failed to run injection template: failed applying injection overlay: strategic merge: invalid JSON document",
        ),
        (
            "1.20",
            '{{ fail "no" }}',
            'failed to run injection template: template: inject:1:3: executing "inject" at <fail "no">: '
            "error calling fail: no",
        ),
        (
            "1.13",
            "{{ nofunc }}",
            'failed to run injection template: template: inject:1: function "nofunc" not defined',
        ),
    ],
)
def test_errors_say_what_failed(configure: Configure, release: str, template: str, text: str) -> None:
    with pytest.raises(InjectError) as caught:
        inject(pod_of(APP), configure(release, sidecar=template))
    assert str(caught.value) == text


def test_errors_about_the_pod(configure: Configure) -> None:
    snapshot = configure("1.20", sidecar=SIDECAR, other="")
    cases = {
        "inject.istio.io/templates": (
            "none",
            'failed to run injection template: requested template "none" not found; have sidecar, other',
        ),
        "proxy.istio.io/overrides": ("{", "failed to run injection template: unexpected end of JSON input"),
        "sidecar.istio.io/interceptionMode": (
            "X",
            "failed to run injection template: 1 error occurred:\n\t* invalid value 'X' for annotation "
            "'sidecar.istio.io/interceptionMode': interceptionMode invalid, use REDIRECT,TPROXY,NONE: X\n\n",
        ),
    }
    for name, (value, text) in cases.items():
        with pytest.raises(InjectError) as caught:
            inject(pod_of(APP, **{name: value}), snapshot)
        assert str(caught.value) == text


def test_values_must_be_readable_from_1_23(configure: Configure) -> None:
    snapshot = configure("1.23", sidecar=SIDECAR)._replace(values=None)
    with pytest.raises(InjectError, match=r"failed to parse values\.yaml; check Istiod logs for errors"):
        inject(pod_of(APP), snapshot)


@pytest.mark.parametrize(("release", "expected"), [("1.25", 2**53 + 1), ("1.26", 2**53)])
def test_integers_beyond_a_float_lose_digits_from_1_26(configure: Configure, release: str, expected: int) -> None:
    pod = pod_of({**APP, "securityContext": {"runAsUser": 2**53 + 1}})
    found = admitted(pod, configure(release, sidecar=SIDECAR))
    assert by_name(found)["app"]["securityContext"]["runAsUser"] == expected
