"""Replicas: pods that differ in the name of their token volume only get the same patch, and no other pods do."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.inject import verification
from webhook.inject.outcome import Operation, Overlay
from webhook.inject.pipeline import inject
from webhook.inject.replicas import MAX_TEXT, likeness_of, suits_replicas
from webhook.inject.settings import Settings

TEMPLATE = """
spec:
  containers:
  - name: istio-proxy
    image: proxy
  volumes:
  - name: istio-envoy
"""


def pod(random: str = "x7k2p", **container: Any) -> dict[str, Any]:
    token = f"kube-api-access-{random}"
    app = {"name": "app", "image": "app:1", **container}
    app["volumeMounts"] = [{"name": token, "mountPath": "/token"}, *container.get("volumeMounts", ())]
    return {"metadata": {"labels": {"app": "app"}}, "spec": {"volumes": [{"name": token}], "containers": [app]}}


def test_replicas_are_alike() -> None:
    assert likeness_of(pod("x7k2p")) == likeness_of(pod("00000")) != b""


@pytest.mark.parametrize(
    "other",
    [
        pod(image="app:2"),
        pod(volumeMounts=[{"name": "data", "mountPath": "/data"}]),
        {**pod(), "metadata": {}},
        pod("other-name"),
        {"spec": {"containers": [{"name": "app"}]}},
    ],
)
def test_others_are_not(other: dict[str, Any]) -> None:
    assert likeness_of(other) != likeness_of(pod())


@pytest.mark.parametrize(
    "odd",
    [
        pod(name="kube-api-access-x7k2p"),
        pod(env=[{"name": "A", "value": "kube-api-access-x7k2p"}]),
        pod(volumeDevices=[{"name": "kube-api-access-x7k2p", "devicePath": "/d"}]),
        pod(image="x" * MAX_TEXT),
        pod(image="\udcff"),
    ],
)
def test_of_some_nothing_can_be_said(odd: dict[str, Any]) -> None:
    assert likeness_of(odd) == b""


def test_a_patch_or_template_may_name_the_volume() -> None:
    shown: Operation = {"op": "add", "path": "/spec/volumes/1", "value": {"name": "kube-api-access-x7k2p"}}
    assert suits_replicas(Overlay({}, lambda: "spec:", ""), [{"op": "remove", "path": "/spec/volumes/1"}])
    assert not suits_replicas(Overlay({}, lambda: "spec:", ""), [shown])
    assert not suits_replicas(Overlay({}, lambda: "name: kube-api-access-x7k2p", ""), [])


def test_replicas_get_one_patch(configure: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "WARM_AFTER", 0)
    snapshot = configure("1.20", sidecar=TEMPLATE)
    patches = [inject(pod(f"{number:05}"), snapshot).patch for number in range(6)]
    assert patches[5] is patches[4]
    assert patches[5] == inject(pod(), snapshot, settings=Settings(fast="off")).patch
    assert inject(pod(image="app:2", ports=[]), snapshot).patch is not patches[5]


def test_pods_that_are_never_alike_are_not_compared_for_long(configure: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "WARM_AFTER", 0)
    snapshot = configure("1.20", sidecar=TEMPLATE)
    for number in range(20):
        inject(pod(image=f"app:{number}"), snapshot)
    patches = [inject(pod(), snapshot).patch for _ in range(2)]
    assert patches[0] == patches[1]
    assert patches[0] is not patches[1]
