"""The user that a pod sets on its istio-proxy, in the init container."""

from __future__ import annotations

from typing import Any

import pytest

from webhook.config.release import release_of
from webhook.inject.init_user import adjust_init_user
from webhook.mesh.messages import Message
from webhook.mesh.schema import PROXY_CONFIG

REDIRECT, TPROXY = Message(PROXY_CONFIG), Message(PROXY_CONFIG, {"interception_mode": 1})
RELEASE = release_of("1.23")


def adjust(init: str, user: dict[str, int], proxy: Message = REDIRECT, **annotations: str) -> dict[str, Any]:
    own = {"name": "istio-proxy", "securityContext": user}
    final = {
        "metadata": {"annotations": annotations},
        "spec": {
            "containers": [{"name": "app"}, own],
            "initContainers": [{"name": "own"}, {"name": init, "args": ["-p", "1", "-u", "1337", "-m", "-u", "x"]}],
        },
    }
    adjusted = adjust_init_user(final, {"spec": {"containers": [own]}}, proxy, RELEASE)
    found: dict[str, Any] = {item["name"]: item for part in adjusted["spec"].values() for item in part}
    return found


def test_the_argument_follows_the_user() -> None:
    found = adjust("istio-init", {"runAsUser": 5, "runAsGroup": 6})
    assert found["istio-init"] == {"name": "istio-init", "args": ["-p", "1", "-u", "5", "-m", "-u", "x"]}
    assert found["istio-proxy"]["securityContext"] == {"runAsUser": 5, "runAsGroup": 6}


def test_the_validation_container_gets_the_user_itself() -> None:
    found = adjust("istio-validation", {"runAsUser": 5, "runAsGroup": 6})
    assert found["istio-validation"]["securityContext"] == {"runAsUser": 5, "runAsGroup": 6}
    assert found["istio-validation"]["args"][3] == "5"


@pytest.mark.parametrize(("proxy", "mode"), [(TPROXY, "REDIRECT"), (REDIRECT, "TPROXY")])
def test_a_transparent_proxy_stays_root(proxy: Message, mode: str) -> None:
    found = adjust("istio-validation", {"runAsUser": 5}, proxy, **{"sidecar.istio.io/interceptionMode": mode})
    assert found["istio-proxy"]["securityContext"] == {"runAsUser": 0}
    assert "securityContext" not in found["istio-validation"]
    assert found["istio-validation"]["args"][3] == "5"


@pytest.mark.parametrize("user", [{"runAsGroup": 6}, {"runAsUser": 0}])
def test_no_user_and_root_leave_the_argument(user: dict[str, int]) -> None:
    assert adjust("istio-init", user)["istio-init"]["args"][3] == "1337"


def test_a_pod_without_word_on_the_user_is_left_alone() -> None:
    pod = {"spec": {"containers": [{"name": "istio-proxy", "securityContext": {"runAsNonRoot": True}}]}}
    assert adjust_init_user(pod, pod, REDIRECT, RELEASE) is pod
