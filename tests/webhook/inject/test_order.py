"""Where the containers of Istio stand among a pod's own."""

from __future__ import annotations

import pytest

from webhook.inject.order import in_order


def pod_of(containers: str, init: str) -> dict[str, object]:
    lists = {"containers": containers, "initContainers": init}
    return {"spec": {part: [{"name": name} for name in names.split()] for part, names in lists.items() if names}}


def names(pod: dict[str, object], part: str) -> str:
    return " ".join(item["name"] for item in pod["spec"].get(part, []))  # type: ignore[index]


@pytest.mark.parametrize(
    ("containers", "hold", "expected"),
    [
        ("app istio-proxy", False, "app istio-proxy"),
        ("istio-proxy app", False, "app istio-proxy"),
        ("app istio-proxy", True, "istio-proxy app"),
        ("app other", True, "app other"),
        ("istio-proxy app istio-proxy", False, "app istio-proxy"),
    ],
)
def test_the_proxy_is_last_unless_the_application_waits(containers: str, hold: bool, expected: str) -> None:
    assert names(in_order(pod_of(containers, ""), hold=hold), "containers") == expected


@pytest.mark.parametrize(
    ("init", "expected"),
    [
        ("", ""),
        ("istio-init own", "own istio-init"),
        ("own istio-validation", "istio-validation own"),
        ("enable-core-dump istio-init own", "own istio-init enable-core-dump"),
        ("own istio-proxy istio-init", "istio-init istio-proxy own"),
        ("own enable-core-dump istio-proxy istio-validation", "istio-validation istio-proxy enable-core-dump own"),
    ],
)
def test_the_network_is_set_up_last_or_right_before_a_native_sidecar(init: str, expected: str) -> None:
    assert names(in_order(pod_of("app", init), hold=False), "initContainers") == expected


def test_a_pod_always_has_a_list_of_containers() -> None:
    assert in_order({"spec": {}}, hold=False) == {"spec": {"containers": []}}
