"""The decision: policy × annotation, host network, system namespaces."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from webhook.config.release import release_of
from webhook.inject.decide import decide
from webhook.inject.outcome import Reason

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
