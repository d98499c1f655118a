"""The decision: policy × annotation, host network, system namespaces."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from webhook.config.release import release_of
from webhook.inject.decide import decide, decide_offline, with_request_namespace
from webhook.inject.outcome import Reason, Request

YES, NO = True, False
ROWS = [
    ("enabled", None, YES, Reason.POLICY_ENABLED),
    ("enabled", "", YES, Reason.POLICY_ENABLED),
    ("enabled", "true", YES, Reason.ANNOTATION_ON),
    ("enabled", "Yes", YES, Reason.ANNOTATION_ON),
    ("enabled", "ON", YES, Reason.ANNOTATION_ON),
    ("enabled", "y", YES, Reason.ANNOTATION_ON),
    ("enabled", "false", NO, Reason.ANNOTATION_OFF),
    ("enabled", "1", NO, Reason.ANNOTATION_OFF),
    ("enabled", " true", NO, Reason.ANNOTATION_OFF),
    ("enabled", "enabled", NO, Reason.ANNOTATION_OFF),
    ("disabled", None, NO, Reason.POLICY_DISABLED),
    ("disabled", "", NO, Reason.POLICY_DISABLED),
    ("disabled", "true", YES, Reason.ANNOTATION_ON),
    ("disabled", "false", NO, Reason.ANNOTATION_OFF),
    ("", None, NO, Reason.POLICY_UNKNOWN),
    ("Enabled", "true", NO, Reason.POLICY_UNKNOWN),
]


def _decide(policy: str, pod: dict[str, Any]) -> Any:
    snapshot = SimpleNamespace(
        policy=policy, release=release_of("0.8.0"), never_inject_selector=(), always_inject_selector=()
    )
    return decide(pod, snapshot)  # type: ignore[arg-type]


@pytest.mark.parametrize(("policy", "wish", "inject", "reason"), ROWS)
def test_policy_and_annotation(policy: str, wish: str | None, inject: bool, reason: Reason) -> None:
    annotations = {} if wish is None else {"sidecar.istio.io/inject": wish}
    decision = _decide(policy, {"metadata": {"annotations": annotations}, "spec": {}})
    assert (decision.inject, decision.reason) == (inject, reason)
    assert decision.sentence
    assert "{}" not in decision.sentence


APP = {"matchLabels": {"app": "a"}}
BATCH = {"matchExpressions": [{"key": "tier", "operator": "In", "values": ["batch"]}]}
INVALID = {"matchExpressions": [{"key": "tier", "operator": "Near"}]}
LATER_ROWS = [
    # release, policy, labels, annotation, never, always
    ("1.1.17", "enabled", {"app": "a"}, None, (APP,), (), NO, Reason.NEVER_SELECTOR),
    ("1.1.17", "disabled", {"app": "a"}, None, (), (BATCH, APP), YES, Reason.ALWAYS_SELECTOR),
    ("1.1.17", "disabled", {"app": "a"}, None, (APP,), (APP,), NO, Reason.NEVER_SELECTOR),
    ("1.1.17", "enabled", {"app": "a"}, "true", (APP,), (), YES, Reason.ANNOTATION_ON),
    ("1.1.17", "enabled", {"app": "a"}, "false", (), (APP,), NO, Reason.ANNOTATION_OFF),
    ("1.1.17", "enabled", {}, None, ({},), (), YES, Reason.POLICY_ENABLED),
    ("1.1.17", "enabled", {}, None, (INVALID,), (), YES, Reason.POLICY_ENABLED),
    ("1.1.17", "nonsense", {"app": "a"}, None, (), (APP,), NO, Reason.POLICY_UNKNOWN),
    ("1.11.8", "disabled", {"sidecar.istio.io/inject": "true"}, None, (), (), NO, Reason.POLICY_DISABLED),
    ("1.12.9", "disabled", {"sidecar.istio.io/inject": "true"}, None, (), (), YES, Reason.LABEL_ON),
    ("1.12.9", "enabled", {"sidecar.istio.io/inject": "false"}, "true", (), (), NO, Reason.LABEL_OFF),
    ("1.12.9", "disabled", {"sidecar.istio.io/inject": ""}, "true", (), (), NO, Reason.POLICY_DISABLED),
    ("1.26.8", "enabled", {}, "Maybe", (), (), NO, Reason.ANNOTATION_OFF),
    ("1.27.9", "enabled", {}, "Maybe", (), (), YES, Reason.POLICY_ENABLED),
    ("1.27.9", "disabled", {}, "True", (), (), NO, Reason.POLICY_DISABLED),
]


@pytest.mark.parametrize(("version", "policy", "labels", "wish", "never", "always", "inject", "reason"), LATER_ROWS)
def test_labels_and_selectors(
    version: str,
    policy: str,
    labels: dict[str, str],
    wish: str | None,
    never: tuple[Any, ...],
    always: tuple[Any, ...],
    inject: bool,
    reason: Reason,
) -> None:
    annotations = {} if wish is None else {"sidecar.istio.io/inject": wish}
    snapshot = SimpleNamespace(
        policy=policy, release=release_of(version), never_inject_selector=never, always_inject_selector=always
    )
    decision = decide({"metadata": {"labels": labels, "annotations": annotations}}, snapshot)  # type: ignore[arg-type]
    assert (decision.inject, decision.reason) == (inject, reason)


def test_a_word_without_effect_is_warned_about() -> None:
    snapshot = SimpleNamespace(
        policy="enabled", release=release_of("1.27.9"), never_inject_selector=(), always_inject_selector=()
    )
    pod = {"metadata": {"annotations": {"sidecar.istio.io/inject": "yes"}}}
    assert "'yes'" in decide(pod, snapshot).warning  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("version", "own", "expected"), [("1.0.9", "", None), ("1.1.17", "", "kube-system"), ("1.1.17", "own", "own")]
)
def test_the_namespace_of_the_request(version: str, own: str, expected: str | None) -> None:
    pod = {"metadata": {"namespace": own} if own else {}}
    filled = with_request_namespace(pod, Request(namespace="kube-system"), release_of(version))
    assert filled["metadata"].get("namespace") == expected


@pytest.mark.parametrize(
    ("version", "wish", "inject"), [("1.7.8", "false", YES), ("1.8.6", "false", NO), ("1.8.6", "", YES)]
)
def test_kube_inject(version: str, wish: str, inject: bool) -> None:
    metadata = {"annotations": {"sidecar.istio.io/inject": wish}}
    assert decide_offline(metadata, {}, release_of(version)).inject is inject


def test_host_network_comes_first() -> None:
    pod = {"metadata": {"namespace": "kube-system"}, "spec": {"hostNetwork": True}}
    assert _decide("enabled", pod).reason is Reason.HOST_NETWORK


@pytest.mark.parametrize(
    ("namespace", "inject"), [("kube-system", NO), ("kube-public", NO), ("kube-node-lease", YES), ("", YES)]
)
def test_system_namespaces(namespace: str, inject: bool) -> None:
    pod = {"metadata": {"namespace": namespace, "annotations": {"sidecar.istio.io/inject": "true"}}, "spec": {}}
    assert _decide("enabled", pod).inject is inject


def test_a_pod_without_metadata_and_spec() -> None:
    assert _decide("enabled", {}).inject
